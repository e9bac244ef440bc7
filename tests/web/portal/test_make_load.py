"""A site filled with made rows, in a database of its own: the tests' database has a plan already."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from quantri.web.accounts.models import User
from quantri.web.tasks.models import Task

ROOT = Path(__file__).resolve().parents[3]
SMALL = ("--seed=1", "--provinces=2", "--communes=3", "--departments=2", "--officers=1", "--plans=1", "--tasks=20",
         "--reports=30", "--audit=40")  # fmt: skip


def manage(folder: Path, *words: str) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("QUANTRI_")}
    environment |= {"QUANTRI_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT / "src"), "QUANTRI_LANGUAGE": "en"}
    command = [sys.executable, "-m", "quantri.web", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("load")
    for words in (("migrate", "-v0"), ("make_load", *SMALL)):
        done = manage(made, *words)
        assert done.returncode == 0, done.stderr[-2000:]
    return made


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


def test_what_a_load_makes_is_marked_and_nobody_can_sign_in(rows):
    assert _one(rows, "SELECT min(is_demonstration) FROM accounts_agency") == 1
    assert _one(rows, "SELECT min(is_demonstration) FROM plans_plan") == 1
    assert _one(rows, "SELECT count(*) FROM accounts_user WHERE password NOT LIKE '!%'") == 0


def test_what_was_handed_in_has_a_revision_and_a_draft_has_none(rows):
    sent = rows.execute("SELECT DISTINCT progress_id FROM tasks_revision").fetchall()
    asked = rows.execute("SELECT id FROM tasks_progress WHERE state <> 'draft'").fetchall()
    assert set(sent) == set(asked)


def test_the_chain_of_a_loaded_trail_holds(folder):
    assert manage(folder, "verify_audit").returncode == 0


def test_a_second_load_is_refused(folder):
    done = manage(folder, "make_load", *SMALL)
    assert done.returncode != 0
    assert "choose an empty one" in done.stderr


def test_a_database_with_people_is_refused_and_stays_as_it_is(db, coordinator):
    before = User.objects.count(), Task.objects.count()
    with pytest.raises(CommandError):
        call_command("make_load", *SMALL)
    assert (User.objects.count(), Task.objects.count()) == before
