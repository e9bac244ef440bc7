"""Build src/quantri/web/reports/word/ke-hoach.docx, the template of a plan in the format of Nghị định 30/2020/NĐ-CP.

    .venv/bin/python scripts/make_template.py [FILE]

The same code makes the same bytes. Staff may change the result in Word: docs/howto/change-the-word-template.md.
"""

import io
import sys
from datetime import datetime
from pathlib import Path

from docx import Document

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "scripts")]

from word_template.annexes import add_annexes  # noqa: E402
from word_template.bare import strip  # noqa: E402
from word_template.plan import add_plan  # noqa: E402
from word_template.styles import add_styles  # noqa: E402

from quantri.web.reports.rendering.packing import repack  # noqa: E402

TEMPLATE = ROOT / "src/quantri/web/reports/word/ke-hoach.docx"
MADE_AT = datetime(2026, 1, 1, 12)  # noqa: DTZ001  a date that never changes


def main(path: Path = TEMPLATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build())
    print(f"{path}: {path.stat().st_size} bytes")


def build() -> bytes:
    word = Document()
    strip(word)
    add_styles(word)
    add_plan(word)
    add_annexes(word)
    properties = word.core_properties
    properties.title, properties.author, properties.language = "Mẫu kế hoạch", "Quantri", "vi-VN"
    properties.comments = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = MADE_AT
    raw = io.BytesIO()
    word.save(raw)
    return repack(raw.getvalue(), MADE_AT)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
