"""Regular work: in its order, one pass at a time, and a fault stops nobody else."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from quantri.web.core import timer
from quantri.web.core.models import Tick

DONE: list[str] = []


def first(now):
    DONE.append("first")


def broken(now):
    DONE.append("broken")
    raise ValueError("no calendar for 2031")


def nested(now):
    DONE.append(f"nested {timer.tick()}")


@pytest.fixture(autouse=True)
def _nothing_done():
    DONE.clear()


def test_a_fault_is_written_down_and_the_others_go_on(db, settings):
    settings.TICKS = [f"{__name__}.broken", f"{__name__}.first"]
    call_command("tick")
    assert DONE == ["broken", "first"]
    rows = {row.name.rpartition(".")[2]: row.fault for row in Tick.objects.all()}
    assert rows == {"pass": "", "broken": "ValueError: no calendar for 2031", "first": ""}


def test_each_piece_of_the_sites_own_regular_work_is_done_without_a_fault(db):
    timer.tick()
    rows = {row.name: row.fault for row in Tick.objects.all()}
    assert rows == dict.fromkeys([timer.PASS, *settings.TICKS], "")


def test_a_fault_that_is_mended_goes(db, settings):
    settings.TICKS = [f"{__name__}.first"]
    Tick.objects.create(name=f"{__name__}.first", fault="x")
    timer.tick()
    assert Tick.objects.get(name=f"{__name__}.first").fault == ""


def test_two_passes_do_not_overlap(db, settings):
    settings.TICKS = [f"{__name__}.nested"]
    assert timer.tick()
    assert DONE == ["nested False"]
    assert timer.tick()


@pytest.mark.parametrize("held", [timedelta(hours=-1), timedelta(days=365)])
def test_a_pass_whose_process_died_does_not_stop_the_next_also_when_the_clock_was_set_back(db, settings, held):
    settings.TICKS = [f"{__name__}.first"]
    Tick.objects.create(name=timer.PASS, token="gone", started_at=timezone.now() + held)
    assert timer.tick() and DONE == ["first"]


def test_a_pass_that_runs_keeps_the_next_away(db, settings):
    settings.TICKS = [f"{__name__}.first"]
    Tick.objects.create(name=timer.PASS, token="runs", started_at=timezone.now())
    assert not timer.tick() and DONE == []
