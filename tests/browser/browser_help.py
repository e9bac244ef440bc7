"""What the journeys do again and again."""

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request

TODAY = date.today()  # noqa: DTZ011 - what people type
SERIOUS = {"serious", "critical"}


@dataclass(frozen=True)
class Site:
    """A running site: its address, and the demonstration's logins."""

    address: str
    logins: dict[str, str]
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, code: str) -> str:
        """Let the site's own code do what a test cannot wait for, such as days that pass; return what it prints."""
        command = [sys.executable, "-m", "quantri.web", "shell", "--no-imports", "-c", code]
        done = subprocess.run(command, env=self.settings, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.strip()


def typed(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def sign_in(page: Page, site: Site, name: str) -> None:
    page.goto("/account/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", site.logins[name])
    page.click("main form button")


def press(page: Page, what: str | Locator) -> None:
    """Press what leads to another page, and wait for that page."""
    with page.expect_navigation():
        (page.locator(what) if isinstance(what, str) else what).click()


def look(page: Page) -> None:
    """Find no serious fault of accessibility, and nothing that sticks out sideways."""
    found = Axe().run(page).response["violations"]
    faults = [(v["id"], [n["html"][:120] for n in v["nodes"][:3]]) for v in found if v["impact"] in SERIOUS]
    assert faults == [], page.url
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1, f"{page.url} is {wide} px too wide"


def number_in(text: str) -> float:
    return float(re.search(r"\d+(?:[.,]\d+)?", text)[0].replace(",", "."))


def watched(context: BrowserContext) -> Page:
    """Open a page whose faults fail the test; a refused form is no fault."""
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    page.on("console", lambda m: m.type == "error" and "422" not in m.text and page.faults.append(_told(m)))
    page.on("requestfailed", lambda request: _is_broken(request) and page.faults.append(f"{request.url} failed"))
    return page


@contextmanager
def refused(page: Page, status: int) -> Iterator[None]:
    """Await that the browser tells of one refusal with this status; all else that it tells stays a fault."""
    with page.expect_console_message(lambda m: m.type == "error" and f"status of {status} " in m.text) as told:
        yield
    page.faults.remove(_told(told.value))


def _told(message: ConsoleMessage) -> str:
    return f"{message.text} ({message.location['url']})"


def _is_broken(request: Request) -> bool:
    """Say whether a request failed by itself; one that a person leaves, or that becomes a file, is broken off."""
    return request.failure != "net::ERR_ABORTED"
