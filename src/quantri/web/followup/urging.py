"""What an agency owes, as words to paste into a message and as the content of an urging letter."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.text import cut
from quantri.web.accounts.models import Agency, Headship
from quantri.web.followup.owing import Owed
from quantri.web.followup.silence import Silence
from quantri.web.inspections.models import Finding
from quantri.web.tasks.models import Assignment

SHOWN = 3


def short_text(agency: Agency, owed: Sequence[Owed], address: str) -> str:
    """Write a message of a few lines, without anybody's name or number."""
    first = "; ".join(f"{cut(each.title, 70)} ({date_format(each.due_on)})" for each in owed[:SHOWN])
    more = _(" and %(n)s more") % {"n": len(owed) - SHOWN} if len(owed) > SHOWN else ""
    asked = _("The period is locked; please say why nothing was reported:") if _is_over(owed) else _("Please report:")
    return f"{agency.name_vi}: {kinds_of(owed)}: {first}{more}. {asked} {address}"


def kinds_of(owed: Sequence[Owed]) -> str:
    """Count what an agency owes by its kinds."""
    parts, periods, answers = (
        sum(getattr(each, kind) is not None for each in owed) for kind in ("assignment", "period", "finding")
    )
    told = [
        (parts, ngettext("%(n)s part is late", "%(n)s parts are late", parts)),
        (periods, ngettext("reports of %(n)s period are missing", "reports of %(n)s periods are missing", periods)),
        (answers, ngettext("%(n)s answer to an inspection is late", "%(n)s answers to inspections are late", answers)),
    ]
    return ", ".join(words % {"n": n} for n, words in told if n)


def _is_over(owed: Iterable[Owed]) -> bool:
    return all(each.is_closed for each in owed)


def letter_content(
    agency: Agency, late: Sequence[Assignment], today: date, *, answers: Sequence[Finding] = (),
    silences: Sequence[Silence] = (),
) -> dict[str, Any]:  # fmt: skip
    """Freeze what an urging letter says; letters are Vietnamese, and a draft has neither number nor date."""
    head = Headship.objects.on(today).filter(agency=agency).first()
    rows = [*map(_row_of_part, late), *map(_row_of_answer, answers)]
    about = [
        *(["thực hiện nhiệm vụ quá hạn"] if rows else []), *(["báo cáo tiến độ thực hiện kế hoạch"] if silences else [])
    ]  # fmt: skip
    return {
        "to": agency.name_vi, "head": str(head) if head else "", "as_of": str(today),
        "subject": f"đôn đốc {' và '.join(about)}", "rows": _numbered(rows),
        "reports": _numbered(map(_row_of_silence, silences)),
    }  # fmt: skip


def _numbered(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"number": n, **row} for n, row in enumerate(rows, 1)]


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


def _row_of_silence(silence: Silence) -> dict[str, Any]:
    period = silence.period
    return {
        "plan": period.plan.number or str(period.plan), "period": period.name_vi, "n": silence.n,
        "due_on": str(period.cut_off_on), "is_locked": period.is_locked,
    }  # fmt: skip
