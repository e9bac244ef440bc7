"""Surveys: rounds of microdata, scored with their uncertainty; no respondent is kept."""
