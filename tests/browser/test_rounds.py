"""The synthetic rounds on a phone, and a round that a coordinator has scored."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from browser_help import look, sign_in
from quantri.engine.goals import published_goals
from quantri.engine.layout import papi_layout
from quantri.engine.loading import DATA, load_archive, load_definition
from quantri.engine.simulate import simulate

pytestmark = pytest.mark.needs("chromium")


def test_a_visitor_finds_the_synthetic_rounds_and_walks_through_them_on_a_phone(phone):
    phone.goto("/en/")
    phone.click("section.synthetic a")
    look(phone)
    phone.click("main >> text=Synthetic round 2")
    expect(phone.locator(".synthetic-mark")).to_be_in_viewport()
    look(phone)
    phone.mouse.wheel(0, 3000)
    expect(phone.locator(".synthetic-mark")).to_be_in_viewport()
    phone.click("table.data >> text=An Giang")
    expect(phone.locator("h1")).to_contain_text("An Giang")
    phone.locator("details.parts summary").first.click()
    look(phone)
    phone.click("main >> text=What changed since the round before")
    expect(phone.locator(".verdict.found").first).to_be_visible()
    look(phone)
    phone.click("ul.tabs >> text=Try another weighting")
    phone.fill("[name=D5]", "90")
    phone.click("text=Show the ranks")
    expect(phone.locator("h1")).to_contain_text(re.compile(r"by up to \d+ ranks"))
    look(phone)
    phone.click("ul.tabs >> text=What a sample can detect")
    phone.fill("[name=size]", "2000")
    phone.click("main >> button >> text=Show")
    expect(phone.locator("h1")).to_contain_text("2000 respondents")
    look(phone)


def test_a_coordinator_has_a_round_scored_and_looks_at_the_draft(desktop, site, tmp_path: Path):
    definition = load_definition(DATA / "indices" / "demo" / "papi-demo.toml")
    goals = published_goals(definition, load_archive("papi").edition(2024))
    answers = simulate(definition, goals, papi_layout(goals.units[:12]), rng=np.random.default_rng(5))
    answers.write_parquet(tmp_path / "round.parquet")
    sign_in(desktop, site, "dieuphoi")
    desktop.goto("/en/rounds/new/")
    look(desktop)
    desktop.fill("[name=name]", "Own survey")
    desktop.set_input_files("[name=data]", tmp_path / "round.parquet")
    design = {"domain": "province", "weight": "weight", "strata": "stratum", "psu": "psu"}
    for name, column in design.items():
        desktop.fill(f"[name={name}]", column)
    desktop.click("text=Send and score")
    look(desktop)
    desktop.click("text=Look at the draft", timeout=60_000)
    expect(desktop.locator("h1")).to_contain_text("Own survey")
    expect(desktop.locator("main")).to_contain_text("Draft")
    expect(desktop.locator("table.data")).to_contain_text("Ha Noi")
    look(desktop)
