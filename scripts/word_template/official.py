"""The templates of reports, letters, decisions, minutes and notices: the same parts, each kind in its own order."""

from collections.abc import Callable

from docx.document import Document as Word
from docx.shared import Pt

from word_template.page import end_section
from word_template.parts import add_heading, add_recipients, add_signature, add_title, set_first_page
from word_template.pieces import add, add_command_row, add_for, add_if, add_row, add_table

ISSUER = [
    ("{%p if parent %}", "Thẻ lệnh"), ("{{ parent }}", "Cơ quan cấp trên"), ("{%p endif %}", "Thẻ lệnh"),
    ("{%p for line in issuer %}", "Thẻ lệnh"), ("{{ line }}", "Cơ quan ban hành"), ("{%p endfor %}", "Thẻ lệnh"),
]  # fmt: skip
SIGNER = [
    ("{%p for line in signer %}", "Thẻ lệnh"), ("{{ line }}", "Chức vụ người ký"), ("{%p endfor %}", "Thẻ lệnh"),
]  # fmt: skip


def add_report(word: Word) -> None:
    _begin(word)
    add_title(word, "BÁO CÁO")
    _bases(word)
    _body(word)
    add_signature(word, SIGNER)
    _annexes(word)


def add_notice(word: Word) -> None:
    _begin(word)
    add_title(word, "THÔNG BÁO")
    _body(word)
    add_signature(word, SIGNER)
    _annexes(word)


def add_letter(word: Word) -> None:
    set_first_page(word)
    add_heading(word, ISSUER, below_number=[("V/v {{ subject }}", "Trích yếu công văn")])
    add_if(word, "addressee", ("Kính gửi", "Kính gửi: {{ addressee }}"))
    add_if(word, "addressees", ("Kính gửi, nhiều nơi", "Kính gửi:"))
    add_for(word, "line in addressees", ("Kính gửi, từng nơi", "- {{ line }}"))
    _body(word)
    add_signature(word, SIGNER)
    footer = word.sections[0].first_page_footer
    footer.is_linked_to_previous = False
    footer.paragraphs[0].style = "Ngắt phần"
    add(footer, "Thẻ lệnh", "{%p if address %}")
    add(footer, "Địa chỉ", "{{ address }}")
    add(footer, "Thẻ lệnh", "{%p endif %}")
    _annexes(word)


def add_decision(word: Word) -> None:
    _begin(word)
    add_title(word, "QUYẾT ĐỊNH")
    add(word, "Thẩm quyền ban hành", "{{ authority }}")
    _bases(word)
    add(word, "Chữ quyết định", "QUYẾT ĐỊNH:")
    _body(word)
    add_signature(word, SIGNER)
    _annexes(word)


def add_minutes(word: Word) -> None:
    """Minutes have no place and date beside their number; both sides sign, and the recipients stand below."""
    set_first_page(word)
    add_heading(word, ISSUER, dated="")
    add_title(word, "BIÊN BẢN")
    _bases(word)
    _body(word)
    widths = [80.0, 80.0]
    table = add_table(word, widths, ruled=False)
    left, right = add_row(table, widths, [("{%p for line in other_signer %}", "Thẻ lệnh"), SIGNER[0]])
    for text, style in [("{{ line }}", "Chức vụ người ký"), ("{%p endfor %}", "Thẻ lệnh")]:
        add(left, style, text)
    for text, style in SIGNER[1:]:
        add(right, style, text)
    for cell in (left, right):
        add(cell, "Ghi chú người ký", "").paragraph_format.space_after = Pt(60)
    add(word, "Nơi nhận", "Nơi nhận:")
    add_recipients(word)
    _annexes(word)


def _begin(word: Word) -> None:
    set_first_page(word)
    add_heading(word, ISSUER)


def _bases(word: Word) -> None:
    add_for(word, "basis in legal_bases", ("Căn cứ", "{{ basis }}"))


def _body(word: Word) -> None:
    add(word, "Thẻ lệnh", "{%p for b in body %}")
    add(word, "Thẻ lệnh", "{%p if b.kind == 'heading' %}")
    add(word, "Đề mục", "{{ b.text }}")
    add(word, "Thẻ lệnh", "{%p elif b.kind == 'clause' %}")
    add(word, "Khoản", "{{ b.text }}")
    add(word, "Thẻ lệnh", "{%p elif b.kind == 'article' %}")
    article = add(word, "Điều", "")
    article.add_run("{{ b.label }}").bold = True
    article.add_run(" {{ b.text }}")
    add(word, "Thẻ lệnh", "{%p elif b.kind == 'closing' %}")
    add(word, "Kết thúc", "{{ b.text }}")
    add(word, "Thẻ lệnh", "{%p else %}")
    add(word, "Nội dung", "{{ b.text }}")
    add(word, "Thẻ lệnh", "{%p endif %}")
    add(word, "Thẻ lệnh", "{%p endfor %}")


def _annexes(word: Word) -> None:
    """Each annex is a landscape section; a document without annexes loses the empty one when it is made."""
    end_section(word)
    add(word, "Thẻ lệnh", "{%p for a in annexes %}")
    add(word, "Phụ lục", "{{ a.label }}")
    add(word, "Tên phụ lục", "{{ a.title }}")
    add(word, "Kèm theo", "{{ annexed_to }}")
    add_if(word, "not a.rows", ("Nội dung", "Không có."))
    add(word, "Thẻ lệnh", "{%p if a.rows %}")
    _annex_table(word)
    add(word, "Thẻ lệnh", "{%p endif %}")
    add(word, "Nguồn", "{{ a.note }}")
    add(word, "Thẻ lệnh", "{%p if not loop.last %}")
    end_section(word)
    add(word, "Thẻ lệnh", "{%p endif %}")
    add(word, "Thẻ lệnh", "{%p endfor %}")


def _annex_table(word: Word) -> None:
    """Add a table with as many columns as the annex has; their widths are set when it is made."""
    widths = [60.0, 127.0, 60.0]
    table = add_table(word, widths, ruled=True)
    steer, end = ("{%tc for c in a.columns %}", "Thẻ lệnh"), ("{%tc endfor %}", "Thẻ lệnh")
    add_row(table, widths, [steer, ("{{ c.title }}", "Bảng, hàng đầu"), end], is_header=True)
    add_command_row(table, widths, "for r in a.rows")
    add_row(table, widths, [("{%tc for cell in r %}", "Thẻ lệnh"), ("{{ cell }}", "Bảng"), end])
    add_command_row(table, widths, "endfor")


OFFICIAL: dict[str, Callable[[Word], None]] = {
    "bao-cao": add_report,
    "cong-van": add_letter,
    "quyet-dinh": add_decision,
    "bien-ban": add_minutes,
    "thong-bao": add_notice,
}
