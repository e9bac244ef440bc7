"""Words of the pages of synthesis reports, in the reader's language."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from quantri.web.reports.synthesis_text import keys_of_contents

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
    "accounts.headship": _("head of an agency"),
    "inspections.programme": _("programme of inspections"),
    "inspections.visit": _("visit of an inspection"),
    "inspections.finding": _("finding"),
    "figures.figuresheet": _("sheet of figures"),
    "appraisal.entry": _("class of an agency"),
}


def label_of(key: str, content: dict[str, Any]) -> str:
    """Name a text in the reader's language; one about a single content with that content."""
    if key in LABELS:
        return str(LABELS[key])
    section, found = keys_of_contents(content)[key]
    return f"{LABELS[section]}: {found['code']}. {found['name']}"


def trace_words(figure: dict[str, Any]) -> dict[str, Any]:
    """Say the kind of each row of a figure in the reader's language."""
    return {**figure, "rows": [{**row, "kind": MODELS.get(row["model"], row["model"])} for row in figure["rows"]]}
