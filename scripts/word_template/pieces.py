"""Paragraphs, commands and tables with the tags that docxtpl fills."""

from collections.abc import Callable

from docx.document import Document as Word
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls
from docx.section import _Header
from docx.shared import Mm
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph


def add(place: Word | _Cell | _Header, style: str, text: str) -> Paragraph:
    return place.add_paragraph(text, style=style)


def commands(word: Word, opening: str, body: Callable[[], None], closing: str) -> None:
    add(word, "Thẻ lệnh", f"{{%p {opening} %}}")
    body()
    add(word, "Thẻ lệnh", f"{{%p {closing} %}}")


def add_if(word: Word, condition: str, *lines: tuple[str, str]) -> None:
    commands(word, f"if {condition}", lambda: [add(word, *line) for line in lines], "endif")


def add_for(word: Word, each: str, *lines: tuple[str, str]) -> None:
    commands(word, f"for {each}", lambda: [add(word, *line) for line in lines], "endfor")


def add_table(word: Word, widths: list[float], *, ruled: bool) -> Table:
    """Add an empty table of fixed widths in millimetres."""
    table = word.add_table(rows=0, cols=len(widths))
    properties = table._tbl.tblPr
    for child in list(properties):
        properties.remove(child)
    total = round(sum(widths) * 1440 / 25.4)
    properties.append(parse_xml(f'<w:tblW {nsdecls("w")} w:w="{total}" w:type="dxa"/>'))
    if ruled:
        sides = ("top", "left", "bottom", "right", "insideH", "insideV")
        lines = "".join(f'<w:{s} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for s in sides)
        properties.append(parse_xml(f"<w:tblBorders {nsdecls('w')}>{lines}</w:tblBorders>"))
    properties.append(parse_xml(f'<w:tblLayout {nsdecls("w")} w:type="fixed"/>'))
    margin = 70 if ruled else 0
    sides = "".join(f'<w:{s} w:w="{margin}" w:type="dxa"/>' for s in ("left", "right"))
    properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{sides}</w:tblCellMar>"))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def add_row(table: Table, widths: list[float], cells: list[tuple[str, str]], *, is_header: bool = False) -> list[_Cell]:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))
    for cell, width, (text, style) in zip(row.cells, widths, cells, strict=True):
        cell.width = Mm(width)
        cell.paragraphs[0].style, cell.paragraphs[0].text = style, text
        if style.startswith("Bảng"):
            cell._tc.get_or_add_tcPr().append(parse_xml(f'<w:vAlign {nsdecls("w")} w:val="center"/>'))
    return row.cells


def add_command_row(table: Table, widths: list[float], command: str) -> None:
    cells = [(f"{{%tr {command} %}}", "Thẻ lệnh")] + [("", "Thẻ lệnh")] * (len(widths) - 1)
    add_row(table, widths, cells)


def add_list_table(
    word: Word, columns: tuple[tuple[str, int, str, str], ...], each: str, remark: str = ""
) -> list[_Cell]:
    """Add a ruled table: a repeated header row, a row for each item; `tag@column` puts a remark below that cell."""
    widths = [float(width) for _, width, _, _ in columns]
    table = add_table(word, widths, ruled=True)
    add_row(table, widths, [(title, "Bảng, hàng đầu") for title, *_ in columns], is_header=True)
    add_command_row(table, widths, f"for {each}")
    cells = add_row(table, widths, [(tag, style) for _, _, tag, style in columns])
    if remark:
        name, column = remark.split("@")
        cell = cells[int(column)]
        add(cell, "Thẻ lệnh", f"{{%p if {name} %}}")
        add(cell, "Bảng, ghi chú", f"({{{{ {name} }}}})")
        add(cell, "Thẻ lệnh", "{%p endif %}")
    add_command_row(table, widths, "endfor")
    return cells
