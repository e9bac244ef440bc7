import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXPLAINED = (ROOT / "docs/explanation/outlook.md").read_text("utf-8")
KEPT = json.loads((ROOT / "src/quantri/data/backtest.json").read_text("utf-8"))


def test_the_published_backtest_is_what_the_script_finds(tmp_path):
    script = [sys.executable, "benchmarks/backtest.py", str(tmp_path / "figures.json")]
    printed = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert printed.strip() in EXPLAINED
    found = json.loads((tmp_path / "figures.json").read_text("utf-8"))
    for name in ("coverage", "coverage_50_by_base_year"):
        assert found.pop(name) == pytest.approx(KEPT[name], abs=1e-3)
    assert found == pytest.approx({name: KEPT[name] for name in found}, abs=1e-3)


def test_the_explanation_tells_the_figures_of_the_data_file():
    years = KEPT["coverage_50_by_base_year"]
    low, high = min(years, key=years.get), max(years, key=years.get)
    text = re.sub(r"\s+", " ", EXPLAINED)
    held = f"{years[low] * 100:.0f} % in {low} and {years[high] * 100:.0f} % in {high}"
    assert f"the 50 % interval held {held}" in text
    assert f"{KEPT['coverage']['80'] * 100:.0f} and {KEPT['coverage']['95'] * 100:.0f} %" in text
    assert f"50 % interval holds {KEPT['coverage']['50'] * 100:.0f} %" in text
    assert f"From 2019 on it held {KEPT['coverage_50_from_2019'] * 100:.0f} %" in text


def test_the_page_of_the_demonstration_questionnaires_is_what_the_script_writes():
    code = "import describe_questionnaire as script; print(script.page(), end='')"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, timeout=60, check=True
    ).stdout
    assert printed == (ROOT / "docs/reference/demonstration-questionnaire.md").read_bytes()


def test_the_page_of_the_working_calendar_is_what_the_script_writes_and_explains_each_difference():
    code = "import describe_calendar as script; print(script.page(), end='')"
    paths = {"PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, timeout=60, check=True,
        env=os.environ | paths,
    ).stdout  # fmt: skip
    assert printed == (ROOT / "docs/reference/working-calendar.md").read_bytes()
    compared = printed.decode().partition("## Compared")[2]
    rows = [line for line in compared.splitlines() if re.match(r"\| \d", line)]
    assert rows and all(not line.endswith("|  |") for line in rows)
