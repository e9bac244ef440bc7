"""The launcher: what it says and when it installs. It is loaded from its file, since it belongs to no package."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def elsewhere(run, monkeypatch, tmp_path):
    """The launcher in a project of its own, so that no test touches the environment that runs it."""
    monkeypatch.setattr(run, "ROOT", tmp_path)
    monkeypatch.setattr(run, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(run, "PYTHON", tmp_path / ".venv/bin/python")
    monkeypatch.setattr(run, "STAMP", tmp_path / ".venv/quantri-installed")
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text("", encoding="utf-8")
    return run


def test_an_unknown_command_shows_what_there_is(run, capsys):
    assert run.main(["brew"]) == 2
    assert "python3 run.py test" in capsys.readouterr().out


def test_an_old_python_is_told_which_to_install(elsewhere, monkeypatch, capsys):
    monkeypatch.setattr(elsewhere.sys, "version_info", (3, 9, 2))
    assert elsewhere.main(["quantri"]) == 2
    assert "install Python 3.11 or newer" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(elsewhere, monkeypatch, capsys):
    def refuse(self, *_arguments, **_options):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(elsewhere.Path, "mkdir", refuse)
    assert elsewhere.main(["quantri"]) == 2
    message = capsys.readouterr().err
    assert ".venv cannot be written (Permission denied)" in message


def test_packages_that_cannot_be_installed_leave_no_stamp(elsewhere, capsys):
    (elsewhere.ROOT / "requirements.lock").write_text(
        "no-such-package-anywhere==1.0 --hash=sha256:00\n", encoding="utf-8"
    )
    assert elsewhere.main(["quantri"]) == 2
    assert "the packages could not be installed" in capsys.readouterr().err
    assert not elsewhere.STAMP.exists()


def test_a_changed_lock_is_installed_again(elsewhere):
    before = elsewhere.fingerprint("requirements.lock")
    (elsewhere.ROOT / "requirements.lock").write_text("numpy==2.0\n", encoding="utf-8")
    assert elsewhere.fingerprint("requirements.lock") != before


def test_what_is_installed_is_not_installed_again(elsewhere, monkeypatch):
    elsewhere.PYTHON.parent.mkdir(parents=True)
    elsewhere.PYTHON.touch()
    elsewhere.STAMP.write_text(elsewhere.fingerprint("requirements.lock"), encoding="utf-8")
    monkeypatch.setattr(elsewhere, "install", lambda lock: pytest.fail(f"{lock} was installed again"))
    elsewhere.ensure_environment("requirements.lock")


def test_the_launcher_needs_only_the_standard_library():
    check = "import sys; sys.modules.update(numpy=None, quantri=None); import runpy; runpy.run_path('run.py')"
    subprocess.run([sys.executable, "-I", "-c", check], cwd=ROOT, check=True)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_locks_pin_with_checksums_and_name_no_address(lock):
    text = (ROOT / lock).read_text(encoding="utf-8")
    pins = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert pins and all("==" in pin for pin in pins)
    assert "://" not in text
    assert text.count("--hash=sha256:") >= len(pins)
