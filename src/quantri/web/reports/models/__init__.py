"""Frozen contents of plan documents, synthesis reports with their files, and the Word templates of provinces."""

from quantri.web.reports.models.frozen_file import FrozenFile
from quantri.web.reports.models.snapshot import Snapshot
from quantri.web.reports.models.synthesis import ReportDecision, SynthesisReport, TextBlock
from quantri.web.reports.models.template import DocumentTemplate, ShippedTemplate

__all__ = [
    "DocumentTemplate", "FrozenFile", "ReportDecision", "ShippedTemplate", "Snapshot", "SynthesisReport", "TextBlock",
]  # fmt: skip
