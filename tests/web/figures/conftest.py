"""Figures of communes: people who bring, decide and read them, and files of figures."""

import pytest

from people import SYSTEM, make_user
from quantri.web.accounts.agencies import add_agency
from quantri.web.accounts.models import Role, User
from quantri.web.figures.models import Measure
from quantri.web.places.models import Unit


@pytest.fixture
def on_time(db) -> Measure:
    return Measure.objects.get(code="files_on_time")


@pytest.fixture
def points(db) -> Measure:
    return Measure.objects.get(code="q766")


@pytest.fixture
def commune(province) -> Unit:
    """A commune of the home province, with the marks of its name."""
    return Unit.objects.get(level="commune", names__name_vi="Vĩnh Xương", names__valid_to=None)


@pytest.fixture
def communal_officer(province, commune) -> User:
    """An officer of the commune's people's committee."""
    agency = add_agency(province, "UBND xã Vĩnh Xương", by=SYSTEM)
    agency.unit = commune
    agency.save()
    return make_user(agency, Role.OFFICER, "communal")
