"""What the journeys do again and again."""

import re
from dataclasses import dataclass

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

SERIOUS = {"serious", "critical"}


@dataclass(frozen=True)
class Site:
    """A running site: its address, and the demonstration's logins."""

    address: str
    logins: dict[str, str]


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto("/account/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", site.logins[name])
    page.click("main form button")


def look(page: Page) -> None:
    """Find no serious fault of accessibility, and nothing that sticks out sideways."""
    found = Axe().run(page).response["violations"]
    faults = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found if v["impact"] in SERIOUS]
    assert faults == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1, f"{page.url} is {wide} px too wide"


def number_in(text: str) -> float:
    return float(re.search(r"\d+(?:[.,]\d+)?", text)[0].replace(",", "."))
