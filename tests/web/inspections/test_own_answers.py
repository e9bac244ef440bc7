"""Answers that the person's agency owes stand on the page of own work, the nearest day first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inspecting import TODAY
from people import SYSTEM, make_user, signed_in
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Role
from quantri.web.inspections.findings import answer
from quantri.web.inspections.models import Finding

EMPTY = "Cơ quan của bạn không có việc đang thực hiện"


def shown(user):
    return signed_in(user).get("/work/")


def more(finding: Finding, n: int, due_on) -> None:
    Finding.objects.bulk_create(
        Finding(visit=finding.visit, agency=finding.agency, text=f"phát hiện {k}", due_on=due_on, first_due_on=due_on,
                answer_days=5, made_by="x") for k in range(n)
    )  # fmt: skip


def test_an_answer_that_is_owed_stands_on_own_work_with_its_day_and_the_way_to_it(sent, inspected):
    page = shown(inspected).content.decode()
    assert sent.text in page and f"/inspections/findings/{sent.pk}/answer/" in page
    assert "ngày làm việc" in page and EMPTY not in page


def test_late_answers_come_first_and_are_marked(sent, inspected):
    more(sent, 1, TODAY - timedelta(days=9))
    [section] = shown(inspected).context["also_due"]
    answers = section.rows
    assert [f.due_on for f in answers] == sorted(f.due_on for f in answers) and answers[0].due_on < TODAY
    assert shown(inspected).content.decode().count('class="under must"') == 1


def test_others_and_those_who_answered_see_nothing_of_it(sent, inspected, inspector, place):
    other = make_user(ensure_agency(place.province, "UBND xã khác", by=SYSTEM), Role.OFFICER, "other")
    for user in (inspector, other):
        assert sent.text not in shown(user).content.decode()
    answer(sent, text="Đã niêm yết", by=inspected)
    page = shown(inspected).content.decode()
    assert sent.text not in page and EMPTY in page


def test_what_was_not_sent_is_not_told(finding, inspected):
    assert finding.text not in shown(inspected).content.decode()


@pytest.mark.parametrize("n", [0, 40])
def test_the_page_costs_the_same_however_many_answers_are_owed(sent, inspected, n):
    more(sent, n, TODAY)
    client = signed_in(inspected)
    with CaptureQueriesContext(connection) as seen:
        assert client.get("/work/").status_code == 200
    assert len(seen) <= 20


def test_more_than_a_page_of_answers_is_cut_and_said(sent, inspected):
    more(sent, 60, TODAY)
    page = shown(inspected).content.decode()
    assert page.count("/answer/") == 50 and "/inspections/" in page
