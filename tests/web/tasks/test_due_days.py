"""Days off, days before the plan begins, and years without a calendar: the same wherever a day is set."""

import io
import re
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from openpyxl import Workbook, load_workbook

from people import signed_in
from quantri.web.deadlines import calendars
from quantri.web.deadlines.counting import SpecialDay, WorkingCalendar
from quantri.web.deadlines.days_off import warning_of
from quantri.web.tasks import asking
from quantri.web.tasks.actions import TaskDraft, add_tasks
from quantri.web.tasks.annex import annex_template
from quantri.web.tasks.due_days import DueDays, due_days
from quantri.web.tasks.models import Task
from quantri.web.tasks.sheet import COLUMNS
from sent_workbooks import brought, column, opened, packed

SATURDAY, HOLIDAY, UNKNOWN, BEFORE, GOOD = "7/3/2026", "27/4/2026", "3/2/2031", "31/12/2025", "30/6/2026"
SAID = {
    SATURDAY: "Offices do not work on 7 March 2026 (Saturday). The next working day is 9 March 2026.",
    HOLIDAY: "Day off instead of Hùng Kings&#x27; Day",
    UNKNOWN: "There is no working calendar of 2031 yet",
}
REFUSED = "31 December 2025 lies before the plan begins (1 January 2026)"


@pytest.fixture(autouse=True)
def _english(_vietnamese):
    with translation.override("en"):
        yield


class Ways:
    """The ways in which a day comes into a plan; each returns the page that follows."""

    def __init__(self, plan, person):
        self.plan, self.client, self.url = plan, signed_in(person), f"/en/plans/{plan.pk}"

    def form(self, field: str, text: str):
        return self.client.post(f"{self.url}/tasks/", {"title": "Việc", field: text}, follow=True)

    def change(self, field: str, text: str):
        self.client.post(f"{self.url}/tasks/", {"title": "Việc"})
        page = f"{self.url}/tasks/{Task.objects.get(plan=self.plan).pk}/"
        answer = self.client.post(page, {"title": "Việc", field: text})
        return answer if answer.status_code == 422 else self.client.get(page)

    def upload(self, field: str, text: str):
        book = Workbook()
        book.active.append([vi for vi, _en in COLUMNS.values()])
        book.active.append([{"title": "Việc", field: text}.get(name, "") for name in COLUMNS])
        return self._sent(f"{self.url}/tasks/upload/", packed(book))

    def annex(self, field: str, text: str):
        book = load_workbook(io.BytesIO(annex_template(self.plan)))
        book["Nhiệm vụ"].append([{"title": "Việc", field: text}.get(name, "") for name in COLUMNS])
        return self._sent(f"{self.url}/annex/", packed(book))

    def bring(self, field: str, text: str):
        self.client.post(f"{self.url}/tasks/", {"title": "Việc"})
        book = opened(self.client.get(f"/plans/{self.plan.pk}/tasks/table.xlsx"))
        book.active[f"{column(book, COLUMNS[field][0])}2"] = text
        return brought(self.client, f"{self.url}/tasks/bring/", book)

    def _sent(self, url: str, content: bytes):
        return self.client.post(url, {"file": SimpleUploadedFile("a.xlsx", content)})


@pytest.fixture
def ways(plan, coordinator) -> Ways:
    return Ways(plan, coordinator)


def typed(field: str, day: str) -> str:
    return day if field == "due_on" else f"Xã niêm yết: 102 ({day})"


@pytest.mark.parametrize("day", SAID)
@pytest.mark.parametrize("field", ["due_on", "milestones"])
@pytest.mark.parametrize("way", ["form", "change", "upload", "annex", "bring"])
def test_a_day_off_or_of_an_unknown_year_is_warned_of_and_kept(ways, way, field, day):
    answer = getattr(ways, way)(field, typed(field, day))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert SAID[day] in re.search(r'<div class="alert alert-warning" role="status">(.*?)</div>', text, re.S)[1]


