"""The filled-in example comes on any day, for its own province only, and goes without a trace."""

import io
from datetime import date, datetime, time, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from people import SYSTEM
from quantri.web.accounts.models import User
from quantri.web.core.models import AuditEntry
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan
from quantri.web.portal.example import load_example, load_example_agencies
from quantri.web.portal.logins import LOGINS, ensure_logins
from quantri.web.portal.removal import remove_demonstration
from quantri.web.tasks.models import Assignment, Progress
from quantri.web.tasks.proof import add_file
from quantri.web.tasks.reporting import Reported, save_draft

NUMBER = "VD01/KH-UBND"
TODAY = timezone.localdate()
UNCOUNTED = {"core.AuditEntry", "core.AuditHead", "core.Tick"}  # the trail stays; the clock's own rows are no data


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR, settings.DEMO = tmp_path, True
    return tmp_path


CLOCKWORK = {"followup.DigestRun", "sessions.Session", "core.SentForm", "surveys.SurveyRound"}


def counts() -> dict[str, int]:
    return {m._meta.label: m._base_manager.count() for m in apps.get_models() if m._meta.label not in UNCOUNTED}


@pytest.mark.parametrize("day", [date(2026, 1, 5), date(2026, 3, 17), date(2026, 3, 18), date(2026, 12, 31)])
def test_it_can_be_loaded_on_any_day(province, day, monkeypatch):
    now = timezone.make_aware(datetime.combine(day, time(9)))
    monkeypatch.setattr(timezone, "now", lambda: now)
    load_example_agencies(province, day)
    ensure_logins(province)
    plan = load_example(province, day)
    assert plan.periods.filter(locked_at=None, kind="quarter").first().cut_off_on >= day
    assert plan.issued_on == day - timedelta(days=100) and Progress.objects.filter(period__plan=plan).count() > 50


def test_two_loads_make_the_same(province):
    def made() -> list[object]:
        reports = Progress.objects.order_by("assignment__agency__name_vi", "assignment__task__number", "period__number")
        return list(reports.values_list("assignment__agency__name_vi", "period__number", "state", "kind", "text"))

    def load() -> None:
        load_example_agencies(province, TODAY)
        ensure_logins(province)
        load_example(province, TODAY)

    load()
    first = made()
    remove_demonstration(by=SYSTEM)
    load()
    assert made() == first


def test_another_province_gets_none_of_it(db):
    elsewhere = Province.objects.get(key="vn34-82")
    load_example_agencies(elsewhere, TODAY)
    ensure_logins(elsewhere)
    assert load_example(elsewhere, TODAY) is None
    assert not Plan.objects.filter(number=NUMBER).exists()


def test_a_persons_account_of_that_name_enters_nothing(province):
    User.objects.create_user("dieuphoi", password="a person's own")
    load_example_agencies(province, TODAY)
    ensure_logins(province)
    assert load_example(province, TODAY) is None


def test_a_configured_site_has_none_of_it(province, settings):
    settings.DEMO = False
    call_command("load", quiet=True, stdout=io.StringIO())
    assert not Plan.objects.filter(number=NUMBER).exists() and not User.objects.filter(username__in=LOGINS).exists()


def test_all_of_it_goes_and_nothing_else(province, client, folder, django_capture_on_commit_callbacks):
    remove_demonstration(by=SYSTEM)
    bare = counts()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load", quiet=True, stdout=io.StringIO())
        call_command("tick", stdout=io.StringIO())
    assert Plan.objects.filter(number=NUMBER).exists() and list((folder / "files").rglob("*"))
    _work_as_commune_officer()
    with django_capture_on_commit_callbacks(execute=True):
        gone = remove_demonstration(by=SYSTEM)
    assert gone.kept == () and len(gone.agencies) > 110 and len(gone.exercises) == 1
    after = counts()
    assert {name: (n, bare[name]) for name, n in after.items() if n != bare[name] and name not in CLOCKWORK} == {}
    assert not [f for f in (folder / "files").rglob("*") if f.is_file()]
    assert AuditEntry.objects.filter(action="agency.removed").count() > 110


def _work_as_commune_officer() -> None:
    """Report on an open part with a picture, as somebody who tries it out does."""
    user = User.objects.get(username="canbo-xa")
    part = Assignment.objects.held_by(user).open().first()
    period = part.task.plan.periods.get(locked_at=None)
    out = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(out, format="PNG")
    progress = save_draft(part, period, Reported(text="Đã niêm yết"), seen=0, by=user)
    add_file(progress, SimpleUploadedFile("anh.png", out.getvalue()), by=user)
