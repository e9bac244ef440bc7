"""A real site in a process of its own, and a real browser."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from browser_help import Site, watched
from database_server import running_server

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Iterator[Site]:
    with _running_site(tmp_path_factory.mktemp("site")) as found:
        yield found


@pytest.fixture
def site_on_postgresql(tmp_path_factory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with running_server() as address, _running_site(folder, QUANTRI_DATABASE_URL=address, QUANTRI_DEMO="1") as found:
        yield found


@contextmanager
def _running_site(folder: Path, **more: str) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")}
    settings = {"QUANTRI_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT / "src")} | more
    command = [sys.executable, "-m", "quantri.web.server", "--port", str(port)]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, env=clean | settings, stdout=log, stderr=log)
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(address, process, folder / "server.log")
        words = (folder / "demo-logins.txt").read_text(encoding="utf-8")
        logins = dict(line.split() for line in words.splitlines())
        yield Site(address=address, logins=logins, settings=clean | settings)
        assert "Traceback" not in (folder / "server.log").read_text(encoding="utf-8")
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait_for(address: str, process: subprocess.Popen, log: Path) -> None:
    for _ in range(900):
        if process.poll() is not None:
            pytest.fail(f"the site ended: {log.read_text(encoding='utf-8')}")
        try:
            urllib.request.urlopen(f"{address}/method/", timeout=2)  # noqa: S310 — our own site on loopback
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the site did not answer within 90 s")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Ended with each file, since what drives it leaves a loop running that tests of the database refuse."""
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-background-networking"]
        found = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        yield found
        found.close()


@pytest.fixture
def phone(browser, site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, base_url=site.address, locale="vi-VN")
    page = watched(context)
    yield page
    assert page.faults == []
    context.close()


@pytest.fixture
def desktop(browser, site) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=site.address, color_scheme="dark")
    page = watched(context)
    yield page
    assert page.faults == []
    context.close()


@pytest.fixture
def plain(browser, site) -> Iterator[Page]:
    """A browser with scripts off."""
    context = browser.new_context(java_script_enabled=False, base_url=site.address)
    yield context.new_page()
    context.close()
