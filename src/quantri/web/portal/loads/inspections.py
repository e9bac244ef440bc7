"""A programme of inspection of a plan: its questions, the places drawn at random, the visits and what was seen."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta

from quantri.web.inspections.choosing import Candidate, choose
from quantri.web.inspections.models import Check, Choice, Programme, Question, Visit
from quantri.web.plans.models import Plan
from quantri.web.portal.loads.agencies import MARK
from quantri.web.portal.loads.findings import fill_findings
from quantri.web.portal.loads.sizes import ROWS, Bodies, Load, batches, morning

QUESTIONS, VISITS = 10, 40  # of a programme; fewer visits where there are fewer agencies
ANSWER_DAYS = 15
DAYS = 60  # visits lie so far from today at most


def fill_programme(load: Load, plan: Plan, bodies: Bodies) -> None:
    """Make a programme; of three visits one has findings, one found nothing, and one lies ahead."""
    programme = Programme.objects.create(
        plan=plan, title=f"Chương trình kiểm tra của {plan.title}", decision_number=f"{plan.number}-KT",
        decided_on=plan.issued_on, starts_on=load.today - timedelta(days=2 * DAYS),
        ends_on=load.today + timedelta(days=2 * DAYS), answer_days=ANSWER_DAYS, made_by=MARK, is_demonstration=True,
    )  # fmt: skip
    questions = Question.objects.bulk_create(
        [Question(programme=programme, position=n, text=f"Câu hỏi {n} {MARK}") for n in range(1, QUESTIONS + 1)]
    )
    visits = Visit.objects.bulk_create(list(_visits(load, _choice(load, programme, bodies))), batch_size=ROWS)
    held = [visit for visit in visits if visit.is_held]
    for checks in batches(_check(load, visit, question) for visit in held for question in questions):
        Check.objects.bulk_create(checks, batch_size=ROWS)
    fill_findings(load, visits[::3])


def _choice(load: Load, programme: Programme, bodies: Bodies) -> Choice:
    seed = f"{load.draw.getrandbits(64):016x}"
    able = [Candidate(key=agency.pk, name=agency.name_vi) for agency in bodies.others]
    found = choose(able, method=Choice.Method.RANDOM, wanted=VISITS, seed=seed)
    return Choice.objects.create(
        programme=programme, method=Choice.Method.RANDOM, wanted=VISITS, seed=seed, made_by=MARK,
        chosen_on=programme.starts_on, candidates=[asdict(each) for each in found],
    )  # fmt: skip


def _visits(load: Load, choice: Choice) -> Iterator[Visit]:
    taken: Sequence[int] = [each["key"] for each in choice.candidates if each["taken"]]
    for n, agency in enumerate(taken):
        is_held, away = n % 3 < 2, timedelta(days=load.draw.randint(1, DAYS))
        day = load.today - away if is_held else load.today + away
        yield Visit(
            programme=choice.programme, agency_id=agency, choice=choice, visit_on=day,
            announced_at=morning(min(day, load.today) - timedelta(days=7)), held_on=day if is_held else None,
            sent_at=morning(day) if is_held else None, sent_by=MARK if is_held else "",
        )  # fmt: skip


def _check(load: Load, visit: Visit, question: Question) -> Check:
    return Check(
        visit=visit, question=question, outcome=load.draw.choice(Check.Outcome.values), note=MARK,
        checked_at=morning(visit.held_on), checked_by=MARK,
    )  # fmt: skip
