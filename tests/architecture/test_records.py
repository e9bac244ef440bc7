import re
import runpy
import tomllib
from pathlib import Path

import pytest
from django.apps import apps

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WEB = ROOT / "src/quantri/web"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMMANDS = sorted(p.stem for p in WEB.glob("*/management/commands/*.py") if p.stem != "__init__")
MODELS = sorted(m.__name__ for m in apps.get_models() if m.__module__.startswith("quantri."))


def text(*paths: Path) -> str:
    return "\n".join(path.read_text("utf-8") for path in paths)


def names(requirements: list[str]) -> list[str]:
    return [re.match(r"[\w.-]+", requirement)[0] for requirement in requirements]


@pytest.mark.parametrize("name", names(PROJECT["dependencies"]))
def test_each_package_that_a_site_needs_has_a_record_of_its_own(name):
    records = list(DOCS.glob(f"decisions/[0-9][0-9][0-9][0-9]-use-{name}.md"))
    assert len(records) == 1


@pytest.mark.parametrize("name", names(PROJECT["optional-dependencies"]["dev"]))
def test_each_package_for_development_stands_in_a_record(name):
    assert f"| {name} |" in text(*DOCS.glob("decisions/*-use-development-tools.md"))


def test_the_settings_that_are_read_are_those_that_are_described():
    read = set(re.findall(r'\bsetting\("([A-Z_]+)"', text(WEB / "settings.py")))
    described = set(re.findall(r"^\| `QUANTRI_([A-Z_]+)`", text(DOCS / "reference/settings.md"), re.M))
    assert read == described


@pytest.mark.parametrize("command", COMMANDS)
def test_each_management_command_has_a_line(command):
    assert re.search(rf"^\| `manage {command}[ `]", text(DOCS / "reference/commands.md"), re.M)


@pytest.mark.parametrize("model", MODELS)
def test_each_model_stands_in_the_glossary(model):
    assert f"`{model}`" in text(DOCS / "glossary.md")


@pytest.mark.parametrize("command", runpy.run_path(str(ROOT / "run.py"))["COMMANDS"])
def test_each_command_of_run_is_described(command):
    assert re.search(rf"\brun\.py {command}\b", text(ROOT / "README.md", *DOCS.glob("reference/*.md")))
