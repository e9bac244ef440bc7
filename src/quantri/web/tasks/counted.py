"""What is counted of a task so far, also by parts that have ended and go on in another one."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet

from quantri.web.accounts.models import Agency
from quantri.web.tasks.models import Assignment, Milestone, Progress, Task

HANDED_IN = (Progress.State.SUBMITTED, Progress.State.ACCEPTED)


@dataclass(frozen=True, kw_only=True)
class Sum:
    """How far a milestone is: what is counted so far, of what is wanted."""

    milestone: Milestone
    counted: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down so that what is not finished never reads as 100."""
        return self.counted * 100 // self.milestone.wanted


@dataclass(frozen=True, kw_only=True)
class Count:
    """What a part counted of a milestone, when it was handed in, and whether the reader may read it."""

    n: int
    at: datetime | None
    is_read: bool


@dataclass(frozen=True, kw_only=True)
class Passing:
    """In which part an ended one goes on, if in any, and since when."""

    after: int | None
    at: datetime | None


Counts = Mapping[tuple[int, str], Count]  # by part and milestone


def sums(task: Task, readable: QuerySet[Progress]) -> list[Sum]:
    """Sum what the parts of a task counted, as far as a person may read it; without milestones no report is read.

    A part stands for what it counted last; what an ended part counted last is added to the part in which it goes on,
    until that one counts the milestone anew after the passing.
    """
    milestones = list(task.milestones.filter(ended_at=None))
    if not milestones:
        return []
    newest, passed = _newest(task, readable), _passed(task)
    found = Counter[str]()
    for (part, milestone), count in newest.items():
        if count.is_read and _stands(part, milestone, newest, passed):
            found[milestone] += count.n
    return [Sum(milestone=m, counted=found[str(m.pk)]) for m in milestones]


def carried(part: Assignment) -> dict[str, list[tuple[Agency, int]]]:
    """Return what stands in the sum for a part by others that went on in it, and by itself, for each milestone.

    All of it gives way to what the part counts next, so that whoever counts has to know it.
    """
    passed = _passed(part.task)
    line = [ended for ended in passed if _goes_on_in(part.pk, ended, passed)]
    if not line:
        return {}
    parts = Assignment.objects.filter(pk__in=[*line, part.pk]).select_related("agency").in_bulk()
    newest = _newest(part.task, Progress.objects.filter(assignment__in=parts))
    found: dict[str, list[tuple[Agency, int]]] = {}
    for (each, milestone), count in newest.items():
        if count.is_read and _stands(each, milestone, newest, passed):
            found.setdefault(milestone, []).append((parts[each].agency, count.n))
    return {m: counts for m, counts in found.items() if any(agency != part.agency for agency, _n in counts)}


def _goes_on_in(part: int, ended: int, passed: Mapping[int, Passing]) -> bool:
    after: int | None = ended
    while after in passed:
        after = passed[after].after
    return after == part


def _newest(task: Task, readable: QuerySet[Progress]) -> Counts:
    """Read what each part handed in last of each milestone; also what the person may not read takes another's place."""
    is_read = ExpressionWrapper(Q(pk__in=readable.order_by().values("pk")), BooleanField())
    reports = Progress.objects.filter(assignment__task=task, state__in=HANDED_IN).exclude(counts={})
    rows = reports.annotate(is_read=is_read).order_by("period__ends_on", "pk")
    return {
        (part, milestone): Count(n=n, at=at, is_read=is_read)
        for part, counts, at, is_read in rows.values_list("assignment", "counts", "submitted_at", "is_read")
        for milestone, n in counts.items()
    }


def _passed(task: Task) -> dict[int, Passing]:
    ended = task.assignments.exclude(valid_to=None).values_list("pk", "continued_in", "passed_at")
    return {part: Passing(after=after, at=at) for part, after, at in ended}


def _stands(part: int, milestone: str, newest: Counts, passed: Mapping[int, Passing]) -> bool:
    """Say whether a count is still in the sum: nobody counted anew in a part in which its own went on."""
    while part in passed:
        after, passed_at = passed[part].after, passed[part].at
        if after is None or passed_at is None:
            return False
        anew = newest.get((after, milestone))
        if anew and anew.at and anew.at >= passed_at:
            return False
        part = after
    return True
