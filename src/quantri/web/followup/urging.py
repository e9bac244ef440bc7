"""What is late at an agency, as words to paste into a message and as the content of an urging letter."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from quantri.web.accounts.models import Agency, Headship
from quantri.web.tasks.models import Assignment

SHOWN = 3


def short_text(agency: Agency, late: Sequence[Assignment], address: str) -> str:
    """Write a message of a few lines, without anybody's name or number."""
    first = "; ".join(f"{a.task.title[:70]} ({date_format(a.due)})" for a in late[:SHOWN])
    more = _(" and %(n)s more") % {"n": len(late) - SHOWN} if len(late) > SHOWN else ""
    head = ngettext("%(agency)s: %(n)s part is late", "%(agency)s: %(n)s parts are late", len(late)) % {
        "agency": agency.name_vi, "n": len(late),
    }  # fmt: skip
    report = _("Please report:")
    return f"{head}: {first}{more}. {report} {address}"


def letter_content(agency: Agency, late: Sequence[Assignment], today: date) -> dict[str, Any]:
    """Freeze what an urging letter says; letters are Vietnamese, and a draft has neither number nor date."""
    head = Headship.objects.on(today).filter(agency=agency).first()
    return {
        "to": agency.name_vi, "head": str(head) if head else "", "as_of": str(today),
        "subject": "đôn đốc thực hiện nhiệm vụ quá hạn",
        "rows": [
            {
                "number": n, "plan": a.task.plan.number or str(a.task.plan), "task": a.task.title,
                "part": "chủ trì" if a.part == Assignment.Part.LEAD else "phối hợp",
                "deliverable": a.deliverable or a.task.deliverable, "due_on": str(a.due),
            }
            for n, a in enumerate(late, 1)
        ],
    }  # fmt: skip
