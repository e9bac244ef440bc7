"""Take the pictures of the README from a running demonstration site.

python3 run.py serve                                    (in another window)
.venv/bin/python scripts/screenshots.py [DATA_FOLDER]   (default: var)
"""

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SITE = "http://127.0.0.1:8000"
TO = ROOT / "docs" / "images"


def sign_in(page: Page, folder: Path) -> None:
    name, word = (folder / "demo-logins.txt").read_text(encoding="utf-8").split()[:2]
    page.goto(f"{SITE}/account/login/")
    page.fill("#id_username", name)
    page.fill("#id_password", word)
    page.click("main form button")


def plan_with_targets(page: Page, language: str) -> None:
    page.goto(f"{SITE}{language}/plans/new/")
    page.click("main form button")
    for code, target in (("D1", "4.5"), ("D3", "4.2"), ("D4", "keep"), ("D5", "7.4")):
        page.fill(f"#spec-{code}", target.replace(".", ",") if not language else target)
        page.press(f"#spec-{code}", "Tab")
        page.wait_for_selector(f"#line-{code.lower()} .chance")


def main(folder: Path) -> None:
    TO.mkdir(parents=True, exist_ok=True)
    options = ["--no-sandbox", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=options)
        for language, name in (("", "vi"), ("/en", "en")):
            page = browser.new_page(viewport={"width": 1200, "height": 860})
            page.goto(f"{SITE}{language}/")
            page.screenshot(path=TO / f"home-{name}.png")
            sign_in(page, folder)
            plan_with_targets(page, language)
            page.evaluate("scrollTo(0, 0)")
            page.screenshot(path=TO / f"targets-{name}.png")
            page.close()
        phone = browser.new_page(viewport={"width": 360, "height": 740}, color_scheme="dark", device_scale_factor=1.5)
        phone.goto(f"{SITE}/plans/1/try/D5/")
        phone.screenshot(path=TO / "phone.png")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "var")
