"""Each action of the audit trail has words; one that is not known is shown by its code."""

import ast
from pathlib import Path

import quantri.web
from people import make_user, signed_in
from quantri.web.accounts.models import Role
from quantri.web.appraisal.models import ClassingDecision
from quantri.web.core import audit
from quantri.web.core.action_words import WORDS, words_of
from quantri.web.figures.models import FigureDecision
from quantri.web.plans.models import PublicationDecision
from quantri.web.reports.models.synthesis import ReportDecision

CODE = Path(quantri.web.__file__).parent
RECORDERS = {
    "record": 0,
    "_hear": 1,
    "_recounted": 1,
    "_remove_free": 1,
    "_decided_on": 1,
    "_removed_whole": 1,
}  # which argument is the action


def named(node: ast.AST) -> list[str]:
    """Actions that a call names in its code."""
    if not isinstance(node, ast.Call):
        return []
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    at = RECORDERS.get(name)
    if at is None or len(node.args) <= at:
        return []
    return [each.value for each in ast.walk(node.args[at]) if isinstance(each, ast.Constant) and each.value != "plan."]


def actions_in_the_code() -> set[str]:
    found = set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= {action for action in named(node) if isinstance(action, str) and not action.endswith(".")}
    for noun, kinds in (
        ("plan", PublicationDecision.Kind), ("exercise", ClassingDecision.Kind), ("synthesis", ReportDecision.Kind),
        ("figures", FigureDecision.Kind),
    ):  # fmt: skip
        found |= {f"{noun}.{kind}" for kind in kinds}
    return found


def test_each_action_of_the_code_has_words():
    found = actions_in_the_code()
    assert len(found) > 90
    assert sorted(found - set(WORDS)) == []


def test_words_without_an_action_are_taken_out():
    assert sorted(set(WORDS) - actions_in_the_code()) == []


def test_the_trail_says_what_was_done_and_an_unknown_code_as_it_is(coordinator, plan):
    audit.record("plan.dreamt", plan, by=coordinator)
    page = signed_in(coordinator).get("/en/audit/").content.decode()
    assert "plan begun" in page and "plan.dreamt" in page
    assert (words_of("plan.made") != "plan.made", words_of("plan.dreamt")) == (True, "plan.dreamt")


def test_the_history_of_a_task_says_it_too(plan, coordinator, agency):
    client = signed_in(make_user(agency, Role.COORDINATOR, "another"))
    client.post(f"/plans/{plan.pk}/tasks/", {"title": "Việc"})
    page = client.get(f"/en/plans/{plan.pk}/tasks/{plan.tasks.get().pk}/").content.decode()
    assert "task added" in page
