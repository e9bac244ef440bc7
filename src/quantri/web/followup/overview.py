"""What is at risk, gathered for a page: counts in full, the first rows of each list."""

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, QuerySet

from quantri.web.deadlines.counting import WorkingCalendar
from quantri.web.followup import risks, silence
from quantri.web.followup.risks import FIRST, Filters, Risk, listed_apart
from quantri.web.followup.tallies import Tally, tallies, total, with_people
from quantri.web.places.models import Province
from quantri.web.plans.models import ComponentOwner, Plan
from quantri.web.tasks.models import Assignment, Progress
from quantri.web.tasks.rates import OnTime

Keys = tuple[str, int, list[int]]  # a list of what is at risk: its code, how many there are, keys of the first


def overview_of(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> tuple[OnTime, list[Risk]]:
    """Ask everything that may be at risk; what is nowhere is left out."""
    parts, soon = risks.parts_of(provinces, filters), risks.soon(today, calendar)
    counted = tallies(risks.counted_parts(provinces, filters), today, soon)
    found = [
        *_of_parts(parts, counted, today, soon),
        *_of_reports(provinces, filters),
        *risks.requests(provinces, filters), silence.at_risk(provinces, filters, today, calendar),
        *risks.others(provinces, filters, today, calendar),
    ]  # fmt: skip
    return total(counted), [risk for risk in found if risk.count]


def _of_parts(parts: QuerySet[Assignment], counted: list[Tally], today: date, soon: date) -> list[Risk]:
    """Find the first parts of each list by their keys; only what is shown is told in full, in one question."""
    found = [*_by_day(parts, counted, today, soon), *_faults(parts, counted, today)]
    shown = Assignment.objects.filter(pk__in={key for _code, _count, keys in found for key in keys})
    rows = {row.pk: row for row in shown.with_due().select_related("task__plan", "agency")}
    return [Risk(code=code, count=n, rows=[rows[key] for key in keys if key in rows]) for code, n, keys in found]


def _by_day(parts: QuerySet[Assignment], counted: list[Tally], today: date, soon: date) -> Iterator[Keys]:
    late, near = sum(each.overdue_open for each in counted), sum(each.due_soon for each in counted)
    rows = list(risks.first_due(parts, today, soon)) if late or near else []
    yield "overdue", late, [key for key, is_late in rows if is_late]
    yield "due-soon", near, [key for key, is_late in rows if not is_late]


def _faults(parts: QuerySet[Assignment], counted: list[Tally], today: date) -> Iterator[Keys]:
    """Look for the first parts in the first agencies that have a fault: few, and parts are found by their agency."""
    staffed = with_people(counted, today)
    having = {
        "ended": {each.agency: each.open for each in counted if each.open and each.is_ended(today)},
        "undated": {each.agency: each.undated for each in counted if each.undated},
        "nobody": {each.agency: each.open for each in counted if each.open and each.agency not in staffed},
    }
    first = {code: sorted(counts)[:FIRST] for code, counts in having.items()}
    asked = {key for keys in first.values() for key in keys}
    rows = risks.first_of(parts, asked) if asked else {}
    for code, counts in having.items():
        kept = [key for agency in first[code] for key, due in rows.get(agency, ()) if due is None or code != "undated"]
        yield code, sum(counts.values()), kept[:FIRST]


def _of_reports(provinces: QuerySet[Province], filters: Filters) -> list[Risk]:
    kept = risks.undecided(provinces, filters).only("state")
    codes = {Progress.State.SUBMITTED: "waiting", Progress.State.RETURNED: "returned"}
    return listed_apart(kept, "state", codes, told=Progress.objects.with_parts())


def of_plans(provinces: QuerySet[Province]) -> list[tuple[Plan, int]]:
    """Plans in force, each with how many components have a lead that stands."""
    plans = Plan.objects.in_force().filter(province__in=provinces)
    led = ComponentOwner.objects.standing().filter(plan__in=plans, part=ComponentOwner.Part.LEAD)
    owned = dict(led.order_by().values("plan").annotate(n=Count("code", distinct=True)).values_list("plan", "n"))
    return [(plan, owned.get(plan.pk, 0)) for plan in plans]
