"""Findings of visits with the clocks of their answers, as sending them starts these; half of them are answered."""

from collections.abc import Sequence
from datetime import timedelta

from quantri.web.deadlines import calendars
from quantri.web.deadlines.clocks import SetLimit, count_new, set_clock
from quantri.web.deadlines.counting import Limit, Unit
from quantri.web.deadlines.models import Clock
from quantri.web.inspections.models import Answer, Finding, Visit
from quantri.web.portal.loads.agencies import MARK
from quantri.web.portal.loads.sizes import ROWS, Load, morning

FINDINGS = 2  # of a visit


def fill_findings(load: Load, visits: Sequence[Visit]) -> None:
    """Make the findings of visits, each with its clock; every second one has an answer, which ended the clock."""
    found = Finding.objects.bulk_create(
        [_finding(visit, n) for visit in visits for n in range(1, FINDINGS + 1)], batch_size=ROWS
    )
    calendar = calendars.current()
    clocks = [count_new(_clock(finding), calendar) for finding in found]
    for finding, clock in zip(found, clocks, strict=True):
        finding.first_due_on = finding.due_on = clock.due_on
    answered = [pair for pair in zip(found, clocks, strict=True) if pair[1].due_on][1::2]
    answers = [_answer(load, *pair, n) for n, pair in enumerate(answered)]
    Finding.objects.bulk_update(found, ["first_due_on", "due_on", "settled_on"], batch_size=ROWS)
    Clock.objects.bulk_create(clocks, batch_size=ROWS)
    Answer.objects.bulk_create(answers, batch_size=ROWS)


def _finding(visit: Visit, n: int) -> Finding:
    return Finding(
        visit=visit, agency_id=visit.agency_id, text=f"Phát hiện {n} {MARK}", recommendation=f"Khắc phục {MARK}",
        answer_days=visit.programme.answer_days, made_by=MARK,
    )  # fmt: skip


def _clock(finding: Finding) -> Clock:
    visit = finding.visit
    limit = Limit(amount=finding.answer_days, unit=Unit.WORKING_DAY)
    told = SetLimit(name=f"Trả lời phát hiện kiểm tra {MARK}", limit=limit, document=visit.programme.decision_number)
    return set_clock(finding, told, visit.sent_at, agency=visit.agency)


def _answer(load: Load, finding: Finding, clock: Clock, n: int) -> Answer:
    """Answer some days after the findings were sent; every second answer is accepted at once."""
    day = min(finding.visit.held_on + timedelta(days=load.draw.randint(1, 25)), load.today)
    is_accepted = n % 2 == 1
    clock.stopped_on, finding.settled_on = day, day if is_accepted else None
    return Answer(
        finding=finding, text=f"Đã khắc phục {MARK}", due_on=finding.due_on, answered_at=morning(day),
        answered_by=MARK, verdict=Answer.Verdict.ACCEPTED if is_accepted else "",
        decided_at=morning(day) if is_accepted else None, decided_by=MARK * is_accepted,
    )  # fmt: skip
