"""The Vietnamese tutorials call pages, fields and buttons as the interface does."""

import gettext
import re
from pathlib import Path

import pytest

from quantri.words import say

ROOT = Path(__file__).resolve().parents[2]
TUTORIALS = ROOT / "docs/tutorial"
CATALOGUE = ROOT / "src/quantri/web/locale/vi/LC_MESSAGES/django.mo"
VIETNAMESE = ("ke-hoach-dau-tien.md", "mot-vong-viec-trong-nam.md")
LOGINS = "Demonstration logins (also in demo-logins.txt of the data folder):"


def text_of(page: str) -> str:
    return (TUTORIALS / page).read_text("utf-8")


def named(page: str) -> list[str]:
    """What a page sets in bold, on one line each."""
    found = re.findall(r"\*\*([^*]+)\*\*", text_of(page))
    return [re.sub(r"\s+", " ", name) for name in found]


@pytest.fixture(scope="module")
def said() -> set[str]:
    with CATALOGUE.open("rb") as file:
        told = gettext.GNUTranslations(file)._catalog
    return set(told.values())


@pytest.mark.parametrize("page", VIETNAMESE)
def test_each_name_in_bold_is_one_of_the_interface(page, said):
    names = named(page)
    assert len(names) > 30
    assert [name for name in names if name not in said] == []


def test_the_first_plan_is_the_same_journey_in_both_languages():
    vi, en = text_of("ke-hoach-dau-tien.md"), text_of("first-plan.md")
    assert [len(re.findall(mark, vi, re.M)) for mark in ("^## ", "^- ", "^```")] == [
        len(re.findall(mark, en, re.M)) for mark in ("^## ", "^- ", "^```")
    ]


@pytest.mark.parametrize(("page", "language"), [("ke-hoach-dau-tien.md", "vi"), ("first-plan.md", "en")])
def test_the_lines_of_the_start_are_those_that_are_printed(page, language):
    answers = "Quantri answers at {address} (Vietnamese) and {address}{prefix} (English). Ctrl-C ends it."
    lines = text_of(page).splitlines()
    assert say(LOGINS, language) in lines
    assert say(answers, language, address="http://localhost:8000/", prefix="en/") in lines
