"""The reference names what the code has: no option, field or public name too few or too many."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from quantri.cli.main import MICRODATA
from quantri.cli.parsing import parser
from quantri.engine.measure import COMBINES
from quantri.engine.measuring import FIELDS
from quantri.engine.parsing import OPTIONAL, TEXTS

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "docs/reference"
COMMANDS = parser("en", [module.add_to for module in MICRODATA])._subparsers._group_actions[0].choices
OPTION = re.compile(r"^\| `(--[\w-]+)", re.M)


def section(page: str, title: str) -> str:
    """Text below a title, down to the next of any level."""
    text = (REFERENCE / page).read_text("utf-8")
    return re.split(r"^##+ ", text.split(f" {title}\n", 1)[1], maxsplit=1, flags=re.M)[0]


ON_MICRODATA = ("estimate", "score", "change", "sensitivity", "power", "simulate", "sample", "weight")


@pytest.mark.parametrize("name", ON_MICRODATA)
def test_the_options_of_a_command_are_those_of_its_table(name):
    taken = {text for action in COMMANDS[name]._actions for text in action.option_strings} - {"-h", "--help"}
    described = set(OPTION.findall(section("commands.md", f"`{name}`")))
    if "--weight" in taken:
        described |= set(OPTION.findall(section("commands.md", "Sample design")))
    assert described == taken


def test_every_command_on_microdata_has_its_options_described():
    text = (REFERENCE / "commands.md").read_text("utf-8")
    assert set(re.findall(r"^### `(\w+)`", text, re.M)) == set(COMMANDS) - {"results", "diagnose", "outlook", "check"}


@pytest.mark.parametrize("option", ["df", "variance", "lonely"])
def test_every_choice_of_inference_is_explained(option):
    choices = next(a.choices for a in COMMANDS["score"]._actions if f"--{option}" in a.option_strings)
    rows = section("commands.md", "Sample design").splitlines()
    (row,) = [line for line in rows if line.startswith(f"| `--{option} ")]
    assert all(f"`{choice}`" in row for choice in choices)


def fields(title: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)`", section("definition-file.md", title), re.M))


def test_the_fields_of_a_definition_are_those_that_are_read():
    assert fields("`[[component]]`") == {*TEXTS, *OPTIONAL, "bounds", "measure"}
    assert fields("`[component.measure]`") == set(FIELDS)
    assert fields("`combine`") == set(COMBINES)


def test_the_fields_of_an_index_are_those_that_are_read():
    read = set(re.findall(r'index(?:\.get\(|\[)"(\w+)"', (ROOT / "src/quantri/engine/parsing.py").read_text("utf-8")))
    assert fields("`[index]`") == read


def test_the_page_of_public_names_is_what_the_script_writes():
    code = "import describe_engine as script; print(script.page(), end='')"
    printed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, timeout=60, check=True
    ).stdout
    assert printed == (REFERENCE / "python.md").read_bytes()
