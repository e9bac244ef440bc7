import csv
from pathlib import Path

import pytest

from quantri.cli.main import main

DESIGN = '[[stage]]\nunit = "village"\nstrata = ["region"]\nmethod = "srs"\ntake = 2\nreserve = 1\n'
FRAME = "village,region\n" + "".join(f"0{n},{'bắc' if n % 2 else 'nam'}\n" for n in range(10))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "frame.csv").write_text(FRAME, "utf-8")
    (tmp_path / "design.toml").write_text(DESIGN, "utf-8")
    return tmp_path


def run(seed: str = "7", out: str = "sample.csv") -> int:
    return main(["sample", "frame.csv", "design.toml", "--out", out, "--seed", seed])


def test_a_sample_is_drawn_and_counted(folder, capsys):
    assert run() == 0
    rows = list(csv.DictReader((folder / "sample.csv").read_text("utf-8").splitlines()))
    assert [r["region"] for r in rows] == ["bắc"] * 3 + ["nam"] * 3
    assert [r["reserve"] for r in rows] == ["0", "0", "1"] * 2
    assert {r["base_weight"] for r in rows} == {"2.5", ""} and rows[0]["village"].startswith("0")
    printed = capsys.readouterr()
    assert "6 rows. Seed 7" in printed.out and printed.err == ""


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(folder):
    assert (run(), run(out="again.csv"), run("8", "other.csv")) == (0, 0, 0)
    first, again, other = ((folder / name).read_bytes() for name in ("sample.csv", "again.csv", "other.csv"))
    assert first == again != other


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (
            "frame.csv",
            "village,region\na,n\n",
            "frame.csv: stage 1 (village): n: take is 2, but the frame holds 1 unit",
        ),
        ("frame.csv", "village\na\n", "frame.csv: no column 'region'; the data have village; correct the name"),
        ("frame.csv", "village,Regions\na,n\n", "frame.csv: no column 'region' (is it 'Regions'?); the data have"),
        ("frame.csv", "village,region\na,n\na,n\n", "village 'a' stands in rows 1, 2 below the header"),
        ("frame.csv", "village,region\na,n\nb", "frame.csv: row 3 has 1 of 2 fields: the file is cut off"),
        ("frame.csv", 'village,region\na,"n', "frame.csv: row 2: a quotation mark is never closed"),
        ("frame.csv", "village,village\n", "frame.csv: two columns have the name 'village'"),
        ("frame.csv", "", "frame.csv: the file is empty"),
        ("frame.csv", "village,region\n", "frame.csv: no rows below the header"),
        ("design.toml", "[[stage", "design.toml: is not TOML"),
        ("design.toml", DESIGN.replace("take = 2", "take = 0"), "design.toml: stage 1: take is 0"),
    ],
)
def test_a_fault_is_one_line_exit_code_2_and_leaves_no_file(folder, capsys, file, content, message):
    (folder / file).write_text(content, "utf-8")
    assert run() == 2
    printed = capsys.readouterr()
    assert printed.out == "" and printed.err.count("\n") == 1 and message in printed.err
    assert sorted(p.name for p in folder.iterdir()) == ["design.toml", "frame.csv"]


def test_each_fault_has_a_line_of_its_own(folder, capsys):
    (folder / "frame.csv").write_text("village,region\na,n\nb,s\n", "utf-8")
    assert run() == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2 and all(line.startswith("quantri: frame.csv: stage 1 (village): ") for line in lines)


def test_a_file_that_is_not_utf8_is_named(folder, capsys):
    (folder / "frame.csv").write_bytes("village,region\na,bắc\n".encode("utf-16"))
    assert run() == 2
    assert "frame.csv: the text is UTF-16, not UTF-8; save it as UTF-8" in capsys.readouterr().err


def test_a_fault_leaves_the_sample_of_before_as_it_was(folder):
    assert run() == 0
    before = (folder / "sample.csv").read_bytes()
    (folder / "frame.csv").write_text("village,region\na,n\n", "utf-8")
    assert run() == 2 and (folder / "sample.csv").read_bytes() == before


@pytest.mark.parametrize(
    ("out", "message"), [("no/s.csv", "no folder no"), ("s.txt", "must end in .csv"), ("frame.csv", "an input")]
)
def test_an_output_that_cannot_be_is_refused_before_anything_is_read(folder, capsys, out, message):
    assert run(out=out) == 2
    assert message in capsys.readouterr().err and (folder / "frame.csv").read_text("utf-8") == FRAME


@pytest.mark.parametrize("seed", ["-1", "x", "1.5"])
def test_a_seed_is_a_whole_number(folder, capsys, seed):
    with pytest.raises(SystemExit) as stop:
        run(seed)
    assert stop.value.code == 2 and "whole number" in capsys.readouterr().err


def test_names_that_are_the_same_number_stay_two_units(folder):
    (folder / "frame.csv").write_text("village,region\n1.1,n\n1.10,n\n01,s\n1,s\n", "utf-8")
    assert run() == 0
    rows = list(csv.DictReader((folder / "sample.csv").read_text("utf-8").splitlines()))
    assert {row["village"] for row in rows} <= {"1.1", "1.10", "01", "1"} and {
        row["stage_1_listed"] for row in rows
    } == {"2"}
