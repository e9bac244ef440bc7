"""Fixtures of all tests, and legs that need a program which may be missing."""

import functools
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import settings

from quantri.engine.loading import load_archive
from quantri.engine.results import Archive

settings.register_profile("quantri", deadline=None)  # how fast a machine is decides no test
settings.load_profile("quantri")

WHERE = {
    "chromium": "Debian package chromium",
    "soffice": "Debian package libreoffice-writer-nogui",
    "pdffonts": "Debian package poppler-utils",
    "postgres": "Debian package postgresql",
    "java": "Debian package openjdk-17-jre-headless",
    "Rscript": "Debian package r-base-core",
    "R survey": "Debian packages r-cran-survey and r-cran-mass",
}
skipped: set[str] = set()


@pytest.fixture(scope="session")
def papi() -> Archive:
    return load_archive("papi")


@functools.cache
def program(name: str) -> str | None:
    """Return where a program is; PostgreSQL's server lies outside the path on Debian, and R knows its packages."""
    if name == "R survey":
        loaded = shutil.which("Rscript") and subprocess.run(
            ["Rscript", "-e", "for (p in c('survey', 'MASS')) loadNamespace(p)"], capture_output=True, check=False
        )
        return name if loaded and loaded.returncode == 0 else None
    if name == "postgres":
        return next((str(p) for p in sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), reverse=True)), None)
    return shutil.which(name)


def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = [name for mark in item.iter_markers("needs") for name in mark.args if not program(name)]
    if not missing:
        return
    if os.environ.get("CI"):
        pytest.fail(f"{', '.join(missing)} is missing, and in CI every leg runs", pytrace=False)
    skipped.update(missing)
    pytest.skip(f"needs {', '.join(missing)}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["missing"] = sorted(skipped)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: object, error: object) -> None:
    skipped.update(getattr(node, "workeroutput", {}).get("missing", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if skipped:
        names = "; ".join(f"{name} ({WHERE[name]})" for name in sorted(skipped))
        terminalreporter.write_line(f"SKIPPED LEGS, for want of: {names}", yellow=True, bold=True)
