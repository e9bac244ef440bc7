"""Build src/quantri/web/reports/word/ke-hoach.docx, the template of a plan in the format of Nghị định 30/2020/NĐ-CP.

    .venv/bin/python scripts/make_template.py [FILE]

The same code makes the same bytes. Staff may change the result in Word: docs/howto/change-the-word-template.md.
"""

import io
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section, _Header
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from quantri.web.reports.rendering.packing import repack  # noqa: E402

TEMPLATE = ROOT / "src/quantri/web/reports/word/ke-hoach.docx"
MADE_AT = datetime(2026, 1, 1, 12)  # noqa: DTZ001  a date that never changes
FONT = "Times New Roman"
INDENT = Mm(12.7)
MARGINS = {"top_margin": Mm(25), "bottom_margin": Mm(20), "left_margin": Mm(30), "right_margin": Mm(20)}
TEXT_WIDTH, WIDE = 160, 247  # millimetres, portrait and landscape
CENTRE, JUSTIFY, LEFT, RIGHT = ALIGN.CENTER, ALIGN.JUSTIFY, ALIGN.LEFT, ALIGN.RIGHT

# name: (id, size, bold, italic, alignment, first line, space before, space after, keep with next, outline level)
STYLES = {
    "Quốc hiệu": ("QuocHieu", 12, True, False, CENTRE, 0, 0, 0, True, None),
    "Tiêu ngữ": ("TieuNgu", 13, True, False, CENTRE, 0, 0, 0, True, None),
    "Cơ quan ban hành": ("CoQuan", 12, True, False, CENTRE, 0, 0, 0, True, None),
    "Số ký hiệu": ("SoKyHieu", 13, False, False, CENTRE, 0, 6, 0, False, None),
    "Địa danh, ngày tháng": ("NgayThang", 13, False, True, CENTRE, 0, 6, 0, False, None),
    "Dấu dự thảo": ("DauDuThao", 13, True, False, CENTRE, 0, 6, 0, False, None),
    "Lời ghi bản sao": ("LoiGhi", 12, False, True, JUSTIFY, 0, 10, 0, False, None),
    "Tên loại": ("TenLoai", 14, True, False, CENTRE, 0, 16, 0, True, None),
    "Trích yếu": ("TrichYeu", 14, True, False, CENTRE, 0, 0, 0, True, None),
    "Kẻ dưới": ("KeDuoi", 2, False, False, CENTRE, 0, 0, 0, False, None),
    "Kẻ dưới tiêu ngữ": ("KeDuoiTieuNgu", 2, False, False, CENTRE, 0, 0, 0, False, None),
    "Căn cứ": ("CanCu", 14, False, True, JUSTIFY, INDENT, 0, 6, False, None),
    "Nội dung": ("NoiDung", 14, False, False, JUSTIFY, INDENT, 0, 6, False, None),
    "Kết thúc": ("KetThuc", 14, False, False, JUSTIFY, INDENT, 0, 6, True, None),
    "Đề mục": ("DeMuc", 14, True, False, JUSTIFY, INDENT, 6, 6, True, 0),
    "Khoản": ("Khoan", 14, True, False, JUSTIFY, INDENT, 0, 6, True, 1),
    "Bảng": ("Bang", 12, False, False, LEFT, 0, 1, 1, False, None),
    "Bảng, số": ("BangSo", 12, False, False, CENTRE, 0, 1, 1, False, None),
    "Bảng, ghi chú": ("BangGhiChu", 11, False, True, LEFT, 0, 0, 1, False, None),
    "Bảng, hàng đầu": ("BangDau", 12, True, False, CENTRE, 0, 1, 1, True, None),
    "Tên bảng": ("TenBang", 13, True, False, CENTRE, 0, 6, 4, True, None),
    "Hình": ("Hinh", 13, False, False, CENTRE, 0, 6, 0, True, None),
    "Tên hình": ("TenHinh", 13, True, False, CENTRE, 0, 2, 2, True, None),
    "Nguồn": ("Nguon", 11, False, True, LEFT, 0, 3, 4, False, None),
    "Nơi nhận": ("NoiNhan", 12, True, True, LEFT, 0, 0, 0, True, None),
    "Danh sách nơi nhận": ("DanhSach", 11, False, False, LEFT, 0, 0, 0, False, None),
    "Chức vụ người ký": ("ChucVu", 14, True, False, CENTRE, 0, 0, 0, False, None),
    "Ghi chú người ký": ("GhiChuKy", 13, False, True, CENTRE, 0, 6, 0, False, None),
    "Phụ lục": ("PhuLuc", 14, True, False, CENTRE, 0, 0, 0, True, 0),
    "Tên phụ lục": ("TenPhuLuc", 14, True, False, CENTRE, 0, 0, 0, True, None),
    "Kèm theo": ("KemTheo", 14, False, True, CENTRE, 0, 0, 8, False, None),
    "Số trang": ("SoTrang", 14, False, False, CENTRE, 0, 0, 0, False, None),
    "Dấu trình diễn": ("DauTrinhDien", 11, True, False, RIGHT, 0, 0, 0, False, None),
    "Thẻ lệnh": ("TheLenh", 9, False, False, LEFT, 0, 0, 0, False, None),
    "Ngắt phần": ("NgatPhan", 1, False, False, LEFT, 0, 0, 0, False, None),
}
TARGET_COLUMNS = (
    ("Mã", 10, "{{ t.code }}", "Bảng, số"),
    ("Nội dung", 36, "{{ t.name }}", "Bảng"),
    ("Kết quả năm {{ base_year }}", 22, "{{ t.base }}", "Bảng, số"),
    ("Nhóm", 20, "{{ t.group }}", "Bảng, số"),
    ("Định hướng", 24, "{{ t.priority }}", "Bảng, số"),
    ("Mục tiêu năm {{ year }} (điểm)", 48, "{{ t.target }}", "Bảng"),
)
PART_COLUMNS = (
    ("Mã", 15, "{{ t.code }}", "Bảng, số"),
    ("Nội dung thành phần", 56, "{{ t.name }}", "Bảng"),
    ("Thang điểm", 22, "{{ t.scale }}", "Bảng, số"),
    ("Kết quả năm {{ base_year }}", 20, "{{ t.base }}", "Bảng, số"),
    ("Nhóm", 24, "{{ t.group }}", "Bảng, số"),
    ("Định hướng", 26, "{{ t.priority }}", "Bảng, số"),
    ("Mục tiêu năm {{ year }}", 34, "{{ t.target }}", "Bảng"),
    ("Cơ quan chịu trách nhiệm", 50, "{{ t.owners }}", "Bảng"),
)
TASK_COLUMNS = (
    ("TT", 13, "{{ k.number }}", "Bảng, số"),
    ("Nhiệm vụ", 78, "{{ k.title }}", "Bảng"),
    ("Nội dung PAPI", 22, "{{ k.components }}", "Bảng, số"),
    ("Cơ quan chủ trì", 38, "{{ k.leads }}", "Bảng"),
    ("Cơ quan phối hợp", 38, "{{ k.coordinating }}", "Bảng"),
    ("Thời hạn", 24, "{{ k.due_on }}", "Bảng, số"),
    ("Sản phẩm", 34, "{{ k.deliverable }}", "Bảng"),
)


