"""The system is named in the reader's language wherever it acted; what is kept stays as it is."""

import ast
from pathlib import Path

import pytest
from django.template import engines
from django.utils import translation

import quantri.web
from people import signed_in
from quantri.web.core import audit
from quantri.web.core.actor_words import WORDS, actor_of, kept_as, part_of

CODE = Path(quantri.web.__file__).parent


def names_in_the_code() -> set[str]:
    """Names under which the system acts by itself."""
    found = set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_system = isinstance(node, ast.Call) and ast.unparse(node.func) in ("System", "audit.System")
            found |= {a.value for a in node.args if isinstance(a, ast.Constant)} if is_system else set()
    return found


def test_each_name_under_which_the_system_acts_has_words():
    names = names_in_the_code()
    assert len(names) > 8
    with translation.override("vi"):
        assert [name for name in sorted(names | set(WORDS)) if part_of(name) == name] == []


@pytest.mark.parametrize(("kept", "shown"), [
    ("Quantri (demonstration)", "Quantri (bản trình diễn)"), ("Quantri (manage load)", "Quantri (lệnh load)"),
    ("Sở Nội vụ", "Sở Nội vụ"), ("demonstration", "demonstration"), ("Quantri (lạ)", "Quantri (lạ)"), ("", ""),
])  # fmt: skip
def test_the_system_is_named_in_the_language_of_the_reader_and_people_as_they_are(kept, shown):
    with translation.override("vi"):
        assert actor_of(kept) == shown
    with translation.override("en"):
        assert actor_of("Quantri (demonstration)") == "Quantri (demonstration)"


def test_templates_name_the_actor_and_escape_what_was_kept():
    page = engines["django"].from_string("{{ who|actor }}")
    assert page.render({"who": "Quantri (timer)"}) == "Quantri (bộ hẹn giờ)"
    assert page.render({"who": "<b>"}) == "&lt;b&gt;"


def test_the_trail_names_the_system_and_finds_it_by_that_name(plan, coordinator):
    entry = audit.record("plan.seen", plan, by=audit.System("demonstration"))
    assert (entry.actor_name, entry.actor) == ("demonstration", "bản trình diễn")
    own = signed_in(coordinator)
    for asked in ("bản trình diễn", "demonstration"):
        page = own.get("/audit/", {"who": asked}).content.decode()
        assert "plan.seen" in page and ">bản trình diễn</td>" in page
    assert "bản trình diễn" in own.get("/audit/table.csv").content.decode()


def test_a_person_who_is_called_as_a_part_of_the_system_keeps_the_name(plan, coordinator):
    coordinator.username = "timer"
    assert audit.record("plan.seen", plan, by=coordinator).actor == "timer" and kept_as("timer") == ["timer"]
