"""What is at risk in a province: questions whose answers are counted in full and listed in part."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from quantri.web.accounts.models import Agency
from quantri.web.deadlines.counting import CalendarMissing, WorkingCalendar
from quantri.web.followup.windows import house_rules
from quantri.web.places.models import Province
from quantri.web.plans.chain import carried_out, line_of
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Extension, Handover, Progress

FIRST = 8  # rows of a list that a page shows


@dataclass(frozen=True, kw_only=True)
class Risk:
    """One question about what is at risk: how many there are, the first of them, and where the rest is."""

    code: str
    count: int
    rows: list[object]


class Request(NamedTuple):
    """What an agency asks about its part and waits for, in the words of one line."""

    code: str
    n: int
    key: int
    reason: str
    agency_vi: str
    agency_en: str
    task_vi: str
    task_en: str

    @property
    def agency(self) -> str:
        return self.agency_en if get_language() == "en" and self.agency_en else self.agency_vi

    @property
    def task(self) -> str:
        return self.task_en if get_language() == "en" and self.task_en else self.task_vi


def listed_apart(
    rows: QuerySet, by: str, codes: Mapping[object, str], *, told: QuerySet | None = None
) -> list[Risk]:  # fmt: skip
    """Count lists that one question finds, and give the first rows of each; `codes` names them by what `by` says.

    Where rows are many, `told` brings what they need along for the first ones alone.
    """
    place = Window(RowNumber(), partition_by=by, order_by=rows.query.order_by)
    first = list(rows.annotate(n_listed=Window(Count("pk"), partition_by=by), place=place).filter(place__lte=FIRST))
    in_full = {row.pk: row for row in first} if told is None else told.in_bulk([row.pk for row in first])
    found: dict[object, list[Any]] = {value: [] for value in codes}
    for row in first:
        found[getattr(row, by)].append(row)
    return [
        Risk(
            code=code, count=found[value][0].n_listed if found[value] else 0,
            rows=[in_full[row.pk] for row in found[value] if row.pk in in_full],
        )
        for value, code in codes.items()
    ]  # fmt: skip


def late_on(today: date) -> ExpressionWrapper:
    """Say of rows with a day whether it has passed."""
    return ExpressionWrapper(Q(due_on__lt=today), output_field=BooleanField())


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What a reader wants to see alone."""

    plan: str = ""
    kind: str = ""
    component: str = ""

    @property
    def plan_key(self) -> int | None:
        """Key of the plan that was asked for; None for all plans, or for what is no key."""
        return int(self.plan) if self.plan.isascii() and self.plan.isdigit() and len(self.plan) < 10 else None

    def of_plans(self, plans: QuerySet[Plan]) -> QuerySet[Plan]:
        return plans if self.plan_key is None else plans.filter(pk=self.plan_key)

    def of_agencies(self, rows: QuerySet) -> QuerySet:
        """Keep rows whose agency is of the kind."""
        return rows.filter(agency__kind=self.kind) if self.kind in Agency.Kind.values else rows

    def narrowed(self, parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
        if self.plan_key is not None:
            parts = parts.filter(task__plan=self.plan_key)
        return self.of_parts(parts)

    def of_parts(self, parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
        """Keep parts of the component and of agencies of the kind, of whichever plan."""
        if self.component:
            parts = parts.filter(task__components__icontains=f'"{self.component}"')
        return self.of_agencies(parts)

    def on_parts(self, rows: QuerySet) -> QuerySet:
        """Keep rows that belong to parts which a reader wants to see."""
        if self == Filters():
            return rows
        return rows.filter(assignment__in=self.narrowed(Assignment.objects.all()))


def parts_of(provinces: QuerySet[Province], filters: Filters) -> QuerySet[Assignment]:
    """Open and closed parts that stand in plans of the provinces that are carried out."""
    parts = Assignment.objects.in_force().filter(task__plan__province__in=provinces)
    return filters.narrowed(parts).select_related("task__plan", "agency")


def counted_parts(provinces: QuerySet[Province], filters: Filters) -> QuerySet[Assignment]:
    """Parts by which rates are told: also those that were closed in a plan before it was revised."""
    asked = filters.plan_key
    plans = carried_out() if asked is None else carried_out().filter(pk__in=line_of(asked).values("pk"))
    parts = Assignment.objects.filter(
        Q(task__plan__superseded_at=None) | Q(closed_on__isnull=False), valid_to=None, task__ended_at=None,
        task__dropped_at=None, task__plan__in=plans.filter(province__in=provinces),
    )  # fmt: skip
    return filters.of_parts(parts).select_related("task__plan", "agency")


def soon(today: date, calendar: WorkingCalendar) -> date:
    """Last day that counts as soon; in calendar days where no calendar is known."""
    try:
        return calendar.add_working_days(today, house_rules().due_soon)
    except CalendarMissing:
        return today + timedelta(days=house_rules().due_soon + 2)


def overdue(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    return parts.overdue(today).order_by("due", "pk")


def due_soon(parts: QuerySet[Assignment], today: date, calendar: WorkingCalendar) -> QuerySet[Assignment]:
    return parts.with_due().open().filter(due__gte=today, due__lte=soon(today, calendar)).order_by("due", "pk")


def first_due(parts: QuerySet[Assignment], today: date, until: date) -> QuerySet:
    """Give the keys of the first overdue parts and of the first that are due until a day, and whether they are late.

    Both come from one walk through the parts of a province, the longest step of the page.
    """
    dated = parts.select_related(None).with_due().open().filter(due__lte=until)
    told = dated.annotate(is_late=ExpressionWrapper(Q(due__lt=today), BooleanField()))
    place = Window(RowNumber(), partition_by="is_late", order_by=("due", "pk"))
    return told.annotate(place=place).filter(place__lte=FIRST).order_by("due", "pk").values_list("pk", "is_late")


def first_of(parts: QuerySet[Assignment], agencies: Collection[int]) -> dict[int, list[tuple[int, date | None]]]:
    """Give the first open parts of each of some agencies by their keys, with their days; those without one first."""
    dated = parts.select_related(None).with_due().open().filter(agency__in=agencies)
    place = Window(RowNumber(), partition_by="agency", order_by=(F("due").asc(nulls_first=True), "pk"))
    rows = dated.annotate(place=place).filter(place__lte=FIRST).order_by("due", "pk")
    found: dict[int, list[tuple[int, date | None]]] = {}
    for agency, key, due in rows.values_list("agency", "pk", "due"):
        found.setdefault(agency, []).append((key, due))
    return found


def undated(parts: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return parts.with_due().open().filter(due=None).order_by("pk")


def of_ended_agencies(parts: QuerySet[Assignment], today: date) -> QuerySet[Assignment]:
    return parts.with_due().open().filter(agency__valid_to__lte=today).order_by("agency__name_vi", "pk")


def undecided(provinces: QuerySet[Province], filters: Filters) -> QuerySet[Progress]:
    """Keep reports that wait for the coordinator, and those that were returned and not handed in again."""
    found = Progress.objects.filter(
        state__in=(Progress.State.SUBMITTED, Progress.State.RETURNED), period__plan__province__in=provinces
    )  # fmt: skip
    return filters.on_parts(found).order_by("submitted_at", "pk")


def requests(provinces: QuerySet[Province], filters: Filters) -> list[Risk]:
    """Count the requests of agencies that wait for an answer, and give the first of each kind, in one question."""
    own = Q(assignment__task__plan__province__in=provinces)
    asked = filters.on_parts(Extension.objects.filter(own, is_granted=None))
    handed = filters.on_parts(Handover.objects.filter(own, state=Handover.State.ASKED))
    first = _first_asked("extension", asked).union(_first_asked("handover", handed), all=True)
    found: dict[str, list[Request]] = {"extension": [], "handover": []}
    for row in sorted((Request(*row) for row in first), key=lambda request: request.key):
        found[row.code].append(row)
    return [Risk(code=code, count=rows[0].n if rows else 0, rows=rows) for code, rows in found.items()]


def _first_asked(code: str, rows: QuerySet) -> QuerySet:
    words = ("reason", "assignment__agency__name_vi", "assignment__agency__name_en", "assignment__task__title",
             "assignment__task__title_en")  # fmt: skip
    place = Window(RowNumber(), order_by="pk")
    counted = rows.order_by().annotate(code=Value(code), n_listed=Window(Count("pk")), place=place)
    return counted.filter(place__lte=FIRST).values_list("code", "n_listed", "pk", *words)


def others(
    provinces: QuerySet[Province], filters: Filters, today: date, calendar: WorkingCalendar
) -> Iterable[Risk]:  # fmt: skip
    """Ask what else is a risk, by the functions that settings.RISKS names."""
    asked = [import_string(name) for name in settings.RISKS]
    return [risk for of in asked for risk in of(provinces, filters, today, calendar)]
