"""Names and choices in the trail are said in the reader's language, and a checksum does not widen the table."""

import ast
from pathlib import Path

import pytest
from django.utils import timezone, translation

import quantri.web
from people import SYSTEM, signed_in
from quantri.web.core import audit
from quantri.web.core.changes import changes_of, notes_of
from quantri.web.core.field_words import FIELDS, IN_ORDER, LONE
from quantri.web.core.models import AuditEntry
from quantri.web.core.templatetags.history import foldable
from quantri.web.plans.actions import set_owners, set_target
from quantri.web.plans.words import set_words

CODE = Path(quantri.web.__file__).parent


def names_in_the_code() -> set[str]:
    """Names of what actions note beside who did it and what was before and after."""
    found = set()
    for path in CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "record":
                found |= {keyword.arg for keyword in node.keywords if keyword.arg}
    return found - {"by", "before", "after", "scope"}


def fields_in_the_code() -> set[str]:
    """Names of fields that actions keep as before and after, as far as they are written out where it is recorded."""
    found = set()
    for path in CODE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        functions = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        for function in functions.values():
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record":
                    told = [keyword.value for keyword in node.keywords if keyword.arg in ("before", "after")]
                    found |= {name for value in told for name in names_of(value, function, functions)}
    return found


def names_of(value: ast.AST, function: ast.AST, functions: dict[str, ast.FunctionDef]) -> set[str]:
    """Keys of the mappings of a value, also of those that it calls by name or by function."""
    used = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
    given = [a.value for a in ast.walk(function) if isinstance(a, ast.Assign) and used & bound(a)]
    called = [functions[n.id] for v in (value, *given) for n in ast.walk(v) if getattr(n, "id", "") in functions]
    mappings = [node for v in (value, *given, *called) for node in ast.walk(v) if isinstance(node, ast.Dict)]
    return {key.value for mapping in mappings for key in mapping.keys if isinstance(key, ast.Constant)}


def bound(assignment: ast.Assign) -> set[str]:
    return {node.id for target in assignment.targets for node in ast.walk(target) if isinstance(node, ast.Name)}


def said(action: str) -> tuple[list[str], dict[str, str]]:
    """What the newest entry of an action shows: its changes as lines, its notes by name."""
    entry = AuditEntry.objects.filter(action=action).first()
    return [f"{c.field}: {c.before} → {c.after}" for c in changes_of(entry)], dict(notes_of(entry))


def test_each_name_that_an_action_notes_has_words():
    found = names_in_the_code()
    assert len(found) > 40 and sorted(found - set(FIELDS)) == []
    with translation.override("vi"):
        foreign = [name for name, words in FIELDS.items() if str(words) == name.replace("_", " ")]
    assert foreign == []


def test_each_field_that_is_written_out_as_before_and_after_has_words():
    found = fields_in_the_code()
    assert {"sheet", "n", "public", "held_on"} <= found and sorted(found - set(FIELDS)) == []


def test_what_was_left_empty_is_not_noted(plan, coordinator):
    audit.record("plan.withdraw", plan, by=coordinator, reason="", superseded=None, tasks=[], on_time=False, sessions=0)
    assert said("plan.withdraw")[1] == {"đúng hạn": "không", "số phiên đăng nhập": "0"}


def test_a_list_of_keys_that_an_old_entry_holds_is_told_by_its_number(plan, coordinator):
    audit.record("part.given_to_all", plan, by=coordinator, agencies=[24, 25, 26])
    assert said("part.given_to_all")[1] == {"các cơ quan": "3"}


def test_a_value_alone_and_values_in_order_mean_fields_that_have_words():
    assert {*LONE.values()} <= set(FIELDS)
    assert all(len(names) == n for (_action, n), names in IN_ORDER.items())


def test_choices_of_a_field_are_said_in_words(plan, agency, coordinator):
    set_owners(plan, "D1", [agency], by=coordinator)
    assert said("owner.added")[0] == ["vai trò: trống → chủ trì"]


def test_a_target_is_said_as_it_would_be_typed(plan, coordinator):
    set_target(plan, "D4", priority="hold", spec="keep", by=coordinator)
    entry = AuditEntry.objects.filter(action="target.set").first()
    changes, _notes = said("target.set")
    assert changes[-1] == "mục tiêu: trống → giữ" and entry.about == "D4 giữ" and entry.subject_name == "D4 keep"
    with translation.override("en"):
        assert entry.about == "D4 keep"


