"""What is printed arrives whole or quietly, on every terminal."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src"
COMMAND = [sys.executable, "-m", "quantri.cli.main"]


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
