import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_published_backtest_is_what_the_script_prints():
    script = [sys.executable, "benchmarks/backtest.py"]
    printed = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert printed.strip() in (ROOT / "docs/explanation/outlook.md").read_text("utf-8")


def test_the_page_of_the_demonstration_questionnaires_is_what_the_script_writes():
    code = "import describe_questionnaire as script; print(script.page(), end='')"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, timeout=60, check=True
    ).stdout
    assert printed == (ROOT / "docs/reference/demonstration-questionnaire.md").read_bytes()
