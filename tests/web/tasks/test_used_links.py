"""A one-use link opens one report once; the agency learns of it, and can say that it was somebody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from people import make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.models import Role
from quantri.web.core.models import AuditEntry, Message
from quantri.web.tasks import links, reporting
from quantri.web.tasks.models import OneUseLink, Progress
from quantri.web.tasks.periods import lock_period
from quantri.web.tasks.reporting import Reported

SENT = {"kind": "worked", "text": "Đã niêm yết tại trụ sở", "seen": "0"}


@pytest.fixture
def link(lead, period, coordinator):
    return links.make_links(period, [lead], by=coordinator)[0]


@pytest.fixture
def used(link, client) -> OneUseLink:
    assert client.post(f"/r/{link.token}/", SENT).status_code == 200
    return OneUseLink.objects.get()


def told(about: str, user) -> list[str]:
    return [m.body for m in Message.objects.filter(key__startswith=f"notice:{about}:", recipient_key=str(user.pk))]


def test_a_link_opens_no_other_part_and_no_other_period(link, lead, part, period, client):
    later = lead.task.plan.periods.exclude(pk=period.pk).first()
    elsewhere = {"part": part.pk, "assignment": part.pk, "period": later.pk, "pk": part.pk}
    where = f"/r/{link.token}/?part={part.pk}&period={later.pk}"
    page = client.get(where)
    assert (page.context["part"], page.context["period"]) == (lead, period)
    assert client.post(where, SENT | elsewhere).status_code == 200
    assert [(r.assignment, r.period) for r in Progress.objects.all()] == [(lead, period)]
    for inside in (
        f"/work/parts/{lead.pk}/",
        f"/work/periods/{period.pk}/",
        f"/work/periods/{period.pk}/parts/{lead.pk}/",
    ):
        assert client.get(inside).status_code == 302  # to sign in: the link opens no session


@pytest.mark.parametrize("end", ["used", "late", "withdrawn"])
def test_a_link_that_is_over_opens_nothing(end, link, lead, client):
    where = f"/r/{link.token}/"
    if end == "used":
        client.post(where, SENT)
    elif end == "late":
        OneUseLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        OneUseLink.objects.update(withdrawn_at=timezone.now())
    before = list(Progress.objects.values_list("text", "mark"))
    for answer in (client.get(where), client.post(where, SENT | {"text": "Lần hai", "seen": "2"})):
        page = answer.content.decode()
        assert answer.status_code == 410 and "<form" not in page.partition("<main")[2].partition("</main>")[0]
        assert lead.task.title not in page and SENT["text"] not in page
    assert list(Progress.objects.values_list("text", "mark")) == before


def test_who_opens_a_used_link_learns_when_it_was_used(link, used, client):
    when = timezone.localtime(used.used_at)
    page = client.get(f"/r/{link.token}/").content.decode()
    assert f"{when:%H:%M}" in page and f"{when.day}" in page


def test_the_agency_is_told_when_its_link_was_used_and_what_was_handed_in(used, officer, colleague):
    [body] = told("link-used", officer)
    assert SENT["text"] in body and f"{timezone.localtime(used.used_at):%H:%M}" in body
    assert told("link-used", colleague) == []


def test_the_page_of_the_part_says_it_to_the_agency_and_the_coordinator_alone(
    used, officer, colleague, coordinator, director
):
    where = f"/work/parts/{used.assignment_id}/"
    pages = {user: signed_in(user).get(where).content.decode() for user in (officer, coordinator, colleague, director)}
    assert [f"/work/links/{used.pk}/not-us/" in page for page in pages.values()] == [True, True, False, False]
    assert [SENT["text"] in page for page in pages.values()] == [True, True, False, False]


def test_who_did_not_use_it_gets_the_report_back_and_the_other_links_end(
    used, lead, period, officer, coordinator, client
):
    later = lead.task.plan.periods.exclude(pk=period.pk).first()
    token = links.make_links(period, [lead], by=coordinator)[0].token
    OneUseLink.objects.filter(used_at=None).update(period=later)
    assert signed_in(officer).post(f"/work/links/{used.pk}/not-us/").status_code == 302
    report = lead.reports.get()
    assert report.state == "returned" and "người khác" in report.returned_reason
    assert client.get(f"/r/{token}/").status_code == 410
    [body] = told("link-disowned", coordinator)
    assert "Thanh tra tỉnh" in body and "đã được trả lại" in body
    assert AuditEntry.objects.get(action="link.disowned").details == {"is_returned": True, "ended": 1}
    page = signed_in(coordinator).get(f"/work/parts/{lead.pk}/").content.decode()
    assert "người khác sử dụng, theo officer" in page
    reporting.submit(lead, period, Reported(text="Của chính chúng tôi"), seen=report.mark, by=officer)


def test_it_is_said_once_by_the_agency_or_for_it_by_the_coordinator(used, colleague, outsider, officer, coordinator):
    for stranger in (colleague, outsider):
        with pytest.raises(PermissionDenied):
            links.disown(used, by=stranger)
        assert signed_in(stranger).post(f"/work/links/{used.pk}/not-us/").status_code == 404
    links.disown(used, by=coordinator)
    with pytest.raises(RuleViolation):
        links.disown(used, by=officer)
    assert Message.objects.filter(key__startswith="notice:link-disowned:").count() == 1


def test_a_link_that_nobody_used_cannot_be_disowned(link, officer):
    with pytest.raises(RuleViolation):
        links.disown(OneUseLink.objects.get(), by=officer)


@pytest.mark.parametrize("since", ["accepted", "handed in anew", "locked"])
def test_what_was_decided_since_stays_and_the_coordinator_is_asked_to_look(
    since, used, lead, period, officer, coordinator
):
    report = lead.reports.get()
    if since == "accepted":
        report = reporting.accept(report, seen=report.mark, by=coordinator)
    elif since == "handed in anew":
        report = reporting.submit(lead, period, Reported(text="Bản của cơ quan"), seen=report.mark, by=officer)
    else:
        lock_period(period, by=coordinator)
    links.disown(used, by=officer)
    assert lead.reports.get().state == report.state != "returned"
    [body] = told("link-disowned", coordinator)
    assert "xem xét" in body


def test_every_officer_of_the_agency_can_say_it(used, lead):
    other = make_user(lead.agency, Role.OFFICER, "other")
    assert links.disown(used, by=other).disowned_by == "other"
