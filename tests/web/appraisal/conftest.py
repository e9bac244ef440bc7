"""An exercise for two communes, with an officer of each."""

import pytest

from classing import draft, full
from people import SYSTEM, make_user
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.appraisal import actions, exercises
from quantri.web.appraisal.models import Entry, Exercise


@pytest.fixture
def commune(province):
    return ensure_agency(province, "UBND xã A", by=SYSTEM)


@pytest.fixture
def sister(province):
    return ensure_agency(province, "UBND xã B", by=SYSTEM)


@pytest.fixture
def officer(commune):
    return make_user(commune, Role.OFFICER, "officer")


@pytest.fixture
def colleague(sister):
    """An officer of a sister agency."""
    return make_user(sister, Role.OFFICER, "colleague")


@pytest.fixture
def exercise(province, commune, sister, coordinator) -> Exercise:
    return exercises.open_exercise(province, draft(), [commune, sister], by=coordinator)


@pytest.fixture
def entry(exercise, commune) -> Entry:
    return exercise.entries.get(agency=commune)


@pytest.fixture
def handed_in(entry, officer) -> Entry:
    return actions.hand_in(entry, full(entry), by=officer)
