"""Official drafts as Word files: a content of a kind, and its template; the PDF is made from the Word file."""

import io
from pathlib import Path
from typing import Any

from docx.document import Document as Word
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from quantri.errors import DataError
from quantri.web.reports.official.contents import CONTENTS, Annex
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.official.reading import read
from quantri.web.reports.official.tags import tags_of
from quantri.web.reports.rendering import wording
from quantri.web.reports.rendering.document import render_document
from quantri.web.reports.rendering.filling import describe, fill, opened, saved
from quantri.web.reports.rendering.pdf import to_pdf as pdf_of

__all__ = ["pdf_of", "render"]
_MM = 1440 / 25.4  # twentieths of a point
_TABLE_WIDTH = 247  # mm between the margins of an annex, which lies across


def render(kind: str, content: dict[str, Any], *, template: bytes | None = None) -> bytes:
    """Make the Word file of a content; equal content and template give equal bytes.

    `template` is a template of the staff; without it, the one of the package is filled.

    Raises
    ------
    DataError
        If there is no such kind, a field of the content is wrong, or a tag of the template does not work.
    """
    if kind not in kinds():
        raise DataError("{kind}: no such kind of document; there are {known}", kind=kind, known=", ".join(kinds()))
    source: Path | io.BytesIO = kinds()[kind].template if template is None else io.BytesIO(template)
    if kind not in CONTENTS:
        return render_document(content, template=source)
    document = read(CONTENTS[kind], wording.cleaned(content), kind)
    word = fill(opened(source, f"{kind}.docx"), tags_of(document, kinds()[kind]), f"{kind}.docx")
    _set_columns(word, [annex for annex in document.annexes if annex.rows])
    if not document.annexes:
        _drop_last_section(word)
    describe(word, title=document.subject, subject=document.issuer.full_name, made_on=document.made_on)
    return saved(word, document.made_on)


def _drop_last_section(word: Word) -> None:
    """Take away the page across that is kept for annexes."""
    body = word.element.body
    last = [p for p in body.findall(qn("w:p")) if p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None][-1:]
    for holder in last:
        section = holder.find(f"{qn('w:pPr')}/{qn('w:sectPr')}")
        body.replace(body.find(qn("w:sectPr")), section)
        for later in [holder, *holder.itersiblings(qn("w:p"))]:
            body.remove(later)


def _set_columns(word: Word, annexes: list[Annex]) -> None:
    """Give the tables of the annexes their widths, and centre what is to be centred."""
    ruled = [
        table for table in word.element.body.iter(qn("w:tbl")) if table.find(f".//{qn('w:tblHeader')}") is not None
    ]
    centred = next((s.style_id for s in word.styles if s.name == "Bảng, số"), None)
    for table, annex in zip(ruled, annexes, strict=False):
        total = sum(column.width for column in annex.columns) or 1
        widths = [round(_TABLE_WIDTH * _MM * column.width / total) for column in annex.columns]
        _set_grid(table, widths)
        head, *rows = table.findall(qn("w:tr"))
        for row in (head, *rows):
            for cell, width, column in zip(row.findall(qn("w:tc")), widths, annex.columns, strict=False):
                _set_cell(cell, width, centred if column.is_centred and row is not head else None)


def _set_grid(table: BaseOxmlElement, widths: list[int]) -> None:
    grid = table.find(qn("w:tblGrid"))
    for old in list(grid):
        grid.remove(old)
    for width in widths:
        column = OxmlElement("w:gridCol")
        column.set(qn("w:w"), str(width))
        grid.append(column)
    table.tblPr.find(qn("w:tblW")).set(qn("w:w"), str(sum(widths)))


def _set_cell(cell: BaseOxmlElement, width: int, style: str | None) -> None:
    found = cell.get_or_add_tcPr().get_or_add_tcW()
    found.set(qn("w:w"), str(width))
    found.set(qn("w:type"), "dxa")
    if style:
        for paragraph in cell.findall(qn("w:p")):
            paragraph.style = style
