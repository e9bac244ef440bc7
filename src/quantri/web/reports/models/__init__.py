"""Frozen contents of plan documents, synthesis reports, and the Word templates of provinces."""

from quantri.web.reports.models.snapshot import Snapshot
from quantri.web.reports.models.synthesis import ReportDecision, SynthesisReport, TextBlock
from quantri.web.reports.models.template import DocumentTemplate

__all__ = ["DocumentTemplate", "ReportDecision", "Snapshot", "SynthesisReport", "TextBlock"]
