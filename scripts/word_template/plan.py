"""The plan itself: heading, aims, targets, tasks and signature."""

from docx.document import Document as Word
from docx.shared import Mm, Pt

from word_template.page import add_page_header, set_page
from word_template.pieces import add, add_command_row, add_for, add_if, add_list_table, add_row, add_table

TARGET_COLUMNS = (
    ("Mã", 10, "{{ t.code }}", "Bảng, số"),
    ("Nội dung", 36, "{{ t.name }}", "Bảng"),
    ("Kết quả năm {{ base_year }}", 22, "{{ t.base }}", "Bảng, số"),
    ("Nhóm", 20, "{{ t.group }}", "Bảng, số"),
    ("Định hướng", 24, "{{ t.priority }}", "Bảng, số"),
    ("Mục tiêu năm {{ year }} (điểm)", 48, "{{ t.target }}", "Bảng"),
)


def add_plan(word: Word) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    set_page(section)
    add_page_header(section.header, has_number=True)
    add_page_header(section.first_page_header, has_number=False)
    _heading(word)
    _aims(word)
    _targets(word)
    _tasks(word)
    _signature(word)


def _heading(word: Word) -> None:
    widths = [66.0, 94.0]
    table = add_table(word, widths, ruled=False)
    left, right = add_row(
        table, widths, [("ỦY BAN NHÂN DÂN", "Cơ quan ban hành"), ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Quốc hiệu")]
    )
    add(left, "Cơ quan ban hành", "{{ province_caps }}")
    add(left, "Kẻ dưới", "")
    add(right, "Tiêu ngữ", "Độc lập - Tự do - Hạnh phúc")
    add(right, "Kẻ dưới tiêu ngữ", "")
    add_row(table, widths, [("Số: {{ symbol }}", "Số ký hiệu"), ("{{ place_and_date }}", "Địa danh, ngày tháng")])
    add_command_row(table, widths, "if mark")
    add_row(table, widths, [("{{ mark }}", "Dấu dự thảo"), ("", "Số ký hiệu")])
    add_command_row(table, widths, "endif")
    add_if(word, "source_note", ("Lời ghi bản sao", "{{ source_note }}"))
    add(word, "Tên loại", "KẾ HOẠCH")
    add(word, "Trích yếu", "{{ subject }}")
    add(word, "Kẻ dưới", "")
    add(word, "Ngắt phần", "").paragraph_format.space_after = Pt(12)
    add_for(word, "basis in legal_bases", ("Căn cứ", "{{ basis }}"))
    add(word, "Nội dung", "{{ opening }}")


def _aims(word: Word) -> None:
    add(word, "Đề mục", "I. MỤC ĐÍCH, YÊU CẦU")
    add(word, "Khoản", "1. Mục đích")
    add_for(word, "item in purposes", ("Nội dung", "{{ item }}"))
    add(word, "Khoản", "2. Yêu cầu")
    add_for(word, "item in requirements", ("Nội dung", "{{ item }}"))


def _targets(word: Word) -> None:
    add(word, "Đề mục", "II. MỤC TIÊU")
    add(word, "Nội dung", "{{ standing }}")
    add(word, "Nội dung", "{{ targets_intro }}")
    add(word, "Thẻ lệnh", "{%p if targets %}")
    add(word, "Tên bảng", "Bảng 1. Mục tiêu năm {{ year }} theo từng nội dung")
    add_list_table(word, TARGET_COLUMNS, "t in targets", "t.remark@5")
    add(word, "Nguồn", "{{ targets_source }}")
    add_for(word, "note in target_notes", ("Nguồn", "{{ note }}"))
    add(word, "Thẻ lệnh", "{%p endif %}")
    add_if(
        word,
        "chart",
        ("Hình", "{{ chart }}"),
        ("Tên hình", "Hình 1. {{ chart_title }}"),
        ("Nguồn", "Nguồn: như Bảng 1."),
    )


def _tasks(word: Word) -> None:
    add(word, "Đề mục", "III. NHIỆM VỤ")
    add(word, "Nội dung", "{{ tasks_intro }}")
    add_for(word, "item in summary", ("Nội dung", "{{ item.number }}. {{ item.name }}: {{ item.text }}"))
    add_if(word, "without_tasks", ("Nội dung", "{{ without_tasks }}"))
    add(word, "Đề mục", "IV. TỔ CHỨC THỰC HIỆN")
    add_for(word, "item in bodies", ("Nội dung", "{{ item.number }}. {{ item.name }}: {{ item.text }}"))
    add_for(word, "item in missing", ("Nội dung", "{{ item.number }}. {{ item.text }}"))
    add(word, "Kết thúc", "{{ closing }}./.")


def _signature(word: Word) -> None:
    widths = [76.0, 84.0]
    table = add_table(word, widths, ruled=False)
    left, right = add_row(table, widths, [("Nơi nhận:", "Nơi nhận"), ("TM. ỦY BAN NHÂN DÂN", "Chức vụ người ký")])
    add(left, "Thẻ lệnh", "{%p for line in recipients %}")
    add(left, "Danh sách nơi nhận", "- {{ line }}")
    add(left, "Thẻ lệnh", "{%p endfor %}")
    add(right, "Chức vụ người ký", "CHỦ TỊCH")
    add(right, "Ghi chú người ký", "{{ signer_note }}")
    add(right, "Ghi chú người ký", "").paragraph_format.space_after = Pt(60)
