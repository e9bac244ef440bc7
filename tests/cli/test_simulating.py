import csv
import os

import polars as pl
import pytest

from quantri.cli.main import main
from quantri.engine.loading import DATA

DEMO = DATA / "indices" / "demo" / "papi-demo.toml"
SATISFACTION = DATA / "indices" / "demo" / "satisfaction-demo.toml"


def test_the_file_says_that_it_is_synthetic_and_from_which_seed(tmp_path, capsys):
    out = tmp_path / "round.parquet"
    assert main(["simulate", str(DEMO), "--out", str(out), "--rows", "2000"]) == 0
    printed = capsys.readouterr().out
    assert "2000 SYNTHETIC respondents, seed 1, expected scores: published, PAPI 2024" in printed
    assert "no published scores of" in printed
    told = pl.read_parquet_metadata(out)
    assert (told["synthetic"], told["seed"], told["definition"]) == ("true", "1", "papi-demo-2024")
    assert pl.read_parquet(out)["synthetic"].all()


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    made = []
    for name, seed in (("a", "3"), ("b", "3"), ("c", "4")):
        assert main(["simulate", str(DEMO), "--out", str(tmp_path / f"{name}.parquet"), "--seed", seed]) == 0
        made.append((tmp_path / f"{name}.parquet").read_bytes())
    assert made[0] == made[1] != made[2]


def test_a_csv_of_another_index_has_its_words_and_the_mark(tmp_path, capsys):
    out = tmp_path / "round.csv"
    assert main(["simulate", str(SATISFACTION), "--out", str(out), "--rows", "900"]) == 0
    assert "expected scores: drawn" in capsys.readouterr().out
    with out.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == 900
    assert {row["synthetic"] for row in rows} == {"true"}
    assert {row["hl103"] for row in rows} == {"yes", "no", "unknown"}


def test_another_year_gives_a_round_near_that_years_scores(tmp_path, capsys):
    assert main(["simulate", str(DEMO), "--out", str(tmp_path / "a.parquet"), "--year", "2023"]) == 0
    assert "published, PAPI 2023" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (["--out", "round.sav"], "must end in .parquet or .csv"),
        (["--out", "no/such/round.parquet"], "name a file in a folder that exists"),
        (["--out", "round.parquet", "--rows", "0"], "give a number from 1 to"),
        (
            ["--out", "round.parquet", "--rows", "500"],
            "500 respondents are too few; 828 villages need one each, so give --rows 828 or more",
        ),
        (["--out", "round.parquet", "--seed", "-1"], "--seed -1"),
        (["--out", "round.parquet", "--year", "2017"], "does not have PAPI's tree of that year"),
        (["--out", "round.parquet", "--year", "2040"], "no edition 2040"),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(tmp_path, monkeypatch, capsys, more, message):
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", str(DEMO), *more]) == 2
    printed = capsys.readouterr()
    assert message in printed.err and printed.err.count("\n") == 1 and printed.out == ""
    assert list(tmp_path.iterdir()) == []


def test_a_published_index_without_questions_is_refused(tmp_path, capsys):
    published = DATA / "indices" / "papi-2024.toml"
    assert main(["simulate", str(published), "--out", str(tmp_path / "a.parquet")]) == 2
    assert "no component has a measure" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_cannot_be_written_is_one_line(tmp_path, capsys):
    tmp_path.chmod(0o500)
    assert main(["simulate", str(DEMO), "--out", str(tmp_path / "a.parquet"), "--rows", "900"]) == 2
    assert "cannot be written" in capsys.readouterr().err
