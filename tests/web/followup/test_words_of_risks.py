"""What the page of risks says: kinds as kinds, whose accounts are missing, and where letters are chosen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from people import make_user, signed_in
from quantri.web.accounts.models import Role
from quantri.web.tasks.models import Assignment


@pytest.fixture
def late(lead) -> Assignment:
    Assignment.objects.filter(pk=lead.pk).update(due_on=timezone.localdate() - timedelta(days=3))
    return lead


def test_the_heading_counts_kinds_and_says_so(late, coordinator):
    page = signed_in(coordinator).get("/follow/")
    assert f"Hôm nay có {len(page.context['risks'])} loại việc cần xử lý" in page.content.decode()
    english = signed_in(coordinator).get("/en/follow/").content.decode()
    assert "kinds of things need you today" in english or "kind of things needs you today" in english


def test_an_agency_with_an_overseer_alone_lacks_people_who_carry_out_work(lead, officer, coordinator):
    officer.memberships.all().delete()
    make_user(lead.agency, Role.OVERSEER, "giam-sat")
    page = signed_in(coordinator).get("/follow/").content.decode()
    assert "chưa có người thực hiện có tài khoản" in page and "cơ quan chưa có tài khoản" not in page
    agency = signed_in(coordinator).get(f"/follow/agencies/{lead.agency_id}/").content.decode()
    assert "Chưa cán bộ nào ở đây có tài khoản" in agency


def test_letters_are_chosen_from_the_pages_of_the_work(late, officer, coordinator):
    for user, where in ((coordinator, "/follow/"), (officer, "/work/")):
        assert 'href="/follow/letters/"' in signed_in(user).get(where).content.decode()


def test_a_long_name_is_cut_between_words_and_says_so(late, coordinator):
    name = "Niêm yết thu, chi ngân sách và khoản đóng góp của dân tại trụ sở ủy ban và trên cổng thông tin điện tử"
    late.task.title = name
    late.task.save()
    page = signed_in(coordinator).get("/follow/").content.decode()
    assert name not in page and "trên cổng…</a>" in page