def main(path: Path = TEMPLATE) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(build())
    print(f"{path}: {path.stat().st_size} bytes")


def build() -> bytes:
    word = Document()
    _bare(word)
    _styles(word)
    _main_part(word)
    _annexes(word)
    properties = word.core_properties
    properties.title, properties.author, properties.language = "Mẫu kế hoạch", "Quantri", "vi-VN"
    properties.comments = properties.keywords = properties.last_modified_by = ""
    properties.created = properties.modified = MADE_AT
    raw = io.BytesIO()
    word.save(raw)
    return repack(raw.getvalue(), MADE_AT)


def _bare(word: Word) -> None:
    """Drop what python-docx's own template brings: its theme, fonts, numbering, picture and 160 styles."""
    package, part = word.part.package, word.part
    for rels in (package.rels, part.rels):
        for key, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in _UNUSED_PARTS:
                del rels[key]
    settings = word.settings.element
    for child in list(settings):
        if child.tag.rsplit("}", 1)[-1] not in ("characterSpacingControl", "defaultTabStop", "compat"):
            settings.remove(child)
    layout = settings.find(qn("w:compat"))
    layout.remove(layout.find(qn("w:useFELayout")))
    layout.find(qn("w:compatSetting")).set(qn("w:val"), "15")  # as Word lays out since 2013
    root = word.styles.element
    for child in list(root):
        root.remove(child)
    root.append(
        parse_xml(
            f"<w:docDefaults {nsdecls('w')}><w:rPrDefault><w:rPr><w:rFonts {_fonts()}/><w:color w:val='000000'/>"
            '<w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr>'
            '</w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="240" w:lineRule="auto"/>'
            "</w:pPr></w:pPrDefault></w:docDefaults>"
        )
    )
    for kind, style_id, name in (
        ("paragraph", "Normal", "Normal"),
        ("character", "DefaultParagraphFont", "Default Paragraph Font"),
        ("table", "TableNormal", "Normal Table"),
        ("numbering", "NoList", "No List"),
    ):
        root.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="{kind}" w:default="1" w:styleId="{style_id}"><w:name w:val="{name}"/>'
                f"{_TABLE_CELLS if kind == 'table' else ''}</w:style>"
            )
        )


