import os
import re
import stat
import zlib
from pathlib import Path

import pytest

from quantri.errors import DataError
from quantri.web.reports.rendering import pdf
from quantri.web.reports.rendering.document import render_document
from samples import make_content, make_large_content


def readable(document: bytes) -> bytes:
    """Add what the compressed parts of a PDF say."""
    found = [document]
    for packed in re.findall(rb"stream\r?\n(.*?)endstream", document, re.DOTALL):
        try:
            found.append(zlib.decompressobj().decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found)


def stand_in(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put another program in the place of LibreOffice."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.mark.needs("soffice")
def test_a_document_becomes_a_pdf_in_one_font_family() -> None:
    document = pdf.to_pdf(render_document(make_content()))
    fonts = set(re.findall(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([A-Za-z]+)", readable(document)))
    assert document.startswith(b"%PDF-")
    assert fonts
    assert fonts <= {b"Tinos", b"LiberationSerif", b"TimesNewRomanPSMT", b"TimesNewRomanPS"}


@pytest.mark.needs("soffice")
def test_annexes_lie_across() -> None:
    document = readable(pdf.to_pdf(render_document(make_large_content())))
    boxes = re.findall(rb"/Type\s*/Page\b[^s].*?/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", document, re.DOTALL)
    across = [float(width) > float(height) for width, height in boxes]
    assert 3 <= across.count(False) <= 6
    assert across.count(True) >= 6
    assert across == sorted(across)


def test_without_libreoffice_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not pdf.pdf_available()
    with pytest.raises(DataError, match="PDF needs LibreOffice"):
        pdf.to_pdf(b"")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_program_that_makes_nothing_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(tmp_path, monkeypatch, "echo cannot load; exit 1")
    with pytest.raises(DataError, match="it said: cannot load"):
        pdf.to_pdf(b"not a document")


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in(tmp_path, monkeypatch, f"sleep 60 & echo $! > {tmp_path}/child; wait")
    monkeypatch.setattr(pdf, "TIME_LIMIT", 1)
    with pytest.raises(DataError, match="longer than 1 seconds"):
        pdf.to_pdf(b"")
    child = Path("/proc") / (tmp_path / "child").read_text().strip() / "status"
    assert not child.exists() or "Z (zombie)" in child.read_text()
