"""The styles of a plan in the format of Nghị định 30/2020/NĐ-CP, by their Vietnamese names."""

from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from word_template.bare import fonts

INDENT = Mm(12.7)
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
# what the other official documents have beside those of a plan
OFFICIAL_STYLES = {
    "Cơ quan cấp trên": ("CapTren", 12, False, False, CENTRE, 0, 0, 0, True, None),
    "Trích yếu công văn": ("VeViec", 12, False, False, CENTRE, 0, 6, 0, False, None),
    "Kính gửi": ("KinhGui", 14, False, False, CENTRE, 0, 18, 12, False, None),
    "Kính gửi, nhiều nơi": ("KinhGuiNhieu", 14, False, False, LEFT, 0, 18, 0, True, None),
    "Kính gửi, từng nơi": ("KinhGuiTung", 14, False, False, LEFT, 0, 0, 6, False, None),
    "Thẩm quyền ban hành": ("ThamQuyen", 14, True, False, CENTRE, 0, 0, 12, True, None),
    "Chữ quyết định": ("ChuQuyetDinh", 14, True, False, CENTRE, 0, 6, 12, True, None),
    "Điều": ("Dieu", 14, False, False, JUSTIFY, INDENT, 0, 6, False, None),
    "Địa chỉ": ("DiaChi", 11, False, False, CENTRE, 0, 0, 0, False, None),
}


def add_styles(word: Word) -> None:
    _add(word, STYLES)
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


def add_official_styles(word: Word) -> None:
    """Add the styles of a plan, and those that other official documents have beside them."""
    add_styles(word)
    _add(word, OFFICIAL_STYLES)
    word.styles["Kính gửi, nhiều nơi"].paragraph_format.left_indent = Mm(30)
    word.styles["Kính gửi, từng nơi"].paragraph_format.left_indent = Mm(50)
    word.styles["Điều"].paragraph_format.line_spacing = 1.1
    _border(word.styles["Địa chỉ"].element.get_or_add_pPr(), "top")


def _add(word: Word, styles: dict[str, tuple]) -> None:
    for name, (style_id, size, bold, italic, align, first, before, after, keep, outline) in styles.items():
        style: ParagraphStyle = word.styles.add_style(name, 1)
        style.element.set(qn("w:styleId"), style_id)
        style.base_style, style.quick_style = word.styles["Normal"], True
        run = style.element.get_or_add_rPr()
        run.append(parse_xml(f"<w:rFonts {nsdecls('w')} {fonts()}/>"))
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, italic
        run.append(parse_xml(f'<w:szCs {nsdecls("w")} w:val="{2 * size}"/>'))
        shape = style.paragraph_format
        shape.alignment, shape.first_line_indent, shape.keep_with_next = align, first or None, keep
        shape.space_before, shape.space_after, shape.widow_control = Pt(before), Pt(after), True
        if name in ("Nội dung", "Căn cứ", "Kết thúc"):
            shape.line_spacing = 1.1
        if outline is not None:
            style.element.get_or_add_pPr().append(parse_xml(f'<w:outlineLvl {nsdecls("w")} w:val="{outline}"/>'))


def _border(properties: BaseOxmlElement, *sides: str) -> None:
    lines = "".join(
        f'<w:{s} w:val="single" w:sz="6" w:space="{1 if len(sides) > 1 else 0}" w:color="000000"/>' for s in sides
    )
    borders = parse_xml(f"<w:pBdr {nsdecls('w')}>{lines}</w:pBdr>")
    later = [qn(f"w:{n}") for n in ("shd", "tabs", "spacing", "ind", "jc", "outlineLvl")]
    following = next((child for child in properties if child.tag in later), None)
    properties.append(borders) if following is None else following.addprevious(borders)
