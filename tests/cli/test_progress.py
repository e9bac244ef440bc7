from time import sleep

from quantri.cli import progress
from quantri.said import Said


def test_a_quick_step_says_nothing(capsys):
    with progress.Progress().step("reading"):
        pass
    assert capsys.readouterr().err == ""


def test_a_slow_step_is_named_on_standard_error(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    slow = progress.Progress()
    with slow.step("drawing"):
        sleep(0.2)
    assert capsys.readouterr() == ("", "quantri: drawing …\n")


def test_a_slow_step_is_named_in_the_users_language(capsys, monkeypatch):
    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    monkeypatch.setenv("QUANTRI_LANGUAGE", "vi")
    with progress.Progress().step(Said("reading {file}", file="a.csv")):
        sleep(0.2)
    assert capsys.readouterr().err == "quantri: đang đọc a.csv …\n"
