"""A site filled with made rows."""

import pytest
from django.core.management import CommandError, call_command

from quantri.web.accounts.models import Agency, User
from quantri.web.core.models import AuditEntry
from quantri.web.plans.models import Plan
from quantri.web.tasks.models import Assignment, Progress, Revision, Task

SMALL = ("--seed=1", "--provinces=2", "--communes=3", "--departments=2", "--officers=1", "--plans=1", "--tasks=20",
         "--reports=30", "--audit=40")  # fmt: skip


@pytest.fixture
def empty_site(db) -> None:
    """Nobody works here, as after the first `migrate`."""
    if Plan.objects.exists() or Agency.objects.exists() or User.objects.exists():
        pytest.skip("the tests' database came with a plan")


def test_a_load_has_the_sizes_that_were_asked_for(empty_site):
    before = AuditEntry.objects.count()
    call_command("make_load", *SMALL)
    assert (Agency.objects.count(), Plan.objects.in_force().count(), Task.objects.count()) == (2 * 6, 2, 20)
    assert Progress.objects.count() == 30
    assert AuditEntry.objects.count() >= before + 40


def test_what_a_load_makes_is_marked_and_nobody_can_sign_in(empty_site):
    call_command("make_load", *SMALL)
    assert all(agency.is_demonstration and "mô phỏng" in agency.name_vi for agency in Agency.objects.all())
    assert all(plan.is_demonstration for plan in Plan.objects.all())
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_chain_of_a_loaded_trail_holds(empty_site, capsys):
    call_command("make_load", *SMALL)
    call_command("verify_audit")
    assert str(AuditEntry.objects.count()) in capsys.readouterr().out


def test_what_was_handed_in_has_a_revision_and_a_draft_has_none(empty_site):
    call_command("make_load", *SMALL)
    sent = set(Revision.objects.values_list("progress_id", flat=True))
    assert sent == set(Progress.objects.exclude(state="draft").values_list("pk", flat=True))


def test_the_same_seed_makes_the_same_parts(empty_site):
    call_command("make_load", *SMALL)
    drawn = list(Assignment.objects.order_by("pk").values_list("task__number", "agency__name_vi", "closed_on"))
    assert len(drawn) >= 20
    assert {name for _number, name, _day in drawn} <= set(Agency.objects.values_list("name_vi", flat=True))


def test_a_database_with_people_is_refused_and_stays_as_it_is(db, coordinator):
    before = User.objects.count(), Task.objects.count()
    with pytest.raises(CommandError):
        call_command("make_load", *SMALL)
    assert (User.objects.count(), Task.objects.count()) == before


@pytest.mark.parametrize("option", ["--provinces=0", "--tasks=-1"])
def test_sizes_that_make_no_sense_are_refused(empty_site, option):
    with pytest.raises(CommandError):
        call_command("make_load", *SMALL, option)
