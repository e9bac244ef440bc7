"""What official documents share: national heading, title, signature and recipients."""

from collections.abc import Sequence

from docx.document import Document as Word
from docx.shared import Mm, Pt
from docx.table import _Cell

from word_template.page import add_page_header, set_page
from word_template.pieces import add, add_command_row, add_row, add_table

Line = tuple[str, str]  # text, style


def set_first_page(word: Word) -> None:
    """Lay the paper upright, with the page's number on top from page 2 on."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    set_page(section)
    add_page_header(section.header, has_number=True)
    add_page_header(section.first_page_header, has_number=False)


def add_heading(
    word: Word, issuer: Sequence[Line], *, below_number: Sequence[Line] = (), dated: str = "{{ place_and_date }}"
) -> None:
    """Add bodies and number at the left, Quốc hiệu, Tiêu ngữ, place and date at the right."""
    widths = [66.0, 94.0]
    table = add_table(word, widths, ruled=False)
    left, right = add_row(table, widths, [issuer[0], ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu")])
    for text, style in issuer[1:]:
        add(left, style, text)
    add(left, "Kẻ dưới", "")
    add(right, "Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc")
    add(right, "Kẻ dưới tiêu ngữ", "")
    add_row(table, widths, [("Số: {{ symbol }}", "Số ký hiệu"), (dated, "Địa danh, ngày tháng")])
    for line in below_number:
        add_row(table, widths, [line, ("", "Số ký hiệu")])
    add_command_row(table, widths, "if mark")
    add_row(table, widths, [("{{ mark }}", "Dấu dự thảo"), ("", "Số ký hiệu")])
    add_command_row(table, widths, "endif")


def add_title(word: Word, name: str) -> None:
    """Add the name of the type and the subject, with the line below."""
    add(word, "Tên loại", name)
    add(word, "Trích yếu", "{{ subject }}")
    add(word, "Kẻ dưới", "")
    add(word, "Ngắt phần", "").paragraph_format.space_after = Pt(12)


def add_signature(word: Word, signer: Sequence[Line]) -> None:
    """Add the recipients at the left, and at the right who signs, with room for the signature."""
    widths = [76.0, 84.0]
    table = add_table(word, widths, ruled=False)
    left, right = add_row(table, widths, [("Nơi nhận:", "Nơi nhận"), signer[0]])
    add_recipients(left)
    for text, style in signer[1:]:
        add(right, style, text)
    add(right, "Ghi chú người ký", "").paragraph_format.space_after = Pt(60)


def add_recipients(place: _Cell | Word) -> None:
    add(place, "Thẻ lệnh", "{%p for line in recipients %}")
    add(place, "Danh sách nơi nhận", "- {{ line }}")
    add(place, "Thẻ lệnh", "{%p endfor %}")