_UNUSED_PARTS = {
    "theme",
    "fontTable",
    "stylesWithEffects",
    "customXml",
    "numbering",
    "thumbnail",
    "webSettings",
    "extended-properties",
}
_TABLE_CELLS = (
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:top w:w="0" w:type="dxa"/>'
    '<w:left w:w="70" w:type="dxa"/><w:bottom w:w="0" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
    "</w:tblPr>"
)


def _fonts() -> str:
    return " ".join(f'w:{script}="{FONT}"' for script in ("ascii", "hAnsi", "eastAsia", "cs"))


def _styles(word: Word) -> None:
    for name, (style_id, size, bold, italic, align, first, before, after, keep, outline) in STYLES.items():
        style: ParagraphStyle = word.styles.add_style(name, 1)
        style.element.set(qn("w:styleId"), style_id)
        style.base_style, style.quick_style = word.styles["Normal"], True
        run = style.element.get_or_add_rPr()
        run.append(parse_xml(f"<w:rFonts {nsdecls('w')} {_fonts()}/>"))
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
        run.append(parse_xml(f'<w:szCs {nsdecls("w")} w:val="{2 * size}"/>'))
        shape = style.paragraph_format
        shape.alignment, shape.first_line_indent, shape.keep_with_next = align, first or None, keep
        shape.space_before, shape.space_after, shape.widow_control = Pt(before), Pt(after), True
        if name in ("Nội dung", "Căn cứ", "Kết thúc"):
            shape.line_spacing = 1.1
        if outline is not None:
            style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{outline}"/>'))
    for name in ("Kẻ dưới", "Kẻ dưới tiêu ngữ"):
        shape = word.styles[name].paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(3)
        _border(word.styles[name].element.get_or_add_pPr(), "bottom")
    shape = word.styles["Ngắt phần"].paragraph_format
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)
    shape = word.styles["Dấu dự thảo"].paragraph_format
    shape.left_indent = shape.right_indent = Mm(8)
    for name in ("Dấu dự thảo", "Lời ghi bản sao"):
        _border(word.styles[name].element.get_or_add_pPr(), "top", "left", "bottom", "right")
    word.styles["Thẻ lệnh"].font.color.rgb = RGBColor(0x7F, 0x7F, 0x7F)