@pytest.mark.parametrize("field", ["due_on", "milestones"])
@pytest.mark.parametrize("way", ["form", "change", "upload", "annex", "bring"])
def test_a_day_before_the_plan_begins_is_refused(ways, way, field):
    answer = getattr(ways, way)(field, typed(field, BEFORE))
    assert answer.status_code == 422 and REFUSED in answer.content.decode()
    assert not Task.objects.filter(plan=ways.plan, due_on__isnull=False).exists()


@pytest.mark.parametrize("way", ["form", "change", "upload", "annex", "bring"])
def test_a_working_day_passes_without_a_word(ways, way):
    answer = getattr(ways, way)("due_on", GOOD)
    assert answer.status_code == 200 and "alert-warning" not in answer.content.decode()


def test_a_row_that_comes_back_unchanged_is_not_warned_of(ways, plan, coordinator):
    add_tasks(plan, [TaskDraft(title="Việc", due_on=date(2026, 3, 7))], by=coordinator)
    book = opened(ways.client.get(f"/plans/{plan.pk}/tasks/table.xlsx"))
    assert "alert-warning" not in brought(ways.client, f"{ways.url}/tasks/bring/", book).content.decode()


def test_an_issued_plan_begins_on_its_day_of_issue(plan):
    assert due_days(plan).starts_on == date(2026, 1, 1)
    plan.issued_on = date(2026, 3, 15)
    assert due_days(plan).refusal(date(2026, 3, 14)) and not due_days(plan).refusal(date(2026, 3, 15))


def test_one_day_in_many_places_is_told_once():
    days = DueDays(starts_on=date(2026, 1, 1), calendar=WorkingCalendar(years=frozenset({2026})))
    dated = [(f"F{n}", date(2026, 3, 7)) for n in range(2, 40)] + [("F40", date(2027, 1, 5)), ("F41", date(2027, 2, 5))]
    saturday, unknown = days.warnings([*dated, ("F42", None)])
    assert saturday.where == "F2, F3, F4, F5, F6, F7, F8, F9, F10, F11 …"
    assert (unknown.where, "2027" in unknown.said) == ("F40, F41", True)


def test_the_next_working_day_is_not_guessed_where_no_calendar_tells_it():
    eve = SpecialDay(date=date(2026, 12, 31), is_off=True, name_vi="Nghỉ bù", name_en="In exchange", document="x")
    calendar = WorkingCalendar(years=frozenset({2026}), days={eve.date: eve})
    assert warning_of(eve.date, calendar) == "Offices do not work on 31 December 2026 (In exchange)."


def test_more_time_until_a_day_off_is_warned_of_wherever_it_is_read(lead, officer, coordinator):
    unknown = date(2099, 2, 3)
    answer = signed_in(officer).post(
        f"/en/work/parts/{lead.pk}/extension/", {"until": "3/2/2099", "text": "Mưa lũ"}, follow=True
    )
    said = "There is no working calendar of 2099 yet"
    assert said in answer.content.decode()
    asked = lead.extensions.get()
    assert said in signed_in(coordinator).get(f"/en/work/requests/extension/{asked.pk}/").content.decode()
    asking.grant_extension(asked, answer="Đồng ý", by=coordinator)
    lead.refresh_from_db()
    assert lead.due_on == unknown
    assert said in signed_in(officer).get(f"/en/work/parts/{lead.pk}/").content.decode()


def test_more_time_until_a_day_that_has_passed_is_refused(lead, officer):
    lead.due_on = timezone.localdate() - timedelta(days=9)
    lead.save()
    yesterday = timezone.localdate() - timedelta(days=1)
    answer = signed_in(officer).post(
        f"/en/work/parts/{lead.pk}/extension/", {"until": f"{yesterday:%d/%m/%Y}", "text": "Mưa lũ"}
    )
    assert answer.status_code == 422 and not lead.extensions.exists()
    assert "has passed already" in answer.content.decode()


def test_the_day_of_a_part_is_read_in_the_calendar_as_it_holds_now(lead, officer):
    off = next(
        day for n in range(1, 9) if not calendars.current().is_working(day := timezone.localdate() + timedelta(days=n))
    )
    lead.due_on = off
    lead.save()
    assert "Offices do not work on" in signed_in(officer).get(f"/en/work/parts/{lead.pk}/").content.decode()
