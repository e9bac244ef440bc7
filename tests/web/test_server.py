"""Starting the site: what is refused, and with which sentence."""

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from quantri.web.server import welcome

ROOT = Path(__file__).resolve().parents[2]


def start(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")}
    settings = {"QUANTRI_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT / "src"), "QUANTRI_LANGUAGE": "en"}
    settings |= environment
    return subprocess.run(
        [sys.executable, "-m", "quantri.web.server", *arguments], env=clean | settings, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def test_a_port_in_use_is_named(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = start(tmp_path, "--port", port)
    assert done.returncode == 2
    assert f"port {port}" in done.stderr and "--port" in done.stderr and "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    done = start(tmp_path, "--port", "0", QUANTRI_DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == 2
    assert "QUANTRI_DATA_DIR" in done.stderr and "Traceback" not in done.stderr


def test_a_database_of_a_newer_version_is_left_alone(tmp_path):
    folder = tmp_path / "data"
    folder.mkdir()
    with sqlite3.connect(folder / "quantri.sqlite3") as database:
        database.execute(
            "CREATE TABLE django_migrations (id integer primary key, app text, name text, applied datetime)"
        )
        database.execute("INSERT INTO django_migrations VALUES (1, 'plans', '9999_future', '2030-01-01')")
    done = start(tmp_path, "--port", "0")
    assert done.returncode == 2
    assert "newer version" in done.stderr and "plans.9999_future" in done.stderr
    with sqlite3.connect(folder / "quantri.sqlite3") as database:
        assert [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type='table'")] == [
            "django_migrations"
        ]


@pytest.mark.parametrize("name", ["what?", "50%", "a#b", "có dấu và cách"])
def test_a_data_folder_may_bear_any_signs_in_its_name(tmp_path, name):
    folder = tmp_path / name
    code = (
        "import django; django.setup(); from django.core.management import call_command as c; c('migrate', verbosity=0)"
    )
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")}
    settings = {"QUANTRI_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "quantri.web.settings"}
    subprocess.run([sys.executable, "-c", code], env=clean | settings, cwd=ROOT / "src", timeout=60, check=True)
    assert (folder / "quantri.sqlite3").stat().st_size > 0
    assert list(tmp_path.iterdir()) == [folder]


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"QUANTRI_HOSTS": "papi.angiang.gov.vn"}, "QUANTRI_SECRET_KEY"),
        ({"QUANTRI_SECRET_KEY": "x" * 50, "QUANTRI_HOSTS": "*"}, "QUANTRI_HOSTS"),
        ({"QUANTRI_SECRET_KEY_FILE": "/nowhere/key"}, "QUANTRI_SECRET_KEY_FILE"),
        ({"QUANTRI_ADDRESS": "papi.example.vn"}, "QUANTRI_ADDRESS"),
        (
            {"QUANTRI_DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "QUANTRI_SECRET_KEY": "x" * 50},
            "QUANTRI_DATABASE_URL",
        ),
    ],
)
def test_an_unsafe_or_impossible_start_is_refused_with_how_to_mend_it(tmp_path, environment, said):
    done = start(tmp_path, "--port", "0", **environment)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("environment", "address"),
    [
        ({}, "http://localhost:8000"),
        ({"QUANTRI_SECRET_KEY": "x" * 50, "QUANTRI_HOSTS": "localhost,papi.example.vn"}, "https://papi.example.vn"),
        ({"QUANTRI_ADDRESS": "https://quantri.example.vn/"}, "https://quantri.example.vn"),
    ],
)
def test_letters_lead_to_the_address_that_is_set_or_to_the_first_host(tmp_path, environment, address):
    assert _told("settings.ADDRESS", tmp_path, environment) == address


@pytest.mark.parametrize(
    ("tail", "options"),
    [
        ("", "-c jit=off"), ("?options=-c%20jit%3Don", "-c jit=off -c jit=on"),  # the last one holds
        ("?sslmode=require&currentSchema=quantri", "-c jit=off -c search_path=quantri"),
    ],
)  # fmt: skip
def test_postgresql_compiles_no_questions_unless_the_address_says_so(tmp_path, tail, options):
    environment = {"QUANTRI_DATABASE_URL": f"postgres://quantri@localhost/quantri{tail}", "QUANTRI_DEMO": "1"}
    assert _told("settings.DATABASES['default']['OPTIONS']['options']", tmp_path, environment) == options


def _told(what: str, folder: Path, environment: dict[str, str]) -> str:
    """Start with an environment, and tell a setting."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")}
    told = {"QUANTRI_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "quantri.web.settings"} | environment
    done = subprocess.run(
        [sys.executable, "-c", f"from django.conf import settings; print({what})"], env=clean | told, cwd=ROOT / "src",
        timeout=60, check=True, text=True, capture_output=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("vi", "Quantri chạy tại http://localhost:8000/ (tiếng Việt) và http://localhost:8000/en/ (tiếng Anh)"),
        ("en", "Quantri answers at http://localhost:8000/ (Vietnamese) and http://localhost:8000/en/ (English)"),
    ],
)
def test_the_start_says_what_the_documents_say(language, line):
    assert welcome("127.0.0.1", 8000, language).startswith(line)
    documents = "\n".join((ROOT / name).read_text("utf-8") for name in ("docs/tutorial/first-plan.md", "README.vi.md"))
    assert line in documents


def test_a_site_whose_own_language_is_english_says_so(settings):
    settings.LANGUAGE_CODE = "en"
    line = "Quantri answers at http://[::1]:81/ (English) and http://[::1]:81/vi/ (Vietnamese)"
    assert welcome("::1", 81, "en").startswith(line)


def test_a_start_is_refused_in_vietnamese(tmp_path):
    done = start(tmp_path, "--port", "0", QUANTRI_LANGUAGE="vi", QUANTRI_HOSTS="papi.example.vn")
    assert done.returncode == 2
    assert done.stderr.startswith("Quantri không khởi động được: khởi động chính thức cần QUANTRI_SECRET_KEY")


@pytest.mark.skipif(not Path("/proc").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("way", [signal.SIGINT, signal.SIGTERM])
def test_the_worker_and_the_timer_begin_and_end_with_the_site(tmp_path, way):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")}
    settings = {"QUANTRI_DATA_DIR": str(tmp_path / "data"), "PYTHONPATH": str(ROOT / "src"), "QUANTRI_LANGUAGE": "en"}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "quantri.web.server", "--port", port]
    with subprocess.Popen(command, env=clean | settings, stdout=subprocess.PIPE, text=True) as site:
        try:
            assert any("answers at" in line for line in site.stdout)
            time.sleep(3)
            workers = [*_children(site.pid, "work"), *_children(site.pid, "tick")]
            assert len(workers) == 2
        finally:
            site.send_signal(way)
            site.wait(timeout=20)
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


def _children(parent: int, word: str) -> list[int]:
    """Processes of a parent whose command ends with a word."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
        if above == parent and word.encode() in words:
            found.append(int(entry.name))
    return found