def _border(properties: BaseOxmlElement, *sides: str) -> None:
    lines = "".join(
        f'<w:{s} w:val="single" w:sz="6" w:space="{1 if len(sides) > 1 else 0}" w:color="000000"/>' for s in sides
    )
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{lines}</w:pBdr>")
    later = [qn(f"w:{n}") for n in ("shd", "tabs", "spacing", "ind", "jc", "outlineLvl")]
    following = next((child for child in properties if child.tag in later), None)
    properties.append(borders) if following is None else following.addprevious(borders)


# ---- pieces


def _add(place: Word | _Cell | _Header, style: str, text: str) -> Paragraph:
    return place.add_paragraph(text, style=style)


def _commands(word: Word, opening: str, body: Callable[[], None], closing: str) -> None:
    _add(word, "Thẻ lệnh", f"{{%p {opening} %}}")
    body()
    _add(word, "Thẻ lệnh", f"{{%p {closing} %}}")


def _if(word: Word, condition: str, *lines: tuple[str, str]) -> None:
    _commands(word, f"if {condition}", lambda: [_add(word, *line) for line in lines], "endif")


def _for(word: Word, each: str, *lines: tuple[str, str]) -> None:
    _commands(word, f"for {each}", lambda: [_add(word, *line) for line in lines], "endfor")


def _table(word: Word, widths: list[float], *, ruled: bool) -> Table:
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


def _row(table: Table, widths: list[float], cells: list[tuple[str, str]], *, is_header: bool = False) -> list[_Cell]:
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


def _command_row(table: Table, widths: list[float], command: str) -> None:
    cells = [(f"{{%tr {command} %}}", "Thẻ lệnh")] + [("", "Thẻ lệnh")] * (len(widths) - 1)
    _row(table, widths, cells)


def _list_table(word: Word, columns: tuple[tuple[str, int, str, str], ...], each: str, remark: str = "") -> list[_Cell]:
    """Add a ruled table: a repeated header row, a row for each item; `tag@column` puts a remark below that cell."""
    widths = [float(width) for _, width, _, _ in columns]
    table = _table(word, widths, ruled=True)
    _row(table, widths, [(title, "Bảng, hàng đầu") for title, *_ in columns], is_header=True)
    _command_row(table, widths, f"for {each}")
    cells = _row(table, widths, [(tag, style) for _, _, tag, style in columns])
    if remark:
        name, column = remark.split("@")
        cell = cells[int(column)]
        _add(cell, "Thẻ lệnh", f"{{%p if {name} %}}")
        _add(cell, "Bảng, ghi chú", f"({{{{ {name} }}}})")
        _add(cell, "Thẻ lệnh", "{%p endif %}")
    _command_row(table, widths, "endfor")
    return cells


# ---- the document


