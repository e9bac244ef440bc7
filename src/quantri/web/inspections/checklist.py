"""The questions of a programme: taken from the plan's components and tasks, then written as the team wants them."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import User
from quantri.web.core import audit
from quantri.web.indices.lookup import known
from quantri.web.inspections.models import Programme, Question
from quantri.web.inspections.programmes import inspected
from quantri.web.tasks.models import Task

MOST = 200  # questions of a programme: more is no visit
STEP = 10  # between positions, so that a question can be put between two


@transaction.atomic
def take_from_plan(programme: Programme, *, by: User) -> list[Question]:
    """Ask of each task of the plan whether it is carried out, and of each owned component what is done for it.

    What is asked already, or was asked and ended, is not asked a second time.
    """
    programme = inspected(programme, by=by)
    asked = set(programme.questions.values_list("component", "task"))
    components, tasks = {code for code, task in asked if task is None}, {task for _code, task in asked}
    fresh = [q for q in _of_components(programme) if q.component not in components]
    fresh += [q for q in _of_tasks(programme) if q.task_id not in tasks]
    _must_hold(programme, len(fresh))
    first = _last_position(programme) + STEP
    for n, question in enumerate(fresh):
        question.position = first + n * STEP
    made = Question.objects.bulk_create(fresh)
    audit.record("checklist.taken_from_plan", programme, by=by, rows=audit.listed(made))
    return made


@transaction.atomic
def add_question(programme: Programme, *, component: str, text: str, by: User) -> Question:
    """Add a question at the end of the checklist."""
    programme = inspected(programme, by=by)
    _must_hold(programme, 1)
    position = _last_position(programme) + STEP
    question = Question.objects.create(programme=programme, position=position, component=component, text=text)
    audit.record("question.added", question, by=by)
    return question


@transaction.atomic
def change_question(question: Question, *, component: str, text: str, by: User) -> Question:
    """Ask in other words: the old question ends, with what was seen at it, and another stands in its place."""
    question = _standing(question, by=by)
    if (question.component, question.text) == (component, text):
        return question
    _end(question)
    changed = Question.objects.create(
        programme=question.programme, position=question.position, task=question.task, component=component, text=text
    )
    before, after = ({"component": q.component, "text": q.text} for q in (question, changed))
    audit.record("question.changed", changed, by=by, before=before, after=after)
    return changed


@transaction.atomic
def end_question(question: Question, *, by: User) -> Question:
    """Ask it no more; what was seen at it stays."""
    question = _standing(question, by=by)
    _end(question)
    audit.record("question.ended", question, by=by)
    return question


def _of_components(programme: Programme) -> list[Question]:
    plan, edition = programme.plan, known().edition(programme.plan.base_year)
    codes = {o.code for o in plan.owners.filter(valid_to=None)} | {t.code for t in plan.targets.all()}
    return [
        Question(
            programme=programme, component=c.code,
            text=_("What has been done for “%(name)s”, and what shows it?") % {"name": c.name_vi},
        )
        for c in edition.definition if c.code in codes
    ]  # fmt: skip


def _of_tasks(programme: Programme) -> list[Question]:
    return [
        Question(
            programme=programme, task=task, component=(task.components or [""])[0][:20],
            text=(_("Is “%(task)s” carried out, with its product and evidence?") % {"task": task.title})[:600],
        )
        for task in Task.objects.current().filter(plan=programme.plan)
    ]  # fmt: skip


def _standing(question: Question, *, by: User) -> Question:
    inspected(question.programme, by=by)
    question = Question.objects.select_for_update(of=("self",)).select_related("programme", "task").get(pk=question.pk)
    if question.ended_at:
        raise RuleViolation(_("This question was changed or taken out meanwhile. Look at the checklist again."))
    return question


def _end(question: Question) -> None:
    question.ended_at = timezone.now()
    question.save(update_fields=["ended_at"])


def _must_hold(programme: Programme, more: int) -> None:
    if programme.questions.standing().count() + more > MOST:
        raise RuleViolation(
            _("A checklist holds at most %(n)s questions; nobody can ask more in a visit.") % {"n": MOST}
        )


def _last_position(programme: Programme) -> int:
    return programme.questions.aggregate(last=Max("position"))["last"] or 0
