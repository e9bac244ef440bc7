"""A refusal that is not accepted comes before the head of the agency, once, with the reason and what to do."""

import pytest
from django.utils import timezone

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.agencies import Head, appoint_head
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry, Message
from quantri.web.tasks import asking, news


@pytest.fixture
def refused(lead, officer):
    return asking.ask_handover(lead, after=None, reason="Không thuộc chức năng", by=officer)


@pytest.fixture
def head(lead, officer, coordinator):
    """The head of the agency, with an account and an address."""
    user = make_user(lead.agency, Role.LEADER, "head")
    user.email = "head@example.vn"
    user.save()
    appoint_head(lead.agency, Head(title="Chánh Thanh tra", user=user), on=timezone.localdate(), by=coordinator)
    return user


def told() -> list[Message]:
    return list(Message.objects.filter(key__contains="refusal-escalated:").order_by("pk"))


def test_the_head_is_told_here_and_by_letter_with_the_reason_and_what_to_do(refused, head, officer, coordinator):
    make_user(refused.assignment.agency, Role.LEADER, "deputy")
    asking.refuse_handover(refused, answer="Vẫn phải làm", by=coordinator)
    assert {(m.channel, m.recipient_key) for m in told()} == {("notice", str(head.pk)), ("email", str(head.pk))}
    for words in ("Không thuộc chức năng", "Vẫn phải làm", "cơ quan khác"):
        assert words in told()[0].body
    assert told()[0].link == f"/work/parts/{refused.assignment_id}/"


def test_leaders_are_told_where_the_head_has_no_account(refused, coordinator):
    leaders = {make_user(refused.assignment.agency, Role.LEADER, name) for name in ("director", "deputy")}
    make_user(refused.assignment.agency, Role.OVERSEER, "other")
    appoint_head(refused.assignment.agency, Head(title="Chánh Thanh tra"), on=timezone.localdate(), by=coordinator)
    asking.refuse_handover(refused, answer="Vẫn phải làm", by=coordinator)
    assert {m.recipient_key for m in told()} == {str(user.pk) for user in leaders}


def test_it_is_told_once(refused, head, coordinator):
    refused = asking.refuse_handover(refused, answer="Vẫn phải làm", by=coordinator)
    news.refusal_escalated(refused)
    with pytest.raises(RuleViolation):
        asking.refuse_handover(refused, answer="Lần hai", by=coordinator)
    assert len(told()) == 2


def test_who_was_told_stands_on_the_page_of_the_part_and_in_the_trail(refused, head, officer, coordinator):
    asking.refuse_handover(refused, answer="Vẫn phải làm", by=coordinator)
    for user in (officer, coordinator):
        page = signed_in(user).get(f"/work/parts/{refused.assignment_id}/").content.decode()
        assert "đã chuyển lên người đứng đầu</span>: head" in page
    assert AuditEntry.objects.get(action="handover.escalated").details["told"] == ["head"]


def test_where_nobody_can_be_told_the_page_says_so(refused, coordinator):
    asking.refuse_handover(refused, answer="Vẫn phải làm", by=coordinator)
    page = signed_in(coordinator).get(f"/work/parts/{refused.assignment_id}/").content.decode()
    assert told() == [] and "gửi văn bản" in page


def test_the_officers_are_told_that_the_head_knows(refused, officer, coordinator):
    asking.refuse_handover(refused, answer="Vẫn phải làm", by=coordinator)
    notice = Message.objects.get(recipient_key=str(officer.pk), key__startswith="notice:handover-answered:")
    assert "người đứng đầu" in notice.body


def test_a_request_for_another_agency_that_is_not_granted_is_no_refusal(lead, part, officer, head, coordinator):
    asked = asking.ask_handover(lead, after=part.agency, reason="Đúng chức năng hơn", by=officer)
    assert not asking.refuse_handover(asked, answer="Vẫn phải làm", by=coordinator).is_escalated
    assert told() == []
