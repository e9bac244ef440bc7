"""What is printed arrives whole or quietly, on every terminal."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
COMMAND = [sys.executable, "-m", "quantri.cli.main"]
DEMO = str(SRC / "quantri" / "data" / "indices" / "demo" / "papi-demo.toml")


def environment(**more: str) -> dict[str, str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("QUANTRI_", "LC_", "LANG"))}
    return clean | {"PYTHONPATH": str(SRC)} | more


def run(*argv: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*COMMAND, *argv], env=environment(**more), capture_output=True, timeout=60, check=False)


@pytest.mark.skipif(os.name == "nt", reason="pipes of a shell")
def test_a_reader_who_has_enough_ends_the_command_quietly():
    first = subprocess.Popen(
        [*COMMAND, "results", "--year", "2017"], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert first.stdout is not None and first.stderr is not None
    first.stdout.readline()
    first.stdout.close()
    assert (first.wait(timeout=60), first.stderr.read()) == (141, b"")
    first.stderr.close()


def test_a_terminal_without_our_letters_gets_bare_ones():
    done = run("diagnose", "--year", "2017", "--province", "Đồng Tháp", PYTHONIOENCODING="ascii", LANG="vi_VN")
    assert done.returncode == 0 and done.stderr == b""
    assert b"Dong Thap (87)" in done.stdout and b"cai thien" in done.stdout and b"?" not in done.stdout


def test_a_fault_is_readable_there_too():
    done = run("diagnose", "--year", "2017", "--province", "Nowhere", PYTHONIOENCODING="ascii")
    assert done.returncode == 2 and b"khong co tinh 'Nowhere'" in done.stderr and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("form", ["json", "csv"])
def test_data_are_utf_8_whatever_the_terminal(form):
    done = run("results", "--year", "2017", "--province", "87", "--format", form, PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and "Đồng Tháp" in done.stdout.decode("utf-8")
    if form == "json":
        assert json.loads(done.stdout)["rows"][0]["unit"]["name"] == "Đồng Tháp"


def test_a_definition_nested_thousands_deep_is_one_line(tmp_path):
    path = tmp_path / "deep.toml"
    path.write_text("a = " + "[" * 20_000 + "]" * 20_000, encoding="utf-8")
    done = run("check", str(path), QUANTRI_LANGUAGE="en")
    assert done.returncode == 2 and b"deep.toml: lists or tables lie inside each other too deeply" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_each_fault_of_a_definition_is_one_line(tmp_path):
    path = tmp_path / "faulty.toml"
    block = '[[component]]\ncode = "{0}"\n{1}level = "{3}"\nname_vi = "T"\nname_en = "T"\nbounds = {2}\n'
    blocks = [
        ("T", "", "[1, 10]", "index"), ("A", 'parent = "X"\n', "[1, 10]", "indicator"),
        ("B", 'parent = "T"\n', "[10, 1]", "indicator"),
    ]  # fmt: skip
    path.write_text("\n".join(block.format(*b) for b in blocks), encoding="utf-8")
    done = run("check", str(path), QUANTRI_LANGUAGE="en")
    assert done.returncode == 2 and done.stdout == b""
    assert done.stderr.decode().splitlines() == [
        "quantri: faulty.toml: needs a table [index] with code, year, name_vi and name_en",
        "quantri: faulty.toml, line 8: A: there is no component 'X' to be its parent",
        "quantri: faulty.toml, line 16: B: bounds must rise, not (10.0, 1.0)",
    ]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a full device")
@pytest.mark.parametrize("form", ["table", "json"])
def test_an_answer_that_finds_no_space_is_one_line_and_exit_code_2(form):
    with Path("/dev/full").open("w") as full:
        command = [*COMMAND, "results", "--year", "2017", "--format", form]
        more = environment(QUANTRI_LANGUAGE="en")
        done = subprocess.run(command, env=more, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1
    assert b"the answer cannot be written (No space left on device); check the space left" in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="limits of a process")
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_file_that_finds_no_space_is_one_line_exit_code_2_and_leaves_nothing(tmp_path, ending):
    import resource

    command = [*COMMAND, "simulate", DEMO, "--rows", "2000", "--out", str(tmp_path / f"a.{ending}")]
    done = subprocess.run(
        command, env=environment(QUANTRI_LANGUAGE="en"), capture_output=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000)),
    )  # fmt: skip
    assert done.returncode == 2 and done.stderr.count(b"\n") == 1, done.stderr
    assert f"a.{ending}: cannot be written (File too large)".encode() in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows ends a process without asking it")
@pytest.mark.parametrize(("name", "code"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_a_signal_ends_a_command_that_writes_and_nothing_is_left(tmp_path, name, code, ending):
    command = [*COMMAND, "simulate", DEMO, "--rows", "50000000", "--out", str(tmp_path / f"a.{ending}")]
    running = subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 60
        while not list(tmp_path.glob(f".a*/a.{ending}")) and time.monotonic() < until:
            time.sleep(0.05)
        running.send_signal(getattr(signal, name))
        assert running.wait(timeout=60) == code
    finally:
        running.kill()
        running.wait(timeout=60)
    assert list(tmp_path.iterdir()) == []
