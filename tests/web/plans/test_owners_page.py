import re

import pytest
from django.utils import timezone

from people import SYSTEM, signed_in
from quantri.web.accounts.actions import ensure_agency
from quantri.web.plans.actions import set_owners
from quantri.web.plans.decisions import publish_plan


@pytest.fixture
def page(plan) -> str:
    return f"/plans/{plan.pk}/owners/"


def opened(text: str) -> list[str]:
    """Codes of the contents whose form is open."""
    return re.findall(r'name="code" value="(.*?)"', text)


def test_a_fault_keeps_what_was_chosen_and_typed(plan, agency, coordinator, page):
    answer = signed_in(coordinator).post(page, {"code": "D4", "agencies": [agency.pk], "new_name": "x" * 201})
    text = answer.content.decode()
    section = text[text.index('<section id="D4"') : text.index('<section id="D5"')]
    assert answer.status_code == 422
    assert f'value="{"x" * 201}"' in section and f'value="{agency.pk}" checked' in section
    assert 'href="#new-D4"' in text and opened(text) == ["D4"]
    assert not plan.owners.exists()


def test_an_agency_that_has_ended_is_neither_offered_nor_taken(plan, province, agency, coordinator, page):
    ended = ensure_agency(province, "UBND huyện cũ", by=SYSTEM, valid_to=timezone.localdate())
    client = signed_in(coordinator)
    assert "UBND huyện cũ" not in client.get(page).content.decode()
    answer = client.post(page, {"code": "D4", "agencies": [ended.pk], "new_name": "Thanh tra tỉnh"})
    assert answer.status_code == 422 and 'value="Thanh tra tỉnh"' in answer.content.decode()


def test_a_name_typed_in_other_letters_is_the_agency_that_is_there(plan, agency, coordinator, page):
    signed_in(coordinator).post(page, {"code": "D4", "new_name": "sở nội vụ"})
    assert [o.agency for o in plan.owners.all()] == [agency]


def test_only_the_first_content_without_an_owner_is_open(plan, agency, coordinator, page):
    client = signed_in(coordinator)
    assert opened(client.get(page).content.decode()) == ["D1"]
    set_owners(plan, "D1", [agency], new_name="", by=coordinator)
    assert opened(client.get(page).content.decode()) == ["D2"]


@pytest.mark.parametrize("code", ["D4", "D4.1"])
def test_another_content_or_part_is_opened_in_place_of_it(coordinator, page, code):
    client = signed_in(coordinator)
    text = client.get(page).content.decode()
    assert f'href="{page}?change={code}#{code}"' in text
    assert opened(client.get(f"{page}?change={code}").content.decode()) == [code]


def test_what_is_no_content_opens_the_first_one(coordinator, page):
    assert opened(signed_in(coordinator).get(f"{page}?change=%3Cscript%3E").content.decode()) == ["D1"]


def test_the_pages_of_a_public_plan_say_why_nothing_can_be_typed_and_what_to_do(plan, coordinator, leader, agency):
    publish_plan(plan, reason="Công khai", by=leader)
    client = signed_in(coordinator)
    for tail in ("targets/", "owners/", "tasks/", "about/"):
        text = client.get(f"/en/plans/{plan.pk}/{tail}").content.decode()
        main = text[text.index("<main") : text.index("</main>")]
        assert "a leader must withdraw it from the public first" in main
        assert "<button" not in main
        for form in re.findall(r"<form.*?</form>", main, re.S):
            field = re.search(r'<(?:input(?! type="hidden")|select|textarea)', form)
            assert field is None or re.search(r"<fieldset[^>]* disabled", form[: field.start()])


def test_a_leader_is_shown_the_way_to_withdraw(plan, coordinator, leader):
    publish_plan(plan, reason="Công khai", by=leader)
    leader.memberships.create(agency=leader.memberships.get().agency, role="coordinator", valid_from="2020-01-01")
    assert f'href="/plans/{plan.pk}/decision/"' in signed_in(leader).get(f"/plans/{plan.pk}/targets/").content.decode()
