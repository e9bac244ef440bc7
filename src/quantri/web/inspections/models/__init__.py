"""Programmes of inspection with their team and checklist, choices of places, visits, findings and answers."""

from quantri.web.inspections.models.finding import Answer, Attachment, Finding
from quantri.web.inspections.models.programme import INSPECTORS, Programme, Question, TeamMember
from quantri.web.inspections.models.publication import OutcomePublication
from quantri.web.inspections.models.visit import Check, Choice, Visit

__all__ = [
    "INSPECTORS", "Answer", "Attachment", "Check", "Choice", "Finding", "OutcomePublication", "Programme", "Question",
    "TeamMember", "Visit",
]  # fmt: skip
