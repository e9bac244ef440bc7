"""The plan itself: heading, aims, targets, tasks and signature."""

from docx.document import Document as Word

from word_template.parts import add_heading, add_signature, add_title, set_first_page
from word_template.pieces import add, add_for, add_if, add_list_table

TARGET_COLUMNS = (
    ("Mã", 10, "{{ t.code }}", "Bảng, số"),
    ("Nội dung", 36, "{{ t.name }}", "Bảng"),
    ("Kết quả năm {{ base_year }}", 22, "{{ t.base }}", "Bảng, số"),
    ("Nhóm", 20, "{{ t.group }}", "Bảng, số"),
    ("Định hướng", 24, "{{ t.priority }}", "Bảng, số"),
    ("Mục tiêu năm {{ year }} (điểm)", 48, "{{ t.target }}", "Bảng"),
)


def add_plan(word: Word) -> None:
    set_first_page(word)
    add_heading(word, [("ỦY BAN NHÂN DÂN", "Cơ quan ban hành"), ("{{ province_caps }}", "Cơ quan ban hành")])
    add_if(word, "source_note", ("Lời ghi bản sao", "{{ source_note }}"))
    add_title(word, "KẾ HOẠCH")
    add_for(word, "basis in legal_bases", ("Căn cứ", "{{ basis }}"))
    add(word, "Nội dung", "{{ opening }}")
    _aims(word)
    _targets(word)
    _tasks(word)
    add_signature(word, _SIGNER)


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


_SIGNER = [
    ("TM. ỦY BAN NHÂN DÂN", "Chức vụ người ký"), ("CHỦ TỊCH", "Chức vụ người ký"),
    ("{{ signer_note }}", "Ghi chú người ký"),
]  # fmt: skip