def test_fields_without_a_form_have_words(plan, coordinator):
    set_words(plan, "legal_bases", ["Nghị định"], by=coordinator)
    changes, notes = said("plan.worded")
    assert changes == ["căn cứ ban hành: trống → Nghị định"] and notes == {}
    audit.record("finding.answered", plan, by=SYSTEM, due_on="2026-12-04", was_late=False, shows_chances=True)
    assert said("finding.answered")[1] == {"thời hạn": "4/12/2026", "trễ hạn": "không", "công khai khả năng đạt": "có"}


@pytest.mark.parametrize(("kept", "vi", "en"), [
    ("2026-11-29", "29/11/2026", "29 Nov 2026"), (["2026-11-29", None], "29/11/2026; trống", "29 Nov 2026; empty"),
    ({"from": "2026-01-02"}, "from: 2/1/2026", "from: 2 Jan 2026"),
    ("2026-09-17T09:00:00+07:00", "09:00 17/9/2026", "17 Sep 2026, 09:00"),
    ("2026-09-17 20:30:00.123456+00:00", "03:30 18/9/2026", "18 Sep 2026, 03:30"),
    ("2026-09-17T09:00:00", "09:00 17/9/2026", "17 Sep 2026, 09:00"),
    ("2026-02-30", "2026-02-30", "2026-02-30"), ("0001-01-01T00:00:00+14:00",) * 3, ("20261129",) * 3,
    ("2026-W48-7",) * 3, ("từ 2026-11-29",) * 3, ("2026-11-29\n", "2026-11-29\n", "2026-11-29\n"), (20261129,) * 3,
])  # fmt: skip
def test_a_whole_day_or_moment_is_written_as_its_reader_writes_it(plan, coordinator, kept, vi, en):
    entry = audit.record("plan.seen", plan, by=coordinator, day=kept)
    for language, told in (("vi", vi), ("en", en)):
        with translation.override(language):
            assert notes_of(entry)[0][1] == str(told)
    assert AuditEntry.objects.get(pk=entry.pk).details == {"day": kept}


def test_days_are_written_in_changes_too_and_in_files(plan, coordinator):
    audit.record("part.extended", plan, by=coordinator, before="2026-11-29", after="2026-12-04")
    assert said("part.extended")[0] == ["thời hạn: 29/11/2026 → 4/12/2026"]
    shown = signed_in(coordinator).get("/audit/").content.decode()
    assert "<del>29/11/2026</del> → <ins>4/12/2026</ins>" in shown
    assert "29/11/2026 → 4/12/2026" in signed_in(coordinator).get("/audit/table.csv").content.decode()


def test_a_text_that_was_typed_stays_as_it_is_even_where_it_looks_like_a_day():
    entry = AuditEntry(action="places.chosen", subject="inspections.choice", details={"seed": "2026-01-02"})
    assert notes_of(entry) == [("mầm ngẫu nhiên", "2026-01-02")]  # with another seed the choice could not be made again


def test_rows_of_a_bulk_action_are_told_by_their_names(plan, coordinator):
    audit.record(
        "tasks.added", plan, by=coordinator, rows=[["tasks.task", "7", "Họp dân"], ["tasks.task", "8", "Tập huấn"]]
    )
    assert said("tasks.added")[1] == {"các dòng": "Họp dân; Tập huấn"}


@pytest.mark.parametrize("name", ["nothing.known", "plans.nothing", ""])
def test_a_kind_that_is_not_known_shows_what_was_kept(name, plan, coordinator):
    entry = AuditEntry(
        action="x", subject=name, subject_name="D4 keep", details={"odd_name": "keep"}, at=timezone.now()
    )
    assert (entry.about, notes_of(entry)) == ("D4 keep", [("odd name", "keep")])


def test_a_checksum_can_break_and_stays_whole(plan, coordinator):
    digest = "0123456789abcdef" * 4
    audit.record("plan.frozen", plan, by=coordinator, sha256=digest)
    shown = signed_in(coordinator).get("/audit/").content.decode()
    assert digest not in shown and digest in shown.replace("<wbr>", "")
    assert foldable("<b>") == "&lt;b&gt;" and foldable("") == ""