def _main_part(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _page(section)
    _page_header(section.header, has_number=True)
    _page_header(section.first_page_header, has_number=False)
    _heading(word)
    _aims(word)
    _targets(word)
    _tasks(word)
    _signature(word)


def _page(section: Section) -> None:
    for name, value in MARGINS.items():
        setattr(section, name, value)
    section.header_distance, section.footer_distance = Mm(10), Mm(10)
    section.different_first_page_header_footer = True


def _page_header(header: _Header, *, has_number: bool) -> None:
    header.is_linked_to_previous = False
    first = header.paragraphs[0]
    first.style = "Số trang"
    if has_number:
        for piece in (
            '<w:fldChar w:fldCharType="begin"/>', '<w:instrText xml:space="preserve"> PAGE </w:instrText>',
            '<w:fldChar w:fldCharType="separate"/>', "<w:t>2</w:t>", '<w:fldChar w:fldCharType="end"/>',
        ):  # fmt: skip
            first._p.append(parse_xml(f"<w:r {nsdecls('w')}>{piece}</w:r>"))
    _add(header, "Thẻ lệnh", "{%p if demonstration_mark %}")
    _add(header, "Dấu trình diễn", "{{ demonstration_mark }}")
    _add(header, "Thẻ lệnh", "{%p endif %}")
    _add(header, "Thẻ lệnh", "{%p if watermark %}")
    _add(header, "Ngắt phần", "")._p.append(parse_xml(_WATERMARK))
    _add(header, "Thẻ lệnh", "{%p endif %}")


_WATERMARK = f"""<w:r {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"
xmlns:o="urn:schemas-microsoft-com:office:office">
<w:rPr><w:noProof/></w:rPr><w:pict>
<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800" path="m@7,l@8,m@5,21600l@6,21600e">
<v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/><v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/>
<v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/><v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/>
<v:f eqn="if @0 @4 21600"/><v:f eqn="mid @5 @6"/><v:f eqn="mid @8 @5"/><v:f eqn="mid @7 @8"/><v:f eqn="mid @6 @7"/>
<v:f eqn="sum @6 0 @5"/></v:formulas>
<v:path textpathok="t" o:connecttype="custom" o:connectlocs="@9,0;@10,10800;@11,21600;@12,10800"
o:connectangles="270,180,90,0"/>
<v:textpath on="t" fitshape="t"/></v:shapetype>
<v:shape id="ChuChim" o:spid="_x0000_s2049" type="#_x0000_t136" alt="{{{{ watermark }}}}"
style="position:absolute;margin-left:0;margin-top:0;width:420pt;height:95pt;rotation:315;z-index:-251658752;\
mso-position-horizontal:center;mso-position-horizontal-relative:margin;mso-position-vertical:center;\
mso-position-vertical-relative:margin" fillcolor="#ebebeb" stroked="f">
<v:textpath style="font-family:&quot;{FONT}&quot;;font-size:1pt" string="{{{{ watermark }}}}"/>
</v:shape></w:pict></w:r>"""


def _heading(word: Word) -> None:
    widths = [66.0, 94.0]
    table = _table(word, widths, ruled=False)
    left, right = _row(
        table, widths, [("ỦY BAN NHÂN DÂN", "Cơ quan ban hành"), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu")]
    )
    _add(left, "Cơ quan ban hành", "{{ province_caps }}")
    _add(left, "Kẻ dưới", "")
    _add(right, "Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc")
    _add(right, "Kẻ dưới tiêu ngữ", "")
    _row(table, widths, [("Số: {{ symbol }}", "Số ký hiệu"), ("{{ place_and_date }}", "Địa danh, ngày tháng")])
    _command_row(table, widths, "if mark")
    _row(table, widths, [("{{ mark }}", "Dấu dự thảo"), ("", "Số ký hiệu")])
    _command_row(table, widths, "endif")
    _if(word, "source_note", ("Lời ghi bản sao", "{{ source_note }}"))
    _add(word, "Tên loại", "KẾ HOẠCH")
    _add(word, "Trích yếu", "{{ subject }}")
    _add(word, "Kẻ dưới", "")
    _add(word, "Ngắt phần", "").paragraph_format.space_after = Pt(12)
    _for(word, "basis in legal_bases", ("Căn cứ", "{{ basis }}"))
    _add(word, "Nội dung", "{{ opening }}")


def _aims(word: Word) -> None:
    _add(word, "Đề mục", "I. MỤC ĐÍCH, YÊU CẦU")
    _add(word, "Khoản", "1. Mục đích")
    _for(word, "item in purposes", ("Nội dung", "{{ item }}"))
    _add(word, "Khoản", "2. Yêu cầu")
    _for(word, "item in requirements", ("Nội dung", "{{ item }}"))


def _targets(word: Word) -> None:
    _add(word, "Đề mục", "II. MỤC TIÊU")
    _add(word, "Nội dung", "{{ standing }}")
    _add(word, "Nội dung", "{{ targets_intro }}")
    _add(word, "Thẻ lệnh", "{%p if targets %}")
    _add(word, "Tên bảng", "Bảng 1. Mục tiêu năm {{ year }} theo từng nội dung")
    _list_table(word, TARGET_COLUMNS, "t in targets", "t.remark@5")
    _add(word, "Nguồn", "{{ targets_source }}")
    _for(word, "note in target_notes", ("Nguồn", "{{ note }}"))
    _add(word, "Thẻ lệnh", "{%p endif %}")
    _if(
        word,
        "chart",
        ("Hình", "{{ chart }}"),
        ("Tên hình", "Hình 1. {{ chart_title }}"),
        ("Nguồn", "Nguồn: như Bảng 1."),
    )


def _tasks(word: Word) -> None:
    _add(word, "Đề mục", "III. NHIỆM VỤ")
    _add(word, "Nội dung", "{{ tasks_intro }}")
    _for(word, "item in summary", ("Nội dung", "{{ item.number }}. {{ item.name }}: {{ item.text }}"))
    _if(word, "without_tasks", ("Nội dung", "{{ without_tasks }}"))
    _add(word, "Đề mục", "IV. TỔ CHỨC THỰC HIỆN")
    _for(word, "item in bodies", ("Nội dung", "{{ item.number }}. {{ item.name }}: {{ item.text }}"))
    _for(word, "item in missing", ("Nội dung", "{{ item.number }}. {{ item.text }}"))
    _add(word, "Kết thúc", "{{ closing }}./.")


def _signature(word: Word) -> None:
    widths = [76.0, 84.0]
    table = _table(word, widths, ruled=False)
    left, right = _row(table, widths, [("Nơi nhận:", "Nơi nhận"), ("TM. ỦY BAN NHÂN DÂN", "Chức vụ người ký")])
    _add(left, "Thẻ lệnh", "{%p for line in recipients %}")
    _add(left, "Danh sách nơi nhận", "- {{ line }}")
    _add(left, "Thẻ lệnh", "{%p endfor %}")
    _add(right, "Chức vụ người ký", "CHỦ TỊCH")
    _add(right, "Ghi chú người ký", "{{ signer_note }}")
    _add(right, "Ghi chú người ký", "").paragraph_format.space_after = Pt(60)


# ---- annexes


def _annexes(word: Word) -> None:
    """Each annex is a landscape section whose pages count from 1; the break before it belongs to it."""
    _section_break(word)  # ends the plan itself
    _add(word, "Thẻ lệnh", "{%p if parts %}")
    _annex_title(word, "{{ parts_annex }}", "MỤC TIÊU THEO TỪNG NỘI DUNG THÀNH PHẦN")
    _list_table(word, PART_COLUMNS, "t in parts", "t.remark@6")
    _add(word, "Nguồn", "{{ parts_source }}")
    _for(word, "note in part_notes", ("Nguồn", "{{ note }}"))
    _section_break(word)
    _add(word, "Thẻ lệnh", "{%p endif %}")
    _annex_title(word, "{{ tasks_annex }}", "DANH MỤC NHIỆM VỤ")
    _if(word, "not tasks", ("Nội dung", "{{ no_tasks }}"))
    _add(word, "Thẻ lệnh", "{%p if tasks %}")
    _list_table(word, TASK_COLUMNS, "k in tasks")
    _add(word, "Thẻ lệnh", "{%p endif %}")
    _add(word, "Nguồn", "{{ made_from }}")


def _section_break(word: Word) -> None:
    """End a section here; what follows is landscape."""
    section = word.add_section(WD_SECTION.NEW_PAGE)
    holder = next(p for p in reversed(word.paragraphs) if p._p.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None)
    holder.style = "Ngắt phần"
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    _page(section)
    for old in section._sectPr.findall(qn("w:pgNumType")):
        section._sectPr.remove(old)
    numbers = parse_xml(f'<w:pgNumType {nsdecls("w")} w:start="1"/>')
    section._sectPr.find(qn("w:pgMar")).addnext(numbers)


def _annex_title(word: Word, label: str, title: str) -> None:
    _add(word, "Phụ lục", label)
    _add(word, "Tên phụ lục", title)
    _add(word, "Kèm theo", "{{ annexed_to }}")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:2]))
