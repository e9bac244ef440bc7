"""Time limits of the law that run in the demonstration: made up and marked."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from quantri.web.accounts.models import Agency
from quantri.web.core.audit import Actor
from quantri.web.deadlines.actions import rule_on
from quantri.web.deadlines.clocks import Event, start_clock
from quantri.web.places.models import Province

Told = Mapping[str, Any]


def start_limits(province: Province, told: Iterable[Told], today: date, *, by: Actor) -> None:
    """Let each run from its event, so many days ago; a clock that needs the next calendar waits for it."""
    agencies = {a.name_vi: a for a in Agency.objects.filter(province=province, is_demonstration=True, valid_to=None)}
    for row in told:
        day = today + timedelta(days=row["day"])
        moment = timezone.make_aware(datetime.combine(day, time.fromisoformat(row["time"])))
        event = Event(matter=row["matter"], moment=moment, agency=agencies[row["agency"]], is_demonstration=True)
        start_clock(rule_on(row["rule"], day, (province.key,)), event, by=by)
