"""What is counted of agencies before places are chosen: late work, silence, returned reports, last inspections."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Q, QuerySet

from quantri.web.accounts.models import Agency
from quantri.web.inspections.choosing import Risk, Share
from quantri.web.inspections.models import Visit
from quantri.web.plans.chain import line_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod
from quantri.web.tasks.rates import Piece, on_time

State = Progress.State


def last_inspections(agencies: Iterable[Agency]) -> dict[int, date]:
    """Day of the last visit that took place, by agency; those never inspected are not in it."""
    held = Visit.objects.filter(agency__in=agencies, held_on__isnull=False)
    return dict(held.order_by().values("agency").annotate(last=Max("held_on")).values_list("agency", "last"))


def risks_of(plan: Plan, agencies: Iterable[Agency], today: date) -> dict[int, Risk]:
    """Count the terms of the risk of agencies in a plan and those that it revises; queries grow with the periods."""
    keys, plans = [agency.pk for agency in agencies], line_of(plan.pk)
    late, silent, returned = _late(plans, today), _silent(plans, today), _returned(plans)
    nothing = Share(n=0, of=0)
    return {
        key: Risk(late=late.get(key, nothing), silent=silent.get(key, nothing), returned=returned.get(key, nothing))
        for key in keys
    }


def _late(plans: QuerySet[Plan], today: date) -> dict[int, Share]:
    """Count parts that were closed late or are overdue, of those that were closed or are overdue."""
    parts = Assignment.objects.filter(
        task__plan__in=plans, valid_to=None, task__ended_at=None, task__dropped_at=None
    ).with_due()
    pieces = defaultdict(list)
    for agency, due, closed_on in parts.values_list("agency", "due", "closed_on"):
        pieces[agency].append(Piece(due=due, closed_on=closed_on))
    rates = {agency: on_time(found, today) for agency, found in pieces.items()}
    return {
        agency: Share(n=rate.closed + rate.overdue_open - rate.on_time, of=rate.closed + rate.overdue_open)
        for agency, rate in rates.items()
    }


def _silent(plans: QuerySet[Plan], today: date) -> dict[int, Share]:
    """Count reports that nobody handed in, of those that were owed in periods whose cut-off has passed."""
    owed: Counter[int] = Counter()
    told: Counter[int] = Counter()
    for period in ReportingPeriod.objects.filter(plan__in=plans, cut_off_on__lt=today):
        parts = period.owed_at_cut_off(plans)
        owed.update(parts.values_list("agency", flat=True))
        handed_in = Q(reports__period=period, reports__submitted_at__isnull=False)
        told.update(parts.filter(handed_in).values_list("agency", flat=True))
    return {agency: Share(n=n - told[agency], of=n) for agency, n in owed.items()}


def _returned(plans: QuerySet[Plan]) -> dict[int, Share]:
    """Count reports that were returned at least once, of those that were handed in."""
    sent = Progress.objects.filter(period__plan__in=plans, submitted_at__isnull=False).annotate(
        times=Count("revisions")
    )
    found = sent.values_list("assignment__agency", "state", "times")
    handed_in: Counter[int] = Counter(agency for agency, _state, _times in found)
    back = Counter(agency for agency, state, times in found if state == State.RETURNED or times > 1)
    return {agency: Share(n=back[agency], of=n) for agency, n in handed_in.items()}
