"""Files that people hand in: what is taken, what is refused, and what is left out of pictures."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from quantri.errors import DataError
from quantri.web.core import uploads

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def picture(form: str, size: tuple[int, int] = (30, 20), **options) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, format=form, **options)
    return out.getvalue()


def package(*parts: str, size: int = 10) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in parts:
            made.writestr(part, b"0" * size)
    return out.getvalue()


def left_in_quarantine() -> list[str]:
    return [p.name for p in (uploads.folder() / "quarantine").iterdir()]


@pytest.mark.parametrize(
    ("name", "content", "kept_as"),
    [
        ("báo cáo.pdf", PDF, "báo cáo.pdf"),
        ("ảnh.JPG", picture("JPEG"), "ảnh.jpg"),
        ("ảnh.png", picture("PNG"), "ảnh.png"),
        ("ảnh.webp", picture("WEBP"), "ảnh.jpg"),
        ("bảng.xlsx", package("xl/workbook.xml"), "bảng.xlsx"),
        ("văn bản.docx", package("word/document.xml"), "văn bản.docx"),
        ("văn bản.jpg", package("word/document.xml"), "văn bản.docx"),  # what it is, its content says
        ("anh", PDF, "anh.pdf"),
        ("../../etc/passwd.pdf", PDF, "passwd.pdf"),
        ("C:\\Users\\x\\tep.pdf", PDF, "tep.pdf"),
        ('a"b\r\nSet-Cookie: x.pdf', PDF, "a_b_Set-Cookie_ x.pdf"),
        ("....pdf", PDF, "tep.pdf"),
        ("x" * 300 + ".pdf", PDF, "x" * 100 + ".pdf"),
    ],
)
def test_a_file_is_kept_under_its_checksum_with_a_safe_name(name, content, kept_as):
    kept = uploads.keep(file("x", content))
    assert uploads.path_of(kept.sha256).stat().st_size == kept.size
    assert uploads.safe_name(name, uploads.ENDINGS[kept.media_type]) == kept_as
    assert left_in_quarantine() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anh.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
        ("trang.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("tep.exe", b"MZ\x90\x00" + b"\x00" * 60),
        ("nen.zip", package("a.txt")),
        ("bom.docx", package("word/document.xml", size=250_000_000)),
        ("nhieu.xlsx", package(*(f"xl/{n}" for n in range(6000)), "xl/workbook.xml", size=0)),
        ("macro.docx", package("word/document.xml", "word/vbaProject.bin")),
        ("hong.docx", package("word/document.xml")[:-30]),
        ("hong.jpg", picture("JPEG")[:200]),
        ("hong.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 40),
        ("gif.gif", picture("GIF")),
        ("trong.pdf", b""),
    ],
)
def test_what_is_not_what_it_must_be_is_refused_and_nothing_is_left(name, content):
    with pytest.raises(DataError):
        uploads.keep(file(name, content))
    assert left_in_quarantine() == []


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_PIXELS", 100)
    with pytest.raises(DataError):
        uploads.keep(file("to.png", picture("PNG", (20, 20))))


def test_a_file_above_the_bound_is_refused(monkeypatch):
    monkeypatch.setattr(uploads, "LARGEST", 10)
    with pytest.raises(DataError, match="20 MB"):
        uploads.keep(file("to.pdf", PDF))


def test_the_same_content_is_kept_once():
    assert uploads.keep(file("a.pdf", PDF)).sha256 == uploads.keep(file("b.pdf", PDF)).sha256


def test_a_download_is_never_shown_inside_a_page(db):
    answer = uploads.download(uploads.keep(file("a.pdf", PDF)))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]
    answer.close()
