"""Words of the pages of synthesis reports, in the reader's language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LABELS: dict[str, Promise] = {
    "direction": _("Direction and organisation"),
    "strengths": _("What stands out"),
    "limits": _("Limits"),
    "causes": _("Causes"),
    "ahead": _("Tasks ahead"),
    "proposals": _("Proposals"),
}
KINDS: dict[str, Promise] = {
    "bao-cao": _("report"),
    "cong-van": _("official letter"),
    "quyet-dinh": _("decision"),
    "bien-ban": _("minutes"),
    "thong-bao": _("notice"),
}  # kinds of documents whose template a province may replace
MODELS: dict[str, Promise] = {
    "indices.release": _("published results"),
    "plans.target": _("target of the plan"),
    "tasks.task": _("task"),
}


def trace_words(figure: dict[str, Any]) -> dict[str, Any]:
    """Say the kind of each row of a figure in the reader's language."""
    return {**figure, "rows": [{**row, "kind": MODELS.get(row["model"], row["model"])} for row in figure["rows"]]}
