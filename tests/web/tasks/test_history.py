"""What happened to a task of a plan in force is read on its page, by those who read the trail, and on each part's."""

from datetime import date, timedelta

import pytest
from django.utils import timezone, translation
from django.utils.formats import date_format

from people import signed_in
from quantri.web.accounts.models import Agency
from quantri.web.core.models import AuditEntry
from quantri.web.plans.consulting import send_for_opinions
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.tasks import asking, bulk
from quantri.web.tasks.bulk import PartDraft
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.moving import issue_with_work

TODAY, SHORT = timezone.localdate(), "SHORT_DATE_FORMAT"


@pytest.fixture
def lived(lead, part, officer, colleague, coordinator):
    """A task with more time for one part, a refusal that came before the head, and a hand-over."""
    more = asking.ask_extension(lead, until=lead.last_day + timedelta(days=10), reason="Chờ kinh phí", by=officer)
    asking.grant_extension(more, answer="Cho thêm mười ngày", by=coordinator)
    no = asking.ask_handover(part, after=None, reason="Không thuộc chức năng", by=colleague)
    asking.refuse_handover(no, answer="Vẫn phải làm", by=coordinator)
    over = asking.ask_handover(lead, after=part.agency, reason="Đúng chức năng hơn", by=officer)
    asking.accept_handover(over, answer="Đồng ý chuyển", by=coordinator)
    return lead.task


def page_of(user, task) -> str:
    return signed_in(user).get(f"/work/tasks/{task.pk}/").content.decode()


def test_the_tasks_page_tells_what_changed_with_who_and_before_and_after(lived, lead, coordinator, leader):
    before, after = lead.task.due_on, lead.task.due_on + timedelta(days=10)
    for reader in (coordinator, leader):
        page = page_of(reader, lived)
        for words in ("Chờ kinh phí", "Cho thêm mười ngày", "Không thuộc chức năng", "Đúng chức năng hơn", "officer"):
            assert words in page
        assert f"<del>{date_format(before, SHORT)}</del> → <ins>{date_format(after, SHORT)}</ins>" in page
        for action in ("part.extended", "handover.escalated", "part.handed_over", "part.joined"):
            assert str(AuditEntry.objects.get(action=action).said) in page


def test_a_request_is_named_with_its_day_as_the_reader_writes_days(lived, coordinator):
    entry = AuditEntry.objects.get(action="extension.asked")
    until = date.fromisoformat(entry.subject_name[-10:])
    for language in ("vi", "en"):
        with translation.override(language):
            assert entry.about.endswith(f" → {date_format(until, SHORT)}")
            prefix = "/en" if language == "en" else ""
            page = signed_in(coordinator).get(f"{prefix}/work/tasks/{lived.pk}/history/").content.decode()
            assert entry.about in page and str(until) not in page
    assert str(AuditEntry(subject="tasks.extension", subject_name="Sở – chủ trì").about) == "Sở – chủ trì"


def test_who_does_not_read_the_trail_sees_which_parts_ended_and_not_the_exchange(lived, lead, part, officer, overseer):
    for reader in (officer, overseer):
        page = page_of(reader, lived)
        assert "Cho thêm mười ngày" not in page and "Không thuộc chức năng" not in page
        assert f'href="/work/parts/{lead.pk}/"' in page and f'href="/work/parts/{part.pk}/"' in page


def test_the_whole_history_is_paged_for_those_who_read_the_trail(lived, coordinator, officer, outsider):
    part = lived.assignments.get(valid_to=None)
    Assignment.objects.filter(pk=part.pk).update(closed_on=None)
    for n in range(30):
        asked = asking.ask_extension(
            Assignment.objects.get(pk=part.pk), until=TODAY + timedelta(days=100 + n), reason=f"Lần {n}.",
            by=part.agency.memberships.get().user,
        )  # fmt: skip
        asking.refuse_extension(asked, answer="Không", by=coordinator)
    where = f"/work/tasks/{lived.pk}/history/"
    assert f'href="{where}"' in page_of(coordinator, lived)
    first = signed_in(coordinator).get(where).content.decode()
    assert "Lần 29." in first and "Chờ kinh phí" not in first
    older = first.partition('rel="next" href="?')[2].partition('"')[0]
    assert "Chờ kinh phí" in signed_in(coordinator).get(f"{where}?{older}").content.decode()
    assert [signed_in(user).get(where).status_code for user in (officer, outsider)] == [403, 404]


def test_a_part_says_who_asked_and_who_decided_and_when(lived, lead, officer):
    page = signed_in(officer).get(f"/work/parts/{lead.pk}/").content.decode()
    day = date_format(TODAY)
    assert page.count(f"officer đề nghị ngày {day}") == 2
    assert page.count(f"coordinator quyết định ngày {day}") == 2


def test_requests_of_a_public_plan_stay_within_its_province(lived, lead, outsider):
    Plan.objects.filter(pk=lived.plan_id).update(published_at=timezone.now())
    client = signed_in(outsider)
    for where in (f"/work/parts/{lead.pk}/", f"/work/tasks/{lived.pk}/", f"/work/tasks/{lived.pk}/history/"):
        answer = client.get(where)
        assert answer.status_code == 200
        assert "Chờ kinh phí" not in answer.content.decode()


def test_the_page_names_the_decision_by_which_the_task_moved_to_a_revision(task, coordinator, officer):
    revision = start_revision(task.plan, by=coordinator)
    send_for_opinions(revision, [officer.memberships.get().agency], asked_on=TODAY, answer_by=None, by=coordinator)
    issue_with_work(revision, number="77/KH-UBND", issued_on=TODAY, by=coordinator)
    assert f"chuyển sang kế hoạch điều chỉnh số 77/KH-UBND ngày {date_format(TODAY)}" in page_of(officer, task)


def test_the_page_asks_as_much_of_a_task_with_many_parts(
    lived, lead, province, coordinator, django_assert_max_num_queries
):
    agencies = Agency.objects.bulk_create(
        [Agency(province=province, name_vi=f"UBND xã {n}", kind="people_committee") for n in range(150)]
    )
    bulk.give_to_all(lived, agencies, PartDraft(part="coordinating"), by=coordinator)
    client = signed_in(coordinator)
    for where in (f"/work/tasks/{lived.pk}/", f"/work/tasks/{lived.pk}/history/", f"/work/parts/{lead.pk}/"):
        with django_assert_max_num_queries(20):
            assert "Chờ kinh phí" in client.get(where).content.decode(), where
