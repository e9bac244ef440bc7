"""The tutorial on scoring a survey, followed word by word: its files are saved, its commands run, their output compared."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = (ROOT / "docs/tutorial/score-a-survey.md").read_text("utf-8")
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<kind>\w*)\n(?P<body>.*?)\n```(?=\n)", re.S)
BLOCKS = [(found["kind"], found["before"], found["body"]) for found in BLOCK.finditer(TUTORIAL)]
RUN = "import runpy, sys\nsys.argv.pop(0)\nrunpy.run_module('quantri.cli.main', run_name='__main__', alter_sys=True)\n"


@pytest.fixture(scope="module")
def followed(tmp_path_factory) -> tuple[Path, list[tuple[list[str], str]]]:
    """Do what the tutorial says; give its folder, and each printed output beside what the tutorial shows of it."""
    folder, printed, compared = house(tmp_path_factory.mktemp("newcomer")), "", []
    for kind, before, body in BLOCKS:
        if kind == "text":
            compared.append((body.splitlines(), printed))
        elif kind:
            (folder / re.search(r"`([\w/.-]+)`:$", before)[1]).write_text(body + "\n", encoding="utf-8")
        else:
            printed = run(body, folder)
    return folder, compared


def house(folder: Path) -> Path:
    """Make what the tutorial finds in the folder of Quantri: a `run.py`, and the Python of its environment."""
    (folder / "run.py").write_text(RUN, encoding="utf-8")
    (folder / ".venv/bin").mkdir(parents=True)
    for name in ("python", "python3"):
        shim = folder / ".venv/bin" / name
        shim.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
        shim.chmod(0o755)
    return folder


def run(commands: str, folder: Path) -> str:
    settings = {
        "PYTHONPATH": str(ROOT / "src"), "QUANTRI_LANGUAGE": "en", "MPLCONFIGDIR": str(folder / ".venv"),
        "PATH": f"{folder / '.venv/bin'}:{os.environ['PATH']}",
    }  # fmt: skip
    done = subprocess.run(
        ["sh", "-e", "-c", commands], cwd=folder, env=os.environ | settings, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{commands}\n{done.stderr}"
    return done.stdout


def test_each_output_is_printed_as_it_is_shown(followed):
    _folder, compared = followed
    assert len(compared) >= 8
    for shown, printed in compared:
        lines = iter(printed.splitlines())
        missing = [line for line in shown if line != "…" and line not in lines]  # in their order
        assert missing == [], printed[:2000]


def test_the_chart_is_a_picture(followed):
    folder, _compared = followed
    assert (folder / "survey/chart.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_written_outside_of_its_folder(followed):
    folder, _compared = followed
    assert {path.name for path in folder.iterdir()} == {"run.py", ".venv", "survey"}
