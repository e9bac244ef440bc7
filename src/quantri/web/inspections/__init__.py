"""Inspections: programme, team, places chosen openly, visits with a checklist, findings and their answers."""
