"""The commands of microdata speak the user's language, in tables and faults, and not in files of answers."""

import json
import re
from pathlib import Path

import polars as pl
import pytest

from quantri.cli.main import main
from quantri.engine.loading import DATA
from quantri.said import Said

DEMO = str(DATA / "indices" / "demo" / "satisfaction-demo.toml")
DESIGN = ["--weight", "weight", "--strata", "stratum", "--psu", "psu", "--nest"]
ENGLISH = re.compile(r"\b(respondents|domain|estimate|level|note|before|after|reason|samples|strata|indicator|rows)\b")


@pytest.fixture(scope="module")
def answers(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("answers") / "answers.parquet"
    assert main(["simulate", DEMO, "--out", str(path), "--rows", "2000"]) == 0
    return str(path)


def commands(answers: str) -> dict[str, list[str]]:
    return {
        "estimate": ["estimate", answers, "--mean", "hl101", "--by", "province"],
        "score": ["score", DEMO, answers, "--domain", "province", *DESIGN, "--lonely", "adjust"],
        "change": ["change", DEMO, answers, DEMO, answers, *DESIGN, "--lonely", "adjust"],
    }


@pytest.mark.parametrize("name", ["estimate", "score", "change"])
def test_a_table_of_microdata_is_vietnamese_with_a_decimal_comma(answers, capsys, monkeypatch, name):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    assert main(commands(answers)[name]) == 0
    printed = capsys.readouterr().out.replace("bậc tự do domain", "")
    assert re.search(r"\d,\d{3}", printed) and "sai số chuẩn" in printed
    assert not ENGLISH.search(printed) and not re.search(r"\d\.\d{3}", printed)


@pytest.mark.parametrize(
    ("name", "form"),
    [("estimate", "json"), ("score", "json"), ("score", "csv"), ("change", "json"), ("change", "csv")],
)
def test_answers_for_machines_are_the_same_in_each_language(answers, capsys, monkeypatch, name, form):
    found = []
    for language in ("vi", "en"):
        monkeypatch.setenv("QUANTRI_LANGUAGE", language)
        assert main([*commands(answers)[name], "--format", form]) == 0
        found.append(capsys.readouterr().out)
    assert found[0] == found[1]


def test_a_note_is_english_in_json_and_vietnamese_in_a_table(tmp_path, capsys, monkeypatch):
    pl.DataFrame({"q": [1.0, None], "p": ["a", "b"]}).write_parquet(tmp_path / "a.parquet")
    argv = ["estimate", str(tmp_path / "a.parquet"), "--mean", "q", "--by", "p"]
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    assert main(argv) == 0 and "không ai trong miền này có câu trả lời" in capsys.readouterr().out
    assert main([*argv, "--format", "json"]) == 0
    notes = [row["note"] for row in json.loads(capsys.readouterr().out)["estimates"]]
    assert "nobody in this domain has a known answer" in notes


def test_each_of_several_faults_is_said_in_vietnamese_with_its_place(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    Path("frame.csv").write_text("village,region\na,n\nb,s\n", "utf-8")
    Path("design.toml").write_text(
        '[[stage]]\nunit = "village"\nmethod = "srs"\nstrata = ["region"]\ntake = 2\n', "utf-8"
    )
    assert main(["sample", "frame.csv", "design.toml", "--out", "s.csv", "--seed", "1"]) == 2
    places = [f"quantri: frame.csv: giai đoạn 1 (village): {region}: take là 2" for region in "ns"]
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(",")[0] for line in lines] == places and all("chỉ có 1 đơn vị" in line for line in lines)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "tệp rỗng"),
        (b"q,q\n1,2\n", "hai cột cùng tên 'q' (cột 1 và cột 2)"),
        (b"q1\n1\n", "không có cột 'q' (có phải 'q1'?); tệp có q1; hãy sửa tên cột"),
        (b"q,r\n1\n2,3\n", "dòng 2 để trống, hoặc chỉ có một ô"),
        (b"q\n\xe1\n", "byte 0xE1 ở vị trí 2 (dòng 2) không phải UTF-8"),
    ],
)
def test_a_bad_file_is_answered_in_vietnamese(tmp_path, capsys, monkeypatch, content, said):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    (tmp_path / "a.csv").write_bytes(content)
    assert main(["estimate", str(tmp_path / "a.csv"), "--mean", "q"]) == 2
    printed = capsys.readouterr().err
    assert said in printed and printed.count("\n") == 1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["estimate", "a.csv"], "cần một trong --mean --total --ratio"),
        (["estimate", "a.csv", "--mean", "q", "--total", "q"], "--total: không đi cùng --mean"),
        (["estimate", "a.csv", "--mean", "q", "--seed", "9"], "không hiểu --seed 9; xem quantri estimate --help"),
        (["estimate", "a.csv", "--mean", "q", "--confidence", "x"], "--confidence: 'x' không phải số"),
        (["sample", "a.csv", "d.toml", "--out", "s.csv", "--seed", "-1"], "--seed: phải là số nguyên từ 0 trở lên"),
    ],
)
def test_wrong_arguments_of_microdata_are_answered_in_vietnamese(capsys, monkeypatch, argv, said):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    with pytest.raises(SystemExit):
        main(argv)
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("command", ["estimate", "score", "change", "simulate", "sample", "weight"])
def test_the_help_of_microdata_is_vietnamese(capsys, monkeypatch, command):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    with pytest.raises(SystemExit):
        main([command, "--help"])
    printed = capsys.readouterr().out
    assert not re.search(r"\b(the|of|with|one row|only)\b", printed)


def test_a_text_that_keeps_its_template_is_a_text_in_every_file():
    note = Said("no score of {components}", components="A")
    assert json.dumps(note) == '"no score of A"' and pl.DataFrame([{"n": note}]).rows() == [("no score of A",)]
