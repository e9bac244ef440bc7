"""The whole web suite again on a real PostgreSQL server of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import races
from database_server import running_server
from many_at_once import check

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.needs("postgres")
HERE = Path(__file__).parent
ALL = sorted(p for p in HERE.iterdir() if any(p.glob("test_*.py")) or p.match("test_*.py"))
ELSEWHERE = {"test_server.py", Path(__file__).name}  # what starts sites and servers of its own
SHARES = [[str(p) for p in ALL if p.name not in ELSEWHERE][n::6] for n in range(6)]  # so that two workers help


@pytest.fixture
def database_url() -> Iterator[str]:
    with running_server() as address:
        yield address


@pytest.fixture(scope="module")
def kept_url() -> Iterator[str]:
    """A server whose database, once loaded, goes from share to share: each rolls back what it did."""
    with running_server() as address:
        yield address


@pytest.mark.parametrize("share", SHARES, ids=[f"sixth {n}" for n in range(1, 7)])
def test_the_web_works_on_postgresql_as_on_sqlite(kept_url, share):
    environment = os.environ | {"QUANTRI_DATABASE_URL": kept_url}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        environment.pop(name)
    options = ["-p", "no:xdist", "-x", "--reuse-db", "-m", "not needs and not own_site"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *share, *options], cwd=ROOT, env=environment, capture_output=True,
        text=True, timeout=900, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    left_behind = f"{kept_url.removesuffix('postgres')}test_postgres"  # so it was not SQLite that answered
    with psycopg.connect(left_behind) as database:
        assert database.execute("SELECT count(*) FROM indices_release").fetchone() == (14,)


TWO_AT_ONCE = """
import threading, time
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponseRedirect
from django.test import RequestFactory
from quantri.web.core import audit
from quantri.web.core.models import AuditEntry, SentForm
from quantri.web.core.once import once

call_command("migrate", verbosity=0)
row = SentForm.objects.create(key="subject")

@once
def act(request):
    entry = audit.record("acted", row, by=audit.System("tests"))
    time.sleep(0.3)  # so that the other submit arrives while this one is not yet written
    return HttpResponseRedirect(f"/made/{entry.pk}/")

def send():
    request = RequestFactory().post("/", {"form_key": "k"})
    request.user = audit.System("reader")
    request._messages = type("Said", (), {"add": lambda *said: None})()
    both_ready.wait()
    led.append(act(request)["Location"])
    connection.close()

led, both_ready = [], threading.Barrier(2)
threads = [threading.Thread(target=send) for _ in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
print(len(led), len(set(led)), AuditEntry.objects.filter(action="acted").count())
"""


def test_a_form_that_arrives_twice_at_once_acts_once(database_url):
    environment = os.environ | {
        "QUANTRI_DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "quantri.web.settings",
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", TWO_AT_ONCE], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.split() == ["2", "1", "1"], done.stderr[-2000:]


def test_many_writers_keep_one_chain_and_many_carriers_send_once(database_url, tmp_path):
    check(QUANTRI_DATABASE_URL=database_url, QUANTRI_DATA_DIR=str(tmp_path))


def test_two_at_once_lose_nothing_and_double_nothing(database_url, tmp_path):
    races.check(QUANTRI_DATABASE_URL=database_url, QUANTRI_DATA_DIR=str(tmp_path))
