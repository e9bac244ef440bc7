"""Entries that were written before the chain are bound to it, and can be freed again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.own_site
ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import django
django.setup()
from django.core.management import call_command
from django.db import connection
from quantri.web.core.models import AuditEntry

call_command("migrate", "core", "0004", verbosity=0)
row = ("2026-01-01 00:00:00", "1", "a", "acted", "x.y", "1", "một", '{"b": [1.0, 2.5], "a": "đ"}')
with connection.cursor() as cursor:
    cursor.executemany(
        "INSERT INTO core_auditentry (at, actor_key, actor_name, action, subject, subject_key, subject_name, details)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)", [row] * 2345)
call_command("migrate", "core", verbosity=0)
call_command("verify_audit")
call_command("migrate", "core", "0004", verbosity=0)
with connection.cursor() as cursor:
    cursor.execute("SELECT count(*) FROM core_auditentry WHERE details LIKE '%2.5%'")
    print(cursor.fetchone())
call_command("migrate", "core", verbosity=0)
call_command("verify_audit")
print(AuditEntry.objects.count(), len(set(AuditEntry.objects.values_list("key", flat=True))))
"""


def test_a_filled_trail_is_bound_and_freed_without_loss(tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")} | {
        "QUANTRI_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "quantri.web.settings",
        "PYTHONPATH": str(ROOT / "src"), "QUANTRI_LANGUAGE": "en",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    lines = done.stdout.splitlines()
    assert len(lines) == 4, done.stderr
    assert lines[0].startswith("2345 entries") and lines[2].startswith("2345 entries")
    assert lines[1] == "(2345,)" and lines[3] == "2345 2345"
