"""The database itself refuses to change the trail, whatever program writes to it."""

import importlib
import io
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import IntegrityError, connection, transaction

from people import SYSTEM
from quantri.web.core import audit
from quantri.web.core.guard import missing_guards
from quantri.web.core.models import AuditEntry, AuditHead

step = importlib.import_module("quantri.web.core.migrations.0010_guard_the_trail")


@pytest.fixture
def written(agency) -> AuditEntry:
    return audit.record("agency.seen", agency, by=SYSTEM)


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE core_auditentry SET action = 'x'",
        "UPDATE core_auditentry SET details = '{}'",
        "DELETE FROM core_auditentry",
        "DELETE FROM core_audithead",
        "UPDATE core_audithead SET number = number - 1",
    ],
)
def test_what_is_written_is_neither_changed_nor_removed(written, sql):
    before = list(AuditEntry.objects.values())
    with pytest.raises(IntegrityError, match="the audit trail is only added to"):
        run(sql)
    assert list(AuditEntry.objects.values()) == before and AuditHead.objects.get().number == written.number


def test_the_trail_cannot_be_emptied_with_the_other_tables(written):
    empty = connection.ops.sql_flush(no_style(), ["core_auditentry", "core_audithead"])
    with pytest.raises(IntegrityError):
        for sql in empty:
            run(sql)
    assert AuditEntry.objects.filter(pk=written.pk).exists()


def test_the_command_that_empties_all_tables_says_why_not_and_how_to_begin_anew(written, settings):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(CommandError, match="keeps the audit trail, which is only added to") as refused:
        call_command("flush", interactive=False)
    said = str(refused.value)
    assert "QUANTRI_DATABASE_URL" in said and "\n" not in said and refused.value.__cause__ is None
    assert AuditEntry.objects.filter(pk=written.pk).exists()


def test_without_its_guard_a_database_is_emptied_as_django_does(written, monkeypatch):
    ran = []
    monkeypatch.setattr(connection.ops, "execute_sql_flush", ran.extend)
    step.take_down(None, SimpleNamespace(connection=connection, execute=run))
    call_command("flush", interactive=False, inhibit_post_migrate=True)
    assert any("core_auditentry" in sql for sql in ran)


def test_the_trail_still_grows_and_what_is_undone_leaves_no_trace(written, agency):
    with pytest.raises(KeyError), transaction.atomic():
        audit.record("agency.seen", agency, by=SYSTEM)
        raise KeyError
    assert audit.record("agency.seen", agency, by=SYSTEM).number == written.number + 1


def test_all_guards_stand_after_the_migrations_and_a_missing_one_is_told(written):
    assert missing_guards() == []
    said = io.StringIO()
    run("DROP TRIGGER core_trail_update" + (" ON core_auditentry" if connection.vendor == "postgresql" else ""))
    call_command("verify_audit", stdout=io.StringIO(), stderr=said)
    assert missing_guards() == ["core_trail_update"] and "core_trail_update" in said.getvalue()


def test_the_guard_comes_down_and_up_again(written):
    editor = SimpleNamespace(connection=connection, execute=run)
    step.take_down(None, editor)
    run("UPDATE core_auditentry SET action = 'x'")
    step.put_up(None, editor)
    with pytest.raises(IntegrityError):
        run("UPDATE core_auditentry SET action = 'y'")
