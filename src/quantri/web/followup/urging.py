"""What is late at an agency, as words to paste into a message and as the content of an urging letter."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.accounts.models import Agency, Headship
from quantri.web.followup.owing import Owed
from quantri.web.inspections.models import Finding
from quantri.web.tasks.models import Assignment

SHOWN = 3


def short_text(agency: Agency, late: Sequence[Owed], address: str) -> str:
    """Write a message of a few lines, without anybody's name or number."""
    first = "; ".join(f"{each.title[:70]} ({date_format(each.due_on)})" for each in late[:SHOWN])
    more = _(" and %(n)s more") % {"n": len(late) - SHOWN} if len(late) > SHOWN else ""
    head = ngettext("%(agency)s: %(n)s part is late", "%(agency)s: %(n)s parts are late", len(late)) % {
        "agency": agency.name_vi, "n": len(late),
    }  # fmt: skip
    report = _("Please report:")
    return f"{head}: {first}{more}. {report} {address}"


def letter_content(
    agency: Agency, late: Sequence[Assignment], today: date, *, answers: Sequence[Finding] = ()
) -> dict[str, Any]:
    """Freeze what an urging letter says; letters are Vietnamese, and a draft has neither number nor date."""
    head = Headship.objects.on(today).filter(agency=agency).first()
    rows = [*map(_row_of_part, late), *map(_row_of_answer, answers)]
    return {
        "to": agency.name_vi, "head": str(head) if head else "", "as_of": str(today),
        "subject": "đôn đốc thực hiện nhiệm vụ quá hạn",
        "rows": [{"number": n, **row} for n, row in enumerate(rows, 1)],
    }  # fmt: skip


def _row_of_part(part: Assignment) -> dict[str, str]:
    return {
        "plan": part.task.plan.number or str(part.task.plan), "task": part.task.title,
        "part": "chủ trì" if part.part == Assignment.Part.LEAD else "phối hợp",
        "deliverable": part.deliverable or part.task.deliverable, "due_on": str(part.due),
    }  # fmt: skip


def _row_of_answer(finding: Finding) -> dict[str, str]:
    programme = finding.visit.programme
    return {
        "plan": programme.plan.number or str(programme.plan), "task": f"Trả lời phát hiện của đợt: {programme.title}",
        "part": "trả lời", "deliverable": "Văn bản trả lời kèm minh chứng", "due_on": str(finding.due_on),
    }  # fmt: skip
