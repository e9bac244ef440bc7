"""A plan as a Word document, from the template that staff can change."""

import io
from pathlib import Path
from typing import Any

from docx.oxml.ns import qn
from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage

from quantri.web.reports.rendering import chart, wording
from quantri.web.reports.rendering.context import context
from quantri.web.reports.rendering.filling import describe, fill, opened, saved

TEMPLATE = Path(__file__).resolve().parents[1] / "word" / "ke-hoach.docx"


def render_document(content: dict[str, Any], *, template: Path | io.BytesIO = TEMPLATE) -> bytes:
    """Fill the template; equal content and template give equal bytes.

    Raises
    ------
    DataError
        If the template is not a Word file, or one of its tags is misspelt or not closed.
    """
    content = wording.cleaned(content)
    name = template.name if isinstance(template, Path) else TEMPLATE.name
    filled = opened(template, str(template) if isinstance(template, Path) else name)
    tags = {**context(content), "chart": _chart(content, filled)}
    word = fill(filled, tags, name)
    describe(word, title=content["title"], subject=content["index_name"], made_on=content["made_on"])
    for picture in word.element.body.iter(qn("wp:docPr")):  # the words for who cannot see the picture
        picture.set("descr", f"{tags['chart_title']}; số liệu như Bảng 1.")
    return saved(word, content["made_on"])


def _chart(content: dict[str, Any], filled: DocxTemplate) -> InlineImage | str:
    if not chart.charted(content):
        return ""
    return InlineImage(filled, io.BytesIO(chart.targets_chart(content)), width=Mm(160))
