"""A loaded site, people by role, and plans to work on."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from people import SYSTEM, make_user
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.deadlines import calendars
from quantri.web.deadlines.actions import load_rules
from quantri.web.figures.measures import load_measures
from quantri.web.indices.actions import load_package_releases
from quantri.web.places.loading import load_places
from quantri.web.places.models import Province
from quantri.web.plans.actions import make_plan
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.issuing import issue_plan
from quantri.web.plans.models import Plan
from quantri.web.portal.demonstration import load_historic_plan
from quantri.web.surveys.actions import load_synthetic_rounds


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords quickly: half a second a person is right for a site and a third of the time of these tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> None:
    """Load the real places, results and the plan of 2019 once; each test is rolled back."""
    with django_db_blocker.unblock():
        load_places()
        load_package_releases(by=SYSTEM)
        load_rules(by=SYSTEM)
        load_measures(by=SYSTEM)
        load_historic_plan()
        load_synthetic_rounds(by=SYSTEM)


@pytest.fixture(autouse=True)
def _vietnamese():
    """Begin each test in the site's language; a request for an English page leaves its own behind."""
    with translation.override("vi"):
        yield


@pytest.fixture
def province(db) -> Province:
    """The new An Giang, where the coordinators sit."""
    return Province.objects.get(key="vn34-91")


@pytest.fixture
def old_an_giang(db) -> Province:
    return Province.objects.get(key="vn63-89")


@pytest.fixture
def agency(province) -> Agency:
    return ensure_agency(province, "Sở Nội vụ", by=SYSTEM)


@pytest.fixture
def communes(province) -> list[Agency]:
    return Agency.objects.bulk_create(
        [Agency(province=province, name_vi=f"UBND xã {n}", kind="people_committee") for n in range(102)]
    )


@pytest.fixture
def coordinator(agency) -> User:
    return make_user(agency, Role.COORDINATOR, "coordinator")


@pytest.fixture
def committee(province) -> Agency:
    """The people's committee of the province, which issues its plans."""
    return ensure_agency(province, "UBND tỉnh", by=SYSTEM)


@pytest.fixture
def leader(committee) -> User:
    """A leader of the province."""
    return make_user(committee, Role.LEADER, "leader")


@pytest.fixture
def director(agency) -> User:
    """A leader of a department, who leads nothing of the province."""
    return make_user(agency, Role.LEADER, "director")


@pytest.fixture
def outsider(db) -> User:
    """A coordinator of another province."""
    elsewhere = ensure_agency(Province.objects.get(key="vn34-82"), "Sở Nội vụ", by=SYSTEM)
    return make_user(elsewhere, Role.COORDINATOR, "outsider")


@pytest.fixture
def administrator(committee) -> User:
    """An administrator of the province."""
    return make_user(committee, Role.ADMINISTRATOR, "administrator")


@pytest.fixture
def calendar_is_missing(monkeypatch) -> None:
    """Next year's calendar is waited for and not there, and each page asks the database for it anew."""
    known = {year: held for year, held in calendars.package_calendars().items() if year <= timezone.localdate().year}
    monkeypatch.setattr(calendars, "package_calendars", lambda: known)
    monkeypatch.setattr(calendars, "OCTOBER", 1)
    monkeypatch.setattr(calendars, "BELIEVED", 0)
    calendars.believe_nothing()


@pytest.fixture
def former(agency) -> User:
    """Someone whose membership has ended."""
    user = make_user(agency, Role.COORDINATOR, "former")
    user.memberships.update(valid_to="2020-01-01", valid_from="2019-01-01")
    return user


@pytest.fixture
def plan(province, old_an_giang, coordinator) -> Plan:
    return make_plan(province, base_unit=old_an_giang, index="papi", base_year=2024, year=2026, by=coordinator)


@pytest.fixture
def historic_plan(db) -> Plan:
    return Plan.objects.get(number="135/KH-UBND")


@pytest.fixture
def officer(province) -> User:
    """An officer of a department that is asked and has tasks."""
    return make_user(ensure_agency(province, "Thanh tra tỉnh", by=SYSTEM), Role.OFFICER, "officer")


@pytest.fixture
def consulted_plan(plan, officer, coordinator) -> Plan:
    """A draft that was sent to the officer's agency for its opinion."""
    asked = officer.memberships.get().agency
    send_for_opinions(plan, [asked], asked_on=timezone.localdate() - timedelta(days=9), answer_by=None, by=coordinator)
    plan.refresh_from_db()
    return plan


@pytest.fixture
def colleague(province) -> User:
    """An officer of a sister agency."""
    return make_user(ensure_agency(province, "Sở Y tế", by=SYSTEM), Role.OFFICER, "colleague")


@pytest.fixture
def overseer(province) -> User:
    return make_user(ensure_agency(province, "Ban Thường trực MTTQ tỉnh", by=SYSTEM), Role.OVERSEER, "overseer")


@pytest.fixture
def issued_plan(consulted_plan, coordinator) -> Plan:
    return issue_plan(consulted_plan, number="15/KH-UBND", issued_on=timezone.localdate(), by=coordinator)
