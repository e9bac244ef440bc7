"""The outcome of an inspection is public by a leader's decision alone, names no person, and can be taken back."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from people import SYSTEM, make_user, signed_in
from quantri.errors import RuleViolation
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Membership, Role, User
from quantri.web.core.models import AuditEntry
from quantri.web.inspections.findings import accept_answer, answer, give_answer_back
from quantri.web.inspections.impersonal import GONE, without_people
from quantri.web.inspections.models import Finding, OutcomePublication
from quantri.web.inspections.outcomes import mark_of, outcome_of, publish_outcome, withdraw_outcome
from quantri.web.plans.decisions import publish_plan, withdraw_plan
from revising import LEAD, revised

TODAY = timezone.localdate()
TEXT = "Chưa niêm yết thủ tục đất đai"


def seen(finding) -> str:
    """Give the mark of what the page of the decision shows."""
    return mark_of(outcome_of(finding.visit, TODAY))


def decision(finding) -> dict[str, str]:
    return {"text": "Quyết định 12", "is_read": "on", "seen": seen(finding)}


@pytest.fixture
def chair(province) -> User:
    """A leader of the province who is neither in the team nor at the inspected place."""
    return make_user(ensure_agency(province, "UBND tỉnh", by=SYSTEM), Role.LEADER, "chair")


@pytest.fixture
def ready(sent, chair) -> Finding:
    """A finding that was sent, of a plan that is public."""
    publish_plan(sent.visit.programme.plan, reason="Công khai kế hoạch", by=chair)
    return Finding.objects.select_related("visit__programme__plan", "visit__agency").get(pk=sent.pk)


def address(finding) -> str:
    return f"/inspections/plans/{finding.visit.programme.plan_id}/"


def page(client, finding) -> str:
    return client.get(address(finding)).content.decode()


def test_nothing_of_an_inspection_is_public_without_a_decision(ready, client, inspected, outsider):
    for reader in (client, signed_in(inspected), signed_in(outsider)):
        answer_ = reader.get(address(ready))
        assert answer_.status_code == 200 and TEXT not in answer_.content.decode()


def test_a_leaders_decision_shows_findings_and_answers_and_another_takes_them_back(
    ready, chair, client, inspected, inspector
):
    accept_answer(answer(ready, text="Đã niêm yết ngày 3/3", by=inspected), by=inspector)
    made = publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    shown = page(client, ready)
    assert all(words in shown for words in (TEXT, "Niêm yết ngay", "Đã niêm yết ngày 3/3", ready.agency.name_vi))
    assert "Quyết định 12" in shown
    withdraw_outcome(made, reason="Đính chính", by=chair)
    assert TEXT not in page(client, ready)
    assert [e.action for e in AuditEntry.objects.filter(action__startswith="outcome").order_by("pk")] == [
        "outcome.published", "outcome.withdrawn",
    ]  # fmt: skip
    publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 13", by=chair)
    assert OutcomePublication.objects.count() == 2


def test_what_was_taken_back_is_not_taken_back_again(ready, chair):
    made = publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    withdraw_outcome(made, reason="Thu hồi", by=chair)
    with pytest.raises(RuleViolation):
        withdraw_outcome(made, reason="Thu hồi lần nữa", by=chair)
    made.refresh_from_db()
    assert made.withdrawn_reason == "Thu hồi"


def test_the_public_page_names_nobody_and_leads_to_no_file(ready, chair, client, inspected, inspector):
    for user, name in ((inspected, "Cán Bộ Mẫu"), (inspector, "Thành Viên Mẫu")):
        User.objects.filter(pk=user.pk).update(full_name=name)
    inspected.full_name, inspector.full_name = "Cán Bộ Mẫu", "Thành Viên Mẫu"
    text = "Ông cán bộ mẫu (0912.345.678, mau@example.vn) trực thay; bà Thành Viên Mẫu đã nhắc"
    Finding.objects.filter(pk=ready.pk).update(text=text)
    accept_answer(answer(ready, text="CCCD 089012345678 đã bỏ", by=inspected), by=inspector)
    publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    shown = page(client, ready)
    assert f"Ông {GONE} ({GONE}, {GONE}) trực thay; bà {GONE} đã nhắc" in shown and f"CCCD {GONE} đã bỏ" in shown
    for personal in ("Mẫu,", "mau@", "0912", "089012345678", "chair", "inspected", "inspector", "/inspections/files/"):
        assert personal not in shown, personal


@pytest.mark.parametrize(
    "kept", ["1.200.000.000 đồng", "Kế hoạch 135/KH-UBND ngày 27/03/2019", "090.000 hồ sơ", "102 xã", "5,24 điểm"]
)
def test_figures_numbers_of_documents_and_days_stay(kept):
    assert without_people(kept, ["Mẫu"]) == kept


def test_an_accepted_answer_is_called_so_and_no_opinion_that_is_taken_up(ready, chair, inspected, inspector, client):
    accept_answer(answer(ready, text="Đã niêm yết", by=inspected), by=inspector)
    publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    assert "được chấp nhận" in page(client, ready) and "tiếp thu" not in page(client, ready)


def test_a_returned_answer_is_no_answer_for_the_public(ready, inspected, inspector):
    give_answer_back(answer(ready, text="Chưa đủ", by=inspected), reason="Thiếu ảnh", by=inspector)
    assert outcome_of(ready.visit, TODAY)["findings"][0]["answers"] == []


def test_what_was_made_public_stays_as_it_was(ready, chair, inspected, client):
    publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    answer(ready, text="Đến sau", by=inspected)
    assert "Đến sau" not in page(client, ready)
    with pytest.raises(RuleViolation):
        publish_outcome(ready.visit, seen=seen(ready), reason="Lần hai", by=chair)


def test_what_was_answered_after_the_page_was_read_is_not_made_public_unread(ready, chair, inspected):
    client, where = signed_in(chair), f"/inspections/visits/{ready.visit_id}/publish/"
    read = decision(ready)
    assert read["seen"] in client.get(where).content.decode()
    answer(ready, text="Đến sau", by=inspected)
    shown = client.post(where, read)
    assert shown.status_code == 409 and "Đến sau" in shown.content.decode()
    assert not OutcomePublication.objects.exists()
    assert client.post(where, decision(ready)).status_code == 302


def test_only_a_leader_of_the_province_decides(ready, coordinator, inspector, outsider):
    for user in (coordinator, inspector, outsider):
        with pytest.raises(PermissionDenied):
            publish_outcome(ready.visit, seen=seen(ready), reason="x", by=user)


def test_nobody_decides_on_the_own_agency(ready, place, chair):
    own = make_user(place, Role.OFFICER, "own")
    Membership.objects.create(user=own, agency=chair.memberships.get().agency, role=Role.LEADER, valid_from=TODAY)
    where = f"/inspections/visits/{ready.visit_id}/publish/"
    assert signed_in(own).post(where, decision(ready)).status_code == 409
    made = publish_outcome(ready.visit, seen=seen(ready), reason="x", by=chair)
    with pytest.raises(RuleViolation):
        withdraw_outcome(made, reason="x", by=own)


def test_only_what_was_sent_of_a_public_plan_is_published(finding, chair, inspector, sent):
    with pytest.raises(RuleViolation):  # the plan is not public
        publish_outcome(sent.visit, seen=seen(sent), reason="x", by=chair)


def test_what_was_not_sent_is_neither_read_nor_published_by_a_leader(finding, chair):
    publish_plan(finding.visit.programme.plan, reason="Công khai", by=chair)
    with pytest.raises(RuleViolation):
        publish_outcome(finding.visit, seen=seen(finding), reason="x", by=chair)
    assert signed_in(chair).get(f"/inspections/visits/{finding.visit_id}/publish/").status_code == 404


def test_an_outcome_is_hidden_with_its_plan(ready, chair, client):
    publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    withdraw_plan(ready.visit.programme.plan, reason="Đính chính", by=chair)
    assert client.get(address(ready)).status_code == 404


def test_outcomes_stay_to_be_read_when_the_plan_is_revised_and_revised_again(ready, chair, coordinator, client):
    publish_outcome(ready.visit, seen=seen(ready), reason="Quyết định 12", by=chair)
    ensure_agency(ready.visit.programme.plan.province, LEAD, by=SYSTEM)
    second = revised(ready.visit.programme.plan, "16/KH-UBND", TODAY, by=coordinator)
    third = revised(second, "17/KH-UBND", TODAY, by=coordinator)
    publish_plan(third, reason="Công khai kế hoạch", by=chair)
    shown = client.get(f"/en/inspections/plans/{third.pk}/").content.decode()
    assert TEXT in shown and "Plan 15/KH-UBND, before it was revised" in shown


def test_the_decision_is_made_on_a_page_that_shows_what_will_be_public(ready, chair):
    client, where = signed_in(chair), f"/inspections/visits/{ready.visit_id}/publish/"
    assert where in client.get("/lead/").content.decode()
    assert TEXT in client.get(where).content.decode()
    assert client.post(where, {"text": "Quyết định 12"}).status_code == 422  # nobody says it was read
    assert client.post(where, decision(ready)).status_code == 302
    assert client.post(where, decision(ready)).status_code == 409
    assert where not in client.get("/lead/").content.decode()
    made = OutcomePublication.objects.get()
    assert f"/inspections/outcomes/{made.pk}/withdraw/" in page(client, ready)
    assert client.post(f"/inspections/outcomes/{made.pk}/withdraw/", {"text": "Đính chính"}).status_code == 302
    assert where in client.get("/lead/").content.decode()


def test_many_outcomes_are_read_with_few_queries(ready, chair, client, django_assert_max_num_queries):
    publish_outcome(ready.visit, seen=seen(ready), reason="x", by=chair)
    made = OutcomePublication.objects.get()
    for _n in range(30):
        made.visit.pk, made.visit.choice, made.visit.reinspects = None, None, ready
        made.visit.visit_on = TODAY + timedelta(days=1)
        made.visit.save()
        OutcomePublication.objects.create(
            plan=made.plan, visit=made.visit, content=made.content, sha256=made.sha256, reason="x"
        )  # fmt: skip
    leading = signed_in(chair)
    with django_assert_max_num_queries(20):
        assert page(client, ready).count("<h2>") >= 31
    with django_assert_max_num_queries(20):
        assert leading.get("/lead/").status_code == 200
