import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_published_backtest_is_what_the_script_prints():
    script = [sys.executable, "benchmarks/backtest.py"]
    printed = subprocess.run(script, cwd=ROOT, capture_output=True, text=True, timeout=120, check=True).stdout
    assert printed.strip() in (ROOT / "docs/explanation/outlook.md").read_text("utf-8")
