"""Frozen contents of plan documents, and the synthesis reports of a plan's periods."""

from quantri.web.reports.models.snapshot import Snapshot
from quantri.web.reports.models.synthesis import ReportDecision, SynthesisReport, TextBlock

__all__ = ["ReportDecision", "Snapshot", "SynthesisReport", "TextBlock"]
