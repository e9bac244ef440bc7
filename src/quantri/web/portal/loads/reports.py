"""Reports of agencies on their parts, with what was handed in each time."""

from collections.abc import Iterator, Sequence

from django.utils import timezone

from quantri.web.portal.loads.agencies import MARK
from quantri.web.portal.loads.sizes import ROWS, Load, batches
from quantri.web.tasks.models import Assignment, Progress, ReportingPeriod, Revision

TEXT = f"Đã triển khai, đang thực hiện {MARK}"
SHARE_AGAIN = 0.1  # handed in a second time
State = Progress.State


def fill_reports(load: Load, parts: Sequence[Assignment], periods: Sequence[ReportingPeriod], count: int) -> None:
    """Report on parts, the earlier periods first, until there are so many reports."""
    pairs = ((part, period) for period in periods for part in parts)
    for made in batches(_report(load, *pair) for _n, pair in zip(range(count), pairs, strict=False)):
        Progress.objects.bulk_create(made, batch_size=ROWS)
        for revisions in batches(revision for report in made for revision in _revisions(load, report)):
            Revision.objects.bulk_create(revisions, batch_size=ROWS)
        load.reports += len(made)


def _report(load: Load, part: Assignment, period: ReportingPeriod) -> Progress:
    drawn = load.draw.random()
    fresh = State.SUBMITTED if drawn < 0.7 else State.RETURNED if drawn < 0.8 else State.DRAFT
    now = timezone.now()
    state = State.ACCEPTED if period.is_locked else fresh
    is_sent = state != State.DRAFT
    return Progress(
        assignment=part, period=period, state=state, text=TEXT, mark=1, value=load.draw.randint(0, 100), unit="%",
        submitted_at=now if is_sent else None, submitted_by=MARK if is_sent else "",
        decided_at=now if state in (State.ACCEPTED, State.RETURNED) else None,
    )  # fmt: skip


def _revisions(load: Load, report: Progress) -> Iterator[Revision]:
    if report.state == State.DRAFT:
        return
    for n in range(1, 3 if load.draw.random() < SHARE_AGAIN else 2):
        yield Revision(progress=report, number=n, content={"text": TEXT}, submitted_by=MARK)
