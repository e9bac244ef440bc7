"""Build src/quantri/web/reports/word/*.docx, templates of official documents in the format of Nghị định 30/2020/NĐ-CP.

    .venv/bin/python scripts/make_template.py [FOLDER]

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
from word_template.official import OFFICIAL  # noqa: E402
from word_template.plan import add_plan  # noqa: E402
from word_template.styles import add_official_styles, add_styles  # noqa: E402

from quantri.web.reports.rendering.packing import repack  # noqa: E402

FOLDER = ROOT / "src/quantri/web/reports/word"
MADE_AT = datetime(2026, 1, 1, 12)  # noqa: DTZ001  a date that never changes
TITLES = {
    "ke-hoach": "Mẫu kế hoạch", "bao-cao": "Mẫu báo cáo", "cong-van": "Mẫu công văn", "quyet-dinh": "Mẫu quyết định",
    "bien-ban": "Mẫu biên bản", "thong-bao": "Mẫu thông báo",
}  # fmt: skip


def main(folder: Path = FOLDER) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for kind in TITLES:
        path = folder / f"{kind}.docx"
        path.write_bytes(build(kind))
        print(f"{path}: {path.stat().st_size} bytes")


def build(kind: str) -> bytes:
    word = Document()
    strip(word)
    if kind in OFFICIAL:
        add_official_styles(word)
        OFFICIAL[kind](word)
    else:
        add_styles(word)
        add_plan(word)
        add_annexes(word)
    properties = word.core_properties
    properties.title, properties.author, properties.language = TITLES[kind], "Quantri", "vi-VN"
    properties.comments = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = MADE_AT
    raw = io.BytesIO()
    word.save(raw)
    return repack(raw.getvalue(), MADE_AT)


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
