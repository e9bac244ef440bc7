"""A site filled with made rows, in a database of its own: the tests' database has a plan already."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quantri.web.accounts.models import User
from quantri.web.appraisal.parsing import sheet_of
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.portal.loads.agencies import MARK
from quantri.web.tasks.models import Task

pytestmark = pytest.mark.own_site
ROOT = Path(__file__).resolve().parents[3]
SMALL = ("--seed=1", "--provinces=2", "--communes=3", "--departments=2", "--officers=1", "--plans=1", "--tasks=20",
         "--reports=30", "--audit=40")  # fmt: skip


WORDS = {
    "appraisal_exercise": "title", "appraisal_line": "evidence", "appraisal_appeal": "reason",
    "inspections_programme": "title", "inspections_question": "text", "inspections_choice": "made_by",
    "inspections_check": "note", "inspections_finding": "text", "inspections_answer": "text",
    "deadlines_clock": "subject_name", "figures_figuresheet": "source", "figures_figure": "note",
}  # fmt: skip
DRAWN = {
    "tasks_assignment": "task_id, agency_id, part, closed_on",
    "appraisal_entry": "agency_id, handed_in_at, appraised_at",
    "appraisal_line": "entry_id, code, self_points, points",
    "appraisal_appeal": "entry_id, answered_at",
    "inspections_visit": "agency_id, visit_on, sent_at",
    "inspections_check": "visit_id, question_id, outcome",
    "inspections_answer": "finding_id, answered_at, verdict",
    "deadlines_clock": "subject_key, agency_id, due_on, stopped_on",
    "figures_figure": "sheet_id, unit_id, value",
}


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUANTRI_")}
    environment |= {"QUANTRI_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT / "src"), "QUANTRI_LANGUAGE": "en"}
    command = [sys.executable, "-m", "quantri.web", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def _loaded(folder: Path) -> Path:
    done = manage(folder, "make_load", *SMALL)
    assert done.returncode == 0, done.stderr[-2000:]
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("empty")
    done = manage(made, "migrate", "-v0")
    assert done.returncode == 0, done.stderr[-2000:]
    return made


@pytest.fixture(scope="module")
def folder(empty, tmp_path_factory) -> Path:
    return _loaded(Path(shutil.copytree(empty, tmp_path_factory.mktemp("load"), dirs_exist_ok=True)))


@pytest.fixture
def rows(folder) -> Iterator[sqlite3.Connection]:
    database = sqlite3.connect(folder / "quantri.sqlite3")
    yield database
    database.close()


def _one(rows: sqlite3.Connection, question: str) -> int:
    return rows.execute(question).fetchone()[0]


def test_a_load_has_the_sizes_that_were_asked_for(rows):
    tables = {"accounts_agency": 2 * 6, "plans_plan": 2, "tasks_task": 20, "tasks_progress": 30}
    assert {name: _one(rows, f"SELECT count(*) FROM {name}") for name in tables} == tables  # noqa: S608
    assert _one(rows, "SELECT count(*) FROM core_auditentry WHERE subject = 'tasks.task'") == 40


def test_each_province_has_a_classing_programmes_with_visits_and_figures(rows):
    measures, findings = _one(rows, "SELECT count(*) FROM figures_measure"), 2 * 2 * 2  # provinces, visits, of each
    asked = _one(rows, "SELECT count(*) FROM inspections_finding WHERE due_on IS NOT NULL")  # a calendar may be missing
    tables = {
        "appraisal_exercise": 2, "appraisal_entry": 2 * 5, "inspections_programme": 2, "inspections_visit": 2 * 5,
        "inspections_finding": findings, "deadlines_clock": findings, "inspections_answer": asked // 2,
        "figures_figuresheet": 2 * 4 * measures, "figures_figure": 2 * 4 * measures * 3,
    }  # fmt: skip
    assert {name: _one(rows, f"SELECT count(*) FROM {name}") for name in tables} == tables  # noqa: S608


def test_each_line_of_the_sheet_has_points_where_an_agency_handed_in(rows):
    handed_in = _one(rows, "SELECT count(*) FROM appraisal_entry WHERE handed_in_at IS NOT NULL")
    lines = len(sheet_of(example_sheet(), "").lines)
    assert handed_in > 0 and _one(rows, "SELECT count(*) FROM appraisal_line") == handed_in * lines
    of_others = "SELECT count(*) FROM appraisal_appeal a JOIN appraisal_entry e ON e.id = a.entry_id"
    assert _one(rows, f"{of_others} WHERE e.appraised_at IS NULL") == 0


def test_an_answer_ends_the_clock_of_its_finding_and_no_other(rows):
    days = "SELECT f.id, f.due_on, c.due_on FROM inspections_finding f JOIN deadlines_clock c ON c.subject_key = f.id"
    found = rows.execute(days).fetchall()
    assert found and all(due == counted for _key, due, counted in found)
    ended = rows.execute("SELECT subject_key FROM deadlines_clock WHERE stopped_on IS NOT NULL").fetchall()
    answered = rows.execute("SELECT finding_id FROM inspections_answer").fetchall()
    assert {int(key) for (key,) in ended} == {key for (key,) in answered}


def test_what_a_load_makes_is_marked_and_nobody_can_sign_in(rows):
    for table in (
        "accounts_agency",
        "plans_plan",
        "appraisal_exercise",
        "inspections_programme",
        "figures_figuresheet",
    ):
        assert _one(rows, f"SELECT min(is_demonstration) FROM {table}") == 1  # noqa: S608
    for table, column in WORDS.items():
        told = [words for (words,) in rows.execute(f"SELECT {column} FROM {table}")]  # noqa: S608
        assert told and all(MARK in words for words in told), table
    assert _one(rows, "SELECT count(*) FROM accounts_user WHERE password NOT LIKE '!%'") == 0


def test_what_was_handed_in_has_a_revision_and_a_draft_has_none(rows):
    sent = rows.execute("SELECT DISTINCT progress_id FROM tasks_revision").fetchall()
    asked = rows.execute("SELECT id FROM tasks_progress WHERE state <> 'draft'").fetchall()
    assert set(sent) == set(asked)


def test_the_chain_of_a_loaded_trail_holds(folder):
    assert manage(folder, "verify_audit").returncode == 0


def test_the_same_seed_makes_the_same_rows(rows, empty):
    with closing(sqlite3.connect(_loaded(empty) / "quantri.sqlite3")) as again:
        for table, columns in DRAWN.items():
            asked = f"SELECT {columns} FROM {table} ORDER BY id"  # noqa: S608
            assert rows.execute(asked).fetchall() == again.execute(asked).fetchall() != [], table


def test_a_second_load_is_refused(folder):
    done = manage(folder, "make_load", *SMALL)
    assert done.returncode != 0
    assert "choose an empty one" in done.stderr


def test_a_database_with_people_is_refused_and_stays_as_it_is(db, coordinator):
    before = User.objects.count(), Task.objects.count()
    with pytest.raises(CommandError):
        call_command("make_load", *SMALL)
    assert (User.objects.count(), Task.objects.count()) == before
