#!/usr/bin/env python3
"""Start Quantri: make its own environment when it is missing or old, then run what was asked.

    python3 run.py serve [--port 8000] [--host 127.0.0.1]   the site
    python3 run.py quantri diagnose …                       the command line
    python3 run.py manage …                                 care for the site: import_results, add_member, load …
    python3 run.py test                                     every test

Only the standard library is used here. Packages are pinned with checksums in `requirements.lock`; `uv` installs them
when it is there, `pip` when not.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
BIN = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = ENVIRONMENT / "quantri-installed"
OLDEST = (3, 11)
COMMANDS = {
    "serve": ["-m", "quantri.web.server"],
    "manage": ["-m", "quantri.web"],
    "quantri": ["-m", "quantri.cli.main"],
    "test": ["-m", "pytest"],
}


class Missing(Exception):
    """Something that only the person at this machine can supply; the message says how."""


def main(arguments: list[str]) -> int:
    """Run the command named first with the rest of the arguments; return its exit code."""
    if not arguments or arguments[0] not in COMMANDS:
        print(__doc__.strip())
        return 0 if arguments[:1] in ([], ["-h"], ["--help"]) else 2
    command, rest = arguments[0], arguments[1:]
    try:
        ensure_environment("requirements-dev.lock" if command == "test" else "requirements.lock")
    except Missing as missing:
        print(f"Quantri cannot start: {missing}", file=sys.stderr)
        return 2
    if command == "test" and not any(argument.startswith("-n") for argument in rest):
        rest = ["-n", "2", "--dist", "worksteal", *rest]  # some tests take minutes
    if command != "test":  # tests bring a folder of their own
        os.environ.setdefault("QUANTRI_DATA_DIR", str(ROOT / "var"))
    return run([str(PYTHON), *COMMANDS[command], *rest])


def ensure_environment(lock: str) -> None:
    """Install what `lock` pins unless the same packages are there already."""
    if sys.version_info < OLDEST:
        needed = ".".join(map(str, OLDEST))
        raise Missing(f"this is Python {sys.version.split()[0]}; install Python {needed} or newer and start again")
    wanted = fingerprint(lock)
    if wanted in installed():
        return
    started = time.monotonic()
    make_environment()
    say(f"installing the packages of {lock} (once; this takes a minute or two)")
    install(ROOT / lock)
    source_on_path()
    # The tests' lock holds the run-time packages too, in the same versions.
    done = {wanted, fingerprint("requirements.lock")}
    STAMP.write_text("\n".join(sorted(done)) + "\n", encoding="utf-8")
    say(f"ready after {time.monotonic() - started:.0f} s")


def fingerprint(lock: str) -> str:
    """One line that changes when the packages, the Python or the place of the project change."""
    text = (ROOT / lock).read_bytes() + sys.version.encode() + str(ROOT).encode()
    return f"{lock} {hashlib.sha256(text).hexdigest()}"


def installed() -> set[str]:
    """Return the fingerprints of the last complete installation."""
    if not PYTHON.exists() or not STAMP.exists():
        return set()
    return set(STAMP.read_text(encoding="utf-8").split("\n"))


def make_environment() -> None:
    """Make `.venv`, anew when it belongs to another Python or was moved here."""
    STAMP.unlink(missing_ok=True)
    if PYTHON.exists() and works([str(PYTHON), "-c", f"import sys; sys.exit(sys.version != {sys.version!r})"]):
        return
    say(f"making an environment in {ENVIRONMENT.name}")
    try:
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        ENVIRONMENT.mkdir()
    except OSError as fault:
        raise Missing(
            f"{ENVIRONMENT} cannot be written ({fault.strerror}); give yourself the right to write "
            "there, or copy the project to a folder of your own"
        ) from fault
    command = [sys.executable, "-m", "venv", *(["--without-pip"] if uv() else []), str(ENVIRONMENT)]
    if not works(command, show=True):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        raise Missing("Python's module venv does not work here; on Debian and Ubuntu: apt install python3-venv")


def install(lock: Path) -> None:
    """Install exactly what `lock` pins, each file checked against its checksum."""
    tool = uv()
    if tool:
        command = [tool, "pip", "install", "--python", str(PYTHON), "--require-hashes", "-r", str(lock)]
    else:
        command = [
            str(PYTHON),
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--no-input",
            "--require-hashes",
            "--progress-bar",
            "on" if sys.stdout.isatty() else "off",
            "-r",
            str(lock),
        ]
    if not works(command, show=True):
        raise Missing(
            "the packages could not be installed (the reason stands above). On a closed network, set "
            "PIP_INDEX_URL or PIP_FIND_LINKS (UV_INDEX_URL or UV_FIND_LINKS with uv) to your own copy"
        )


def source_on_path() -> None:
    """Let the environment's Python find `quantri` in `src` without building a package."""
    query = [str(PYTHON), "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])"]
    packages = Path(subprocess.run(query, check=True, capture_output=True, text=True).stdout.strip())
    (packages / "quantri.pth").write_text(str(ROOT / "src") + "\n", encoding="utf-8")


def uv() -> str | None:
    """Return the path of a `uv` that answers."""
    found = shutil.which("uv")
    return found if found and works([found, "--version"]) else None


def works(command: list[str], *, show: bool = False) -> bool:
    """Run `command` and say whether it went well; `show` lets its own words through."""
    hidden = 2 if show else subprocess.DEVNULL  # standard error: a command's own output stays clean
    sys.stdout.flush()
    try:
        return subprocess.run(command, stdout=hidden, stderr=hidden, cwd=ROOT).returncode == 0
    except OSError:
        return False


def run(command: list[str]) -> int:
    """Hand over to `command`; pass an end on to it, and on Ctrl-C wait for it to end in its own way."""
    process = subprocess.Popen(command, cwd=ROOT if "pytest" in command else None)
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def say(message: str) -> None:
    """Tell the person what is going on, apart from the command's own output."""
    print(f"quantri: {message}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
