"""By when reports are sent: the model of the package until the province sets days of its own."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.deadlines.actions import keeps_calendar
from quantri.web.deadlines.models import SendingDays
from quantri.web.deadlines.periods import Period, Sending, kinds, model_sending, periods_of


def sendings() -> tuple[Sending, ...]:
    """Give the days that the province set, by the day from which they hold; one query."""
    return tuple(
        Sending(
            valid_from=row.valid_from, units_until=row.units_until, province_until=row.province_until,
            document=row.document,
        )
        for row in SendingDays.objects.all()
    )  # fmt: skip


def periods(kind: str, year: int) -> tuple[Period, ...]:
    """Report periods of a kind in a year, with the days of sending that the province set."""
    return periods_of(kind, year, sendings())


def all_periods(year: int) -> list[Period]:
    """Report periods of every kind in a year; one query."""
    known = sendings()
    return [period for kind in kinds() for period in periods_of(kind, year, known)]


@transaction.atomic
def set_sending_days(
    valid_from: date, *, units_until: int, province_until: int, document: str, by: User
) -> SendingDays:  # fmt: skip
    """Set the days of a period's last month by which units and the province send, from a day on."""
    if not keeps_calendar(by):
        raise PermissionDenied
    if province_until < units_until:
        raise RuleViolation(_("The province cannot send before the units do."))
    before = (SendingDays.objects.filter(valid_from__lte=valid_from).last()) or model_sending()
    try:
        with transaction.atomic():
            row = SendingDays.objects.create(
                valid_from=valid_from, units_until=units_until, province_until=province_until, document=document,
                made_by=str(by),
            )  # fmt: skip
    except IntegrityError:
        raise RuleViolation(_("Days that hold from that day on are set already. Choose another day.")) from None
    audit.record("sending_days.set", row, by=by, before=_days(before), after=_days(row) | {"document": document})
    return row


def _days(found: SendingDays | Sending) -> dict[str, int]:
    return {"units_until": found.units_until, "province_until": found.province_until}
