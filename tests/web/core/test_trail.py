"""The trail is a chain: whatever is changed, taken out or put in is found."""

import importlib
import io

import pytest
from django.core.management import call_command
from django.db import connection

from people import SYSTEM
from quantri.web.core import audit
from quantri.web.core.chain import plain
from quantri.web.core.guard import missing_guards
from quantri.web.core.models import AuditEntry, AuditHead
from quantri.web.core.models.trail import AppendOnly

guarding = importlib.import_module("quantri.web.core.migrations.0010_guard_the_trail")


@pytest.fixture
def written(agency):
    """Some entries at the end of the trail."""
    return [audit.record("agency.seen", agency, by=SYSTEM, n=n, share=0.5 * n) for n in range(1, 6)]


def verified(*options: str) -> tuple[int, str]:
    said = io.StringIO()
    try:
        call_command("verify_audit", *options, stdout=said, stderr=said)
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def spoil(sql: str, *values: object) -> None:
    """Change the trail as somebody does who may do all in the database: take the guard down first."""
    if not missing_guards():
        for statement in guarding.LIFTED[connection.vendor]:
            with connection.cursor() as cursor:
                cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_chain_that_nobody_touched_holds_and_its_head_is_printed(written):
    status, said = verified()
    head = AuditHead.objects.get()
    assert status == 0 and f"{head.number}:{head.hash}" in said
    assert head.number == AuditEntry.objects.count() and head.hash == written[-1].hash


@pytest.mark.parametrize("field", ["actor_name", "action", "subject_key", "subject_name", "scope", "key", "hash"])
def test_a_changed_field_is_found_with_its_entry(written, field):
    change = "UPDATE core_auditentry SET {} = 'x' WHERE number = %s"
    spoil(change.format(field), written[2].number)
    status, said = verified()
    assert status == 1 and f"{written[2].number}:" in said


def test_changed_details_are_found(written):
    spoil("UPDATE core_auditentry SET details = %s WHERE number = %s", '{"n": 9}', written[1].number)
    assert verified()[0] == 1


def test_an_entry_taken_out_of_the_middle_is_found(written):
    spoil("DELETE FROM core_auditentry WHERE number = %s", written[2].number)
    status, said = verified()
    assert status == 1 and f"{written[2].number}:" in said


def test_an_end_that_was_cut_off_is_found(written):
    spoil("DELETE FROM core_auditentry WHERE number = %s", written[-1].number)
    assert verified()[0] == 1


def test_a_chain_that_was_computed_anew_is_found_by_a_head_kept_elsewhere(written):
    kept = str(AuditHead.objects.get())
    assert verified("--from-backup", kept)[0] == 0
    spoil("DELETE FROM core_auditentry WHERE number >= %s", written[3].number)
    spoil("UPDATE core_audithead SET number = %s, hash = %s", written[2].number, written[2].hash)
    assert verified()[0] == 0  # the trail alone cannot know
    assert verified("--from-backup", kept)[0] == 1
    audit.record("agency.seen", written_agency(written), by=SYSTEM)
    audit.record("agency.seen", written_agency(written), by=SYSTEM)
    assert verified()[0] == 0
    assert verified("--from-backup", kept)[0] == 1


def written_agency(written):
    from quantri.web.accounts.models import Agency

    return Agency.objects.get(pk=written[0].subject_key)


@pytest.mark.parametrize("head", ["", "x", "1:2", "-1:" + "a" * 64, "١:" + "a" * 64])
def test_a_head_that_is_none_is_refused(db, head):
    from django.core.management import CommandError

    if head:
        with pytest.raises(CommandError):
            verified("--from-backup", head)


def test_an_entry_is_neither_changed_nor_deleted(written):
    entry = AuditEntry.objects.first()
    for forbidden in (
        entry.save, entry.delete, AuditEntry.objects.all().delete, lambda: AuditEntry.objects.update(action="x"),
        lambda: AuditEntry.objects.bulk_update([entry], ["action"]),
    ):  # fmt: skip
        with pytest.raises(AppendOnly):
            forbidden()


def test_details_are_hashed_as_every_database_gives_them_back(agency):
    audit.record("agency.seen", agency, by=SYSTEM, a=(1, 2), b=1e22, c=-0.0, d={1: "một"}, e=0.1, f=1e-7, g="đ\u200b")
    assert verified()[0] == 0
    assert plain({"a": (1.0, {2: 3.5})}) == {"a": [1, {"2": 3.5}]}


def test_an_entry_is_read_in_its_province_and_by_nobody_else(agency, coordinator, leader, outsider, former, client):
    entry = audit.record("agency.seen", agency, by=SYSTEM)
    readers = {user: AuditEntry.objects.visible_to(user).filter(pk=entry.pk).exists()
               for user in (coordinator, leader, outsider, former)}  # fmt: skip
    assert list(readers.values()) == [True, True, False, False]


def test_what_belongs_to_no_province_is_for_the_administrators_of_the_home_province(
    committee, agency, coordinator, outsider
):
    from people import make_user
    from quantri.web.accounts.models import Agency, Role

    keeper = make_user(committee, Role.ADMINISTRATOR, "keeper")
    below = make_user(agency, Role.ADMINISTRATOR, "below")
    elsewhere = make_user(Agency.objects.get(memberships__user=outsider), Role.ADMINISTRATOR, "elsewhere")
    entry = audit.record("head.seen", AuditHead.objects.get(), by=SYSTEM)
    readers = (keeper, coordinator, below, elsewhere)
    assert [AuditEntry.objects.visible_to(u).filter(pk=entry.pk).exists() for u in readers] == [True, *[False] * 3]


def test_the_rows_of_a_bulk_action_stand_in_one_entry(agency, coordinator):
    n = AuditEntry.objects.count()
    entry = audit.record("agencies.seen", agency, by=SYSTEM, rows=audit.listed([agency, coordinator]))
    assert AuditEntry.objects.count() == n + 1
    assert entry.details["rows"][0] == ["accounts.agency", str(agency.pk), str(agency)]
