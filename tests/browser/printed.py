"""A Word file as it comes out of a printer: its pages as pictures, and where each word stands."""

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

from PIL import Image

A4 = (595, 842)  # in points
TOP = 20 / 297  # share of a page in whose margin nothing but its number stands
DARK = 96  # of 255; the letters are black, and the watermark of a draft is far lighter
WORD = re.compile(r'<word xMin="[\d.]+" yMin="[\d.]+" xMax="[\d.]+" yMax="([\d.]+)">([^<]*)</word>')


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A printed page: its size in points, its words from top to bottom, and its picture in grey."""

    size: tuple[float, float]
    words: tuple[tuple[float, str], ...]
    picture: Image.Image

    @property
    def is_a4(self) -> bool:
        """Say whether the paper is A4, upright or across."""
        return tuple(round(side) for side in sorted(self.size)) == A4

    @property
    def has_ink(self) -> bool:
        """Say whether something is printed besides the number of the page and a watermark."""
        width, height = self.picture.size
        darkest = self.picture.crop((0, int(height * TOP), width, height)).getextrema()[0]
        return darkest < DARK

    def text(self, share: float = 1) -> str:
        """Return the words that stand in the upper share of the page."""
        return " ".join(word for bottom, word in self.words if bottom <= share * self.size[1])


def printed(path: Path) -> list[Sheet]:
    """Print a Word file as an office does."""
    office = f"-env:UserInstallation=file://{path.parent}/office"
    _run("soffice", office, "--headless", "--convert-to", "pdf", "--outdir", path.parent, path)
    pdf = path.with_suffix(".pdf")
    _run("pdftoppm", "-r", "75", "-gray", "-png", pdf, path.parent / "page")
    pictures = [Image.open(page).convert("L") for page in sorted(path.parent.glob("page-*.png"))]
    pages = re.findall(
        r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', _run("pdftotext", "-bbox", pdf, "-"), re.S
    )
    return [
        Sheet(size=(float(width), float(height)), words=_words(body), picture=picture)
        for (width, height, body), picture in zip(pages, pictures, strict=True)
    ]


def _words(page: str) -> tuple[tuple[float, str], ...]:
    return tuple((float(bottom), unescape(word)) for bottom, word in WORD.findall(page))


def _run(*command: object) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=120).stdout
