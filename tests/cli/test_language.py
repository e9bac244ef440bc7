"""The commands speak the user's language, and every sentence of theirs has its Vietnamese."""

import ast
import re
import string
from pathlib import Path

import pytest

from quantri.cli.main import main
from quantri.words import catalogue, language_of

ROOT = Path(__file__).resolve().parents[2] / "src" / "quantri"
START = ["server.py", "settings.py", "__main__.py", "portal/management/commands/load.py"]
SURVEYS = ["surveys/scoring.py", "surveys/scored.py"]
DEADLINES = [f"deadlines/{name}.py" for name in ("counting", "reading", "rules")]
CORE = [f"core/management/commands/{name}.py" for name in ("verify_audit", "tick", "work", "run_job", "flush")]
CORE += ["core/chain.py"]
ACCOUNTS = [f"accounts/management/commands/{name}.py" for name in ("seal_factors", "add_member")]
REMOVAL = ["portal/management/commands/remove_demonstration_data.py"]
REPORTS = ["reports/management/commands/verify_reports.py"]
PLACES = ["places/loading.py"]
INDICES = ["indices/management/commands/import_results.py"]
LOADS = [f"portal/loads/{name}.py" for name in ("filling", "sizes", "reports", "plans", "agencies", "trail")]
LOADS += ["portal/management/commands/make_load.py"]
APPRAISAL = ["appraisal/parsing.py", "appraisal/rules.py"]
FIGURES = ["figures/periods.py"]
FILES = [
    *sorted((ROOT / "engine").rglob("*.py")), *sorted((ROOT / "cli").rglob("*.py")), ROOT / "said.py",
    *(ROOT / "web" / n for n in [*START, *CORE, *ACCOUNTS, *LOADS, *SURVEYS, *DEADLINES, *APPRAISAL, *FIGURES]),
    *(ROOT / "web" / n for n in [*REMOVAL, *REPORTS, *PLACES, *INDICES]),
]  # fmt: skip
FAULTS = {"DataError", "DefinitionError", "DesignError", "CannotServe", "refusal", "placed", "Said"}
REASONS = {  # of the operating system
    "No such file or directory", "Permission denied", "Is a directory", "Not a directory", "Read-only file system",
    "No space left on device", "Address already in use",
}  # fmt: skip
DATA_NOTES = "not published"


def spoken() -> list[tuple[str, str]]:
    """Each template that the engine and the commands say, with the place in the code."""
    found = []
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in FAULTS | {"say"} and node.args:
                place = f"{path.name}:{node.lineno}"
                assert not isinstance(node.args[0], ast.JoinedStr), f"{place}: give a template and its fields"
                found += [(place, text.value) for text in texts(node.args[0])]
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("command", "commands"):
                found += [(f"{path.name}:{node.lineno}", text.value) for text in texts(node.args[1])]
    return found


def texts(template: ast.expr) -> list[ast.Constant]:
    """The text, or both of a choice."""
    parts = [template.body, template.orelse] if isinstance(template, ast.IfExp) else [template]
    return [part for part in parts if isinstance(part, ast.Constant)]


def fields(template: str) -> set[str]:
    return {name for _text, name, _form, _kind in string.Formatter().parse(template) if name}


def test_every_sentence_of_the_engine_and_the_commands_has_its_vietnamese():
    assert [(place, text) for place, text in spoken() if text not in catalogue("vi")] == []


def test_no_vietnamese_is_left_of_what_nobody_says():
    code = "\n".join(path.read_text("utf-8") for path in [*FILES, *(ROOT / "data/results").glob("*.csv")])
    texts = {text for _place, text in spoken()}
    words = [en for en in catalogue("vi") if en not in texts and f'"{en}"' not in code and DATA_NOTES not in en]
    assert [en for en in words if en not in REASONS] == []


def test_a_translation_fills_the_same_fields():
    assert [en for en, vi in catalogue("vi").items() if not fields(vi) <= fields(en)] == []


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "vi"),
        ({"LANG": "vi_VN.UTF-8"}, "vi"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LC_ALL": "POSIX", "LANG": "vi_VN"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "vi", "LANG": "en_US"}, "vi"),
        ({"QUANTRI_LANGUAGE": "vi", "LC_ALL": "C"}, "vi"),
        ({"QUANTRI_LANGUAGE": "en"}, "en"),
        ({"QUANTRI_LANGUAGE": "klingon", "LANG": "en_GB"}, "en"),
    ],
)
def test_the_language_is_the_settings_then_the_locales_then_vietnamese(environment, language):
    assert language_of(environment) == language


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["diagnose", "--year", "2030", "--province", "89"], "papi: không có kết quả năm 2030"),
        (["diagnose", "--year", "2017", "--province", "giang"], "'giang' không chỉ rõ một tỉnh"),
        (["results", "--index", "pci", "--year", "2017"], "không có chỉ số 'pci'"),
        (["check", "missing.toml"], "missing.toml: không đọc được (không có tệp này)"),
        (["outlook", "--base-year", "2017", "--year", "2019", "--province", "89", "--target", "D5=99"], "từ 1 đến 10"),
    ],
)
def test_bad_input_is_answered_in_vietnamese(capsys, monkeypatch, argv, said):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    assert main(argv) == 2
    printed = capsys.readouterr()
    assert said in printed.err and printed.err.count("\n") == 1 and printed.out == ""


@pytest.mark.parametrize(
    ("language", "argv", "said"),
    [
        ("vi", ["diagnose"], "quantri diagnose: thiếu --year, --province; xem quantri diagnose --help"),
        ("vi", ["results", "--year", "hai"], "--year: 'hai' không phải số nguyên"),
        ("vi", ["results", "--year", "2017", "--format", "xml"], "không có 'xml'; hãy chọn"),
        ("en", ["diagnose"], "required: --year, --province; see quantri diagnose --help"),
        ("en", ["brew"], "invalid choice: 'brew'"),
    ],
)
def test_wrong_arguments_are_one_line_and_exit_code_2(capsys, monkeypatch, language, argv, said):
    monkeypatch.setenv("QUANTRI_LANGUAGE", language)
    with pytest.raises(SystemExit) as ended:
        main(argv)
    err = capsys.readouterr().err
    assert ended.value.code == 2 and said in err and err.count("\n") == 1


def test_tables_are_vietnamese_with_a_decimal_comma(capsys, monkeypatch):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    assert main(["diagnose", "--year", "2017", "--province", "89"]) == 0
    out = capsys.readouterr().out
    d3 = next(line for line in out.splitlines() if line.startswith("D3 "))
    assert re.search(r"\d,\d{3}", d3) and "thấp" in d3 and "cải thiện" in d3
    assert not re.search(r"\b(score|group|rank|improve|withheld)\b|\d\.\d{3}", out)


def test_json_and_csv_are_the_same_in_every_language(capsys, monkeypatch):
    for form in ("json", "csv"):
        answers = []
        for language in ("vi", "en"):
            monkeypatch.setenv("QUANTRI_LANGUAGE", language)
            main(["diagnose", "--year", "2017", "--province", "89", "--format", form])
            answers.append(capsys.readouterr().out)
        assert answers[0] == answers[1]


def test_help_is_vietnamese(capsys, monkeypatch):
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    with pytest.raises(SystemExit):
        main(["outlook", "--help"])
    out = capsys.readouterr().out
    assert "cách dùng:" in out and "năm gốc" in out and "options" not in out
