"""Files of frozen documents: made once, by one worker at a time."""

import os
import time

import pytest

from quantri.errors import DataError
from quantri.web.reports import keeping, views
from quantri.web.reports.keeping import BeingMade, forget_files, kept_file
from quantri.web.reports.models import Snapshot

SHA = "a" * 64


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path / "documents"


def never() -> bytes:
    pytest.fail("it was made again")


def test_a_file_is_made_once_and_read_from_the_disk_after_that(folder):
    assert kept_file(SHA, "pdf", lambda: b"%PDF") == b"%PDF"
    assert kept_file(SHA, "pdf", never) == b"%PDF"
    assert [p.suffix for p in folder.iterdir()] == [".pdf"]


def test_while_one_pdf_is_made_another_has_to_wait(folder):
    def make() -> bytes:
        with pytest.raises(BeingMade):
            kept_file("b" * 64, "pdf", never)
        return kept_file("b" * 64, "xlsx", lambda: b"annex")

    assert kept_file(SHA, "pdf", make) == b"annex"


def test_a_file_that_could_not_be_made_can_be_asked_for_again():
    def broken() -> bytes:
        raise DataError("no LibreOffice")

    with pytest.raises(DataError):
        kept_file(SHA, "pdf", broken)
    assert kept_file(SHA, "pdf", lambda: b"%PDF") == b"%PDF"


def test_the_mark_of_a_worker_that_was_ended_does_not_stay_for_ever(folder):
    folder.mkdir()
    mark = folder / "pdf.making"
    mark.touch()
    with pytest.raises(BeingMade):
        kept_file(SHA, "pdf", never)
    long_ago = time.time() - keeping.STALE - 1
    os.utime(mark, (long_ago, long_ago))
    assert kept_file(SHA, "pdf", lambda: b"%PDF") == b"%PDF"


def test_a_new_version_of_the_program_makes_the_file_anew_and_drops_the_old(folder, monkeypatch):
    kept_file(SHA, "docx", lambda: b"old")
    monkeypatch.setattr(keeping, "code_version", lambda: "next")
    assert kept_file(SHA, "docx", lambda: b"new") == b"new"
    assert [p.name for p in folder.iterdir()] == [f"{SHA}-next.docx"]


def test_a_full_disk_does_not_keep_the_file_from_who_asked(monkeypatch):
    def full(*_arguments) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keeping, "_write", full)
    assert kept_file(SHA, "docx", lambda: b"content") == b"content"


def test_files_of_a_content_can_be_forgotten(folder):
    for ending in ("docx", "pdf"):
        kept_file(SHA, ending, lambda: b"content")
    forget_files(SHA)
    assert list(folder.iterdir()) == []


def test_who_asks_meanwhile_is_told_when_to_ask_again(client, historic_plan, monkeypatch):
    def busy(*_arguments) -> bytes:
        raise BeingMade

    monkeypatch.setattr(views, "kept_file", busy)
    snapshot = Snapshot.objects.get(plan=historic_plan)
    answer = client.get(f"/en/plans/{historic_plan.pk}/document/{snapshot.sha256}/ke-hoach.pdf")
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "being made at this moment" in answer.content.decode()
