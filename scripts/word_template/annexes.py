"""The annexes: targets of the parts, and the list of tasks."""

from docx.document import Document as Word

from word_template.page import end_section
from word_template.pieces import add, add_for, add_if, add_list_table

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


def add_annexes(word: Word) -> None:
    """Each annex is a landscape section whose pages count from 1; the break before it belongs to it."""
    end_section(word)  # ends the plan itself
    add(word, "Thẻ lệnh", "{%p if parts %}")
    _annex_title(word, "{{ parts_annex }}", "MỤC TIÊU THEO TỪNG NỘI DUNG THÀNH PHẦN")
    add_list_table(word, PART_COLUMNS, "t in parts", "t.remark@6")
    add(word, "Nguồn", "{{ parts_source }}")
    add_for(word, "note in part_notes", ("Nguồn", "{{ note }}"))
    end_section(word)
    add(word, "Thẻ lệnh", "{%p endif %}")
    _annex_title(word, "{{ tasks_annex }}", "DANH MỤC NHIỆM VỤ")
    add_if(word, "not tasks", ("Nội dung", "{{ no_tasks }}"))
    add(word, "Thẻ lệnh", "{%p if tasks %}")
    add_list_table(word, TASK_COLUMNS, "k in tasks")
    add(word, "Thẻ lệnh", "{%p endif %}")
    add(word, "Nguồn", "{{ made_from }}")


def _annex_title(word: Word, label: str, title: str) -> None:
    add(word, "Phụ lục", label)
    add(word, "Tên phụ lục", title)
    add(word, "Kèm theo", "{{ annexed_to }}")
