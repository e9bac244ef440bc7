"""A Word template filled with texts: tags are printed, lines under texts drawn, equal input gives equal bytes."""

import io
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError
from markupsafe import Markup, escape
from matplotlib.ft2font import FT2Font

from quantri.errors import DataError
from quantri.web.reports.rendering import chart
from quantri.web.reports.rendering.packing import moment, repack

RULES = {
    "Kẻ dưới": 0.4,
    "Kẻ dưới tiêu ngữ": 1.0,
}  # style of a line: share of the text above (the decree: 1/3 to 1/2; all)

_FINE = 16  # measured at this size, so that hinting does not widen letters


def opened(template: Path | io.BytesIO, name: str) -> DocxTemplate:
    """Open a template.

    Raises
    ------
    DataError
        If it is not a Word file.
    """
    try:
        filled = DocxTemplate(template if isinstance(template, io.BytesIO) else str(template))
        filled.init_docx()
    except (PackageNotFoundError, BadZipFile, OSError, ValueError, KeyError) as fault:
        raise DataError(f"{name}: not a Word file (.docx); save the template in that format") from fault
    return filled


def fill(filled: DocxTemplate, tags: dict[str, Any], name: str) -> Word:
    """Print the tags into the template, and draw the lines under the texts.

    Raises
    ------
    DataError
        If one of its tags is misspelt or not closed.
    """
    try:
        filled.render(tags, _environment())
    except (TemplateError, XMLSyntaxError) as fault:
        raise DataError(f"{name}: a tag of the Word template does not work: {fault}") from fault
    _draw_rules(filled.docx)
    return filled.docx


def describe(word: Word, *, title: str, subject: str, made_on: str) -> None:
    """Set the document's own title, language and dates."""
    properties = word.core_properties
    properties.title, properties.subject = title[:255], subject[:255]
    properties.author, properties.language = "Quantri", "vi-VN"
    properties.created = properties.modified = moment(made_on)


def saved(word: Word, made_on: str) -> bytes:
    """Write the document so that its bytes depend on its content only."""
    raw = io.BytesIO()
    word.save(raw)
    return repack(raw.getvalue(), moment(made_on))


def _environment() -> SandboxedEnvironment:
    """Let a template print what it is given and nothing else; what it prints is never read as a tag or as XML."""
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined, finalize=_literal)


def _literal(value: Any) -> Any:
    """Hide braces from docxtpl, which reads some of them a second time."""
    if not isinstance(value, str):
        return value
    return Markup(str(escape(value)).replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704  escaped just before


# ---- lines under texts, as long as the decree says


def _draw_rules(word: Word) -> None:
    """Set the ends of each line by the width of the text above it."""
    shares = {word.styles[name].style_id: share for name, share in RULES.items() if name in _names(word)}
    above: Paragraph | None = None
    for element in word.element.body.iter(qn("w:p")):
        paragraph = Paragraph(element, word._body)
        share = shares.get(element.style or "")
        if share is None:
            above = paragraph
        elif above is not None:
            room = _room(word, element)
            side = max(0, (room - share * min(_width(above), room)) / 2)
            paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Pt(side)


def _names(word: Word) -> set[str]:
    return {style.name for style in word.styles if style.type == WD_STYLE_TYPE.PARAGRAPH}


def _room(word: Word, paragraph: Any) -> float:
    """Width in points that a paragraph has: its cell's, or the page's without margins."""
    cell = next(paragraph.iterancestors(qn("w:tc")), None)
    if cell is not None and cell.width is not None:
        return Length(cell.width).pt
    page = word.sections[0]
    return Length(page.page_width - page.left_margin - page.right_margin).pt


def _width(paragraph: Paragraph) -> float:
    """Width in points of a paragraph set in one line."""
    style = paragraph.style
    font = FT2Font(str(chart.font_file("bold" if style.font.bold else "normal")))
    font.set_size(style.font.size.pt if style.font.size else 14, 72 * _FINE)
    font.set_text(paragraph.text)
    return font.get_width_height()[0] / 64 / _FINE
