"""Pages that are followed word by word: their files are saved, their commands run, their output compared."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
PAGES = ("tutorial/score-a-survey.md", "reference/answers.md", "howto/weight-a-sample.md")
BLOCK = re.compile(r"(?P<before>[^\n]*)\n\n```(?P<kind>\w*)\n(?P<body>.*?)\n```(?=\n)", re.S)
RUN = "import runpy, sys\nsys.argv.pop(0)\nrunpy.run_module('quantri.cli.main', run_name='__main__', alter_sys=True)\n"
OUTPUT = ("text", "json")


@pytest.fixture(scope="module", params=PAGES)
def followed(request, tmp_path_factory) -> tuple[Path, list[tuple[str, str, str]]]:
    """Do what a page says; give the folder, and each output as it is shown and as it was printed."""
    folder, printed, outputs = house(tmp_path_factory.mktemp("newcomer")), "", []
    for found in BLOCK.finditer((DOCS / request.param).read_text("utf-8")):
        kind, body = found["kind"], found["body"]
        if kind in OUTPUT:
            outputs.append((kind, body, printed))
        elif kind:
            (folder / re.search(r"`([\w/.-]+)`:$", found["before"])[1]).write_text(body + "\n", encoding="utf-8")
        else:
            printed = run(body, folder)
    return folder, outputs


def house(folder: Path) -> Path:
    """Make what a reader finds in the folder of Quantri: a `run.py`, its package, and the Python of its environment."""
    (folder / "src").symlink_to(ROOT / "src", target_is_directory=True)
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
    _folder, outputs = followed
    assert len(outputs) >= 3
    for kind, shown, printed in outputs:
        if kind == "json":
            assert json.loads(shown) == about(json.loads(printed))
        else:
            lines = iter(printed.splitlines())
            missing = [line for line in shown.splitlines() if line != "…" and line not in lines]  # in their order
            assert missing == [], printed[:2000]


def about(answer):
    """Let numbers differ where a page rounds them, and the version as it grows."""
    if isinstance(answer, dict):
        return {name: about(value) if name != "engine_version" else Anything() for name, value in answer.items()}
    if isinstance(answer, list):
        return [about(value) for value in answer]
    return pytest.approx(answer, abs=1e-4) if isinstance(answer, float) else answer


class Anything:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None


def test_every_field_of_the_answers_is_explained(followed):
    _folder, outputs = followed
    explained = set(re.findall(r"`(\w+)`", (DOCS / "reference/answers.md").read_text("utf-8")))
    for kind, shown, _printed in outputs:
        if kind == "json":
            assert set(re.findall(r'"(\w+)":', shown)) - explained == set()


def test_the_chart_of_the_tutorial_is_a_picture_and_nothing_lies_outside_its_folder(followed):
    folder, _outputs = followed
    if (folder / "survey").exists():
        assert (folder / "survey/chart.png").read_bytes().startswith(b"\x89PNG")
        assert {path.name for path in folder.iterdir()} == {"run.py", ".venv", "src", "survey"}
