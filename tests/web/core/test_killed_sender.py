"""The process that carries letters is killed at each of its steps: nothing is lost, nothing goes twice."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from smtp_stand_in import StandIn

pytestmark = pytest.mark.own_site
ROOT = Path(__file__).resolve().parents[3]
BEGIN = """
import os, sys
from datetime import timedelta
import django
django.setup()
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from quantri.web.core import audit, outbox
from quantri.web.core.models import AuditEntry, Message
"""
POST = """
call_command("migrate", "core", verbosity=0)
by = audit.System("tests")
with transaction.atomic():
    audit.record("acted", Message(pk=1), by=by)
    outbox.post(key="k", recipient=by, subject="s", body="b", address="a@example.vn")
    if sys.argv[1] == "post":
        os._exit(9)
"""
SEND = """
def dying(name, before):
    real = getattr(outbox, name)
    def step(*given):
        if before:
            os._exit(9)
        made = real(*given)
        os._exit(9)
    setattr(outbox, name, step)

name, _colon, when = sys.argv[1].partition(":")
if when:
    dying(name, when == "before")
outbox.send_due(timezone.now())
"""
AGAIN = """
for minutes in (0, 11, 60, 2000):
    outbox.send_due(timezone.now() + timedelta(minutes=minutes))
message = Message.objects.first()
print(message.state if message else "none", AuditEntry.objects.filter(action="acted").count())
"""


def run(folder: Path, code: str, argument: str, mail: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")} | {
        "QUANTRI_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "quantri.web.settings", "QUANTRI_MAIL_URL": mail,
        "PYTHONPATH": str(ROOT / "src"),
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-c", BEGIN + code, argument], env=environment, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def posted(tmp_path_factory) -> Path:
    """A data folder with one letter that waits."""
    folder = tmp_path_factory.mktemp("posted")
    assert run(folder, POST, "", "").returncode == 0
    return folder


@pytest.mark.parametrize(
    ("step", "state", "n_letters"),
    [
        ("claim:before", "sent", 1),
        ("claim:after", "sent", 1),
        ("begin:before", "sent", 1),
        ("begin:after", "uncertain", 0),
        ("hand_over:before", "uncertain", 0),
        ("hand_over:after", "uncertain", 1),
        ("mark_sent:before", "uncertain", 1),
        ("mark_sent:after", "sent", 1),
        ("put_back:after", "sent", 1),
    ],
)
def test_a_sender_killed_at_a_step_loses_and_doubles_nothing(posted, tmp_path, step, state, n_letters):
    shutil.copytree(posted, tmp_path, dirs_exist_ok=True)
    with StandIn() as server:
        killed = run(tmp_path, SEND, step, server.address)
        assert killed.returncode == 9, killed.stderr
        after = run(tmp_path, AGAIN, "", server.address)
    assert after.stdout.split() == [state, "1"], after.stderr
    assert len(server.letters) == n_letters


def test_an_action_killed_before_its_end_leaves_neither_letter_nor_entry(tmp_path):
    with StandIn() as server:
        assert run(tmp_path, POST, "post", server.address).returncode == 9
        after = run(tmp_path, AGAIN, "", server.address)
    assert after.stdout.split() == ["none", "0"], after.stderr
    assert server.letters == []
