"""The pages of those who work here fit a phone and have no serious fault of accessibility, in both languages."""

import pytest

from browser_help import look, sign_in

pytestmark = pytest.mark.needs("chromium")

PAGES = {
    "dieuphoi": [
        "/follow/", "/follow/letters/", "/work/", "/plans/2/", "/plans/2/tasks/", "/plans/2/owners/", "/plans/2/state/",
        "/plans/2/about/", "/plans/2/document/", "/plans/2/reports/", "/plans/new/", "/plans/templates/", "/classes/",
        "/classes/1/", "/classes/new/", "/classes/entries/1/", "/inspections/", "/inspections/new/", "/inspections/1/",
        "/inspections/1/team/", "/inspections/1/questions/", "/inspections/1/places/", "/inspections/visits/1/",
        "/inspections/findings/1/", "/commune-figures/", "/commune-figures/bring/", "/commune-figures/measures/",
        "/commune-figures/measures/new/", "/calendar/2026/", "/calendar/2026/reports/", "/calendar/upload/", "/rules/",
        "/clocks/", "/agencies/", "/agencies/new/", "/agencies/invite/", "/audit/", "/outbox/", "/notices/",
        "/data/import/", "/rounds/new/", "/places/boundaries/import/", "/places/vn34-91/communes/",
        "/work/plans/2/periods/",
    ],
    "lanhdao": ["/lead/", "/inspections/"],
    "canbo-xa": ["/work/", "/inspections/", "/inspections/findings/2/", "/inspections/findings/2/answer/", "/notices/"],
}  # fmt: skip


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["", "/en"], ids=["vi", "en"])
def test_the_pages_of_an_account_fit_a_phone(phone, site, name, language):
    sign_in(phone, site, name)
    for address in PAGES[name]:
        answer = phone.goto(language + address)
        assert answer.status == 200, address
        look(phone)
        assert phone.locator("header.site").bounding_box()["height"] < 200, address  # the rest is for the page


@pytest.mark.parametrize("address", ["/audit/", "/inspections/1/"])
def test_entries_of_the_trail_stack_on_a_phone_and_do_not_slide(phone, site, address):
    sign_in(phone, site, "dieuphoi")
    phone.goto(address)
    for summary in phone.locator("details.parts summary").all():
        summary.click()
    assert phone.locator(".scroll ins").first.is_visible()
    over = phone.evaluate("[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth - e.clientWidth)")
    assert max(over) <= 1, address
