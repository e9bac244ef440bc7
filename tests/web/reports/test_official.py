import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from official_samples import ARTICLES, DEPARTMENT, make_annex, make_official
from quantri.errors import DataError
from quantri.web.reports.official import pdf_of, render
from quantri.web.reports.official.contents import CONTENTS
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.official.tags import roman
from quantri.web.reports.rendering.document import render_document
from samples import make_content

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "<b>&amp; {{ 7*7 }} {% for %} {# x #} \"'“” =1+1 \x00\x0b\ufffe\u202e"
KINDS = sorted(CONTENTS)


def opened(kind: str, **changes: Any) -> Word:
    return Document(io.BytesIO(render(kind, make_official(kind, **changes))))


def paragraphs(word: Word) -> list[Paragraph]:
    return [Paragraph(element, word._body) for element in word.element.body.iter(qn("w:p"))]


def texts(word: Word, style: str) -> list[str]:
    return [p.text for p in paragraphs(word) if p.style.name == style]


def all_text(word: Word) -> str:
    return "\n".join(p.text for p in paragraphs(word))


# ---- the rows of the decree: style, sizes, bold, italic, alignment

ROWS = {
    "Quốc hiệu": ((12, 13), True, False, ALIGN.CENTER),
    "Tiêu ngữ": ((13, 14), True, False, ALIGN.CENTER),
    "Cơ quan cấp trên": ((12, 13), False, False, ALIGN.CENTER),
    "Cơ quan ban hành": ((12, 13), True, False, ALIGN.CENTER),
    "Số ký hiệu": ((13, 13), False, False, ALIGN.CENTER),
    "Địa danh, ngày tháng": ((13, 14), False, True, ALIGN.CENTER),
    "Tên loại": ((13, 14), True, False, ALIGN.CENTER),
    "Trích yếu": ((13, 14), True, False, ALIGN.CENTER),
    "Trích yếu công văn": ((12, 13), False, False, ALIGN.CENTER),
    "Căn cứ": ((13, 14), False, True, ALIGN.JUSTIFY),
    "Nội dung": ((13, 14), False, False, ALIGN.JUSTIFY),
    "Kết thúc": ((13, 14), False, False, ALIGN.JUSTIFY),
    "Điều": ((13, 14), False, False, ALIGN.JUSTIFY),
    "Đề mục": ((13, 14), True, False, ALIGN.JUSTIFY),
    "Khoản": ((13, 14), True, False, ALIGN.JUSTIFY),
    "Thẩm quyền ban hành": ((13, 14), True, False, ALIGN.CENTER),
    "Chữ quyết định": ((13, 14), True, False, ALIGN.CENTER),
    "Chức vụ người ký": ((13, 14), True, False, ALIGN.CENTER),
    "Kính gửi": ((13, 14), False, False, ALIGN.CENTER),
    "Kính gửi, nhiều nơi": ((13, 14), False, False, ALIGN.LEFT),
    "Kính gửi, từng nơi": ((13, 14), False, False, ALIGN.LEFT),
    "Nơi nhận": ((12, 12), True, True, ALIGN.LEFT),
    "Danh sách nơi nhận": ((11, 11), False, False, ALIGN.LEFT),
    "Địa chỉ": ((11, 12), False, False, ALIGN.CENTER),
    "Phụ lục": ((14, 14), True, False, ALIGN.CENTER),
    "Tên phụ lục": ((13, 14), True, False, ALIGN.CENTER),
    "Kèm theo": ((13, 14), False, True, ALIGN.CENTER),
    "Số trang": ((13, 14), False, False, ALIGN.CENTER),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_element_has_the_size_and_look_of_the_decree(kind):
    word = opened(kind)
    styles = {style.name: style for style in word.styles}
    for name, ((least, most), bold, italic, alignment) in ROWS.items():
        font = styles[name].font
        assert least <= font.size.pt <= most, name
        assert (bool(font.bold), bool(font.italic)) == (bold, italic), name
        assert styles[name].paragraph_format.alignment == alignment, name


@pytest.mark.parametrize("kind", KINDS)
def test_no_run_has_a_look_of_its_own_but_the_word_of_an_article(kind):
    word = opened(kind)
    own = [run for p in paragraphs(word) for run in p.runs if run.font.size or run.font.name or run.font.bold]
    assert [run.text for run in own] == ([a["label"] for a in ARTICLES] if kind == "quyet-dinh" else [])


@pytest.mark.parametrize("kind", KINDS)
def test_paper_margins_and_body_are_as_the_decree_says(kind):
    word = opened(kind)
    for section in word.sections:
        assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
        assert 20 <= round(section.top_margin.mm, 1) <= 25 and 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35 and 15 <= round(section.right_margin.mm, 1) <= 20
    assert word.sections[0].orientation == WD_ORIENT.PORTRAIT
    for name in ("Nội dung", "Kết thúc", "Điều"):
        shape = next(s for s in word.styles if s.name == name).paragraph_format
        assert 10 <= round(shape.first_line_indent.mm, 1) <= 12.7
        assert shape.space_after.pt >= 6 and 1 <= shape.line_spacing <= 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_the_number_of_the_page_is_on_top_and_hidden_on_the_first(kind):
    word = opened(kind)
    first = word.sections[0]
    assert first.different_first_page_header_footer
    assert "PAGE" in first.header._element.xml
    assert "PAGE" not in first.first_page_header._element.xml


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_says_so_and_has_neither_number_nor_date(kind):
    word = opened(kind)
    number = next(text for text in texts(word, "Số ký hiệu") if text)
    assert re.fullmatch(r"Số: \.{6}/[A-ZĐ]+-[A-ZĐ]+", number)
    assert texts(word, "Dấu dự thảo") == ["DỰ THẢO"]
    for header in (word.sections[0].header, word.sections[0].first_page_header):
        assert 'string="DỰ THẢO"' in header._element.xml
    dated = texts(word, "Địa danh, ngày tháng")
    assert dated == ([""] if kind == "bien-ban" else ["An Giang, ngày ...... tháng ...... năm 2026"])


@pytest.mark.parametrize("kind", KINDS)
def test_heading_and_recipients_are_the_same_parts_in_every_kind(kind):
    word = opened(kind)
    assert texts(word, "Quốc hiệu") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert texts(word, "Tiêu ngữ") == ["Độc lập - Tự do - Hạnh phúc"]
    assert texts(word, "Nơi nhận") == ["Nơi nhận:"]
    listed = texts(word, "Danh sách nơi nhận")
    assert all(line.startswith("- ") and line.endswith(";") for line in listed[:-1])
    assert re.fullmatch(r"- Lưu: VT, \w+\.", listed[-1])
    assert (listed[0] == "- Như trên;") == (kind == "cong-van")


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_ends_with_its_sign(kind):
    word = opened(kind)
    assert sum(text.endswith("./.") for text in all_text(word).split("\n")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_the_type_has_its_name_and_a_letter_has_none(kind):
    word = opened(kind)
    assert texts(word, "Tên loại") == ([kinds()[kind].name_vi] if kinds()[kind].name_vi else [])
    assert len(texts(word, "Trích yếu")) == (0 if kind == "cong-van" else 1)


def test_a_letter_has_its_subject_below_the_number_and_its_addressees():
    word = opened("cong-van")
    assert texts(word, "Trích yếu công văn")[0].startswith("V/v đôn đốc")
    assert texts(word, "Số ký hiệu")[0] == "Số: ....../SNV-CCHC"
    assert texts(word, "Cơ quan cấp trên") == ["UBND TỈNH AN GIANG"]
    assert texts(word, "Kính gửi, từng nơi") == [
        "- Sở Y tế;", "- Thanh tra tỉnh;", "- Ủy ban nhân dân các xã, phường, đặc khu.",
    ]  # fmt: skip
    assert DEPARTMENT["address"] in word.sections[0].first_page_footer._element.xml
    one = opened("cong-van", addressees=["Sở Y tế"])
    assert texts(one, "Kính gửi") == ["Kính gửi: Sở Y tế."]
    assert texts(one, "Kính gửi, nhiều nơi") == []


def test_a_decision_has_authority_bases_and_articles():
    word = opened("quyet-dinh")
    assert texts(word, "Thẩm quyền ban hành") == ["CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH AN GIANG"]
    assert [text[-1] for text in texts(word, "Căn cứ")] == [";", "."]
    assert texts(word, "Chữ quyết định") == ["QUYẾT ĐỊNH:"]
    assert [text[:7] for text in texts(word, "Điều")] == ["Điều 1.", "Điều 2.", "Điều 3."]


def test_minutes_are_signed_by_both_sides():
    assert texts(opened("bien-ban"), "Chức vụ người ký") == [
        "ĐẠI DIỆN ĐƠN VỊ ĐƯỢC KIỂM TRA", "TM. ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN",
    ]  # fmt: skip


# ---- annexes


def test_annexes_are_numbered_lie_across_and_count_their_own_pages():
    word = opened("bao-cao")
    assert texts(word, "Phụ lục") == ["Phụ lục I", "Phụ lục II"]
    assert texts(word, "Tên phụ lục") == ["DANH MỤC NHIỆM VỤ", "MỤC TIÊU"]
    assert texts(word, "Kèm theo")[0].startswith("(Kèm theo Báo cáo số ....../BC-UBND")
    assert [s.orientation for s in word.sections] == [WD_ORIENT.PORTRAIT, *[WD_ORIENT.LANDSCAPE] * 2]
    assert all(s._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1" for s in word.sections[1:])
    assert texts(opened("quyet-dinh"), "Phụ lục") == ["Phụ lục"]


def test_a_document_without_annexes_has_no_page_for_them():
    word = opened("bao-cao", annexes=[])
    assert [s.orientation for s in word.sections] == [WD_ORIENT.PORTRAIT]


def test_an_annex_table_repeats_its_head_and_fills_the_page():
    word = opened("bao-cao", annexes=[make_annex(300)])
    table = word.tables[-1]
    assert len(table._tbl.findall(qn("w:tr"))) == 301
    assert table._tbl.find(qn("w:tr")).find(f".//{qn('w:tblHeader')}") is not None
    widths = [int(c.get(qn("w:w"))) for c in table._tbl.tblGrid]
    assert len(widths) == 4 and abs(sum(widths) - 247 * 1440 / 25.4) < 5
    assert widths[1] > widths[2] > widths[3] > widths[0]


def test_an_empty_annex_says_that_there_is_nothing():
    word = opened("bao-cao", annexes=[make_annex(0)])
    assert "Không có." in all_text(word)


def test_roman_numerals():
    assert [roman(n) for n in (1, 4, 9, 14, 39)] == ["I", "IV", "IX", "XIV", "XXXIX"]


# ---- frozen, safe, checked


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_content_makes_the_same_bytes(kind):
    assert render(kind, make_official(kind)) == render(kind, make_official(kind))


def test_the_plan_is_one_of_the_kinds():
    assert render("ke-hoach", make_content()) == render_document(make_content())


@pytest.mark.parametrize("kind", KINDS)
def test_typed_text_is_printed_as_it_is(kind):
    changes = {"subject": HOSTILE, "annexes": [make_annex(rows=[[HOSTILE, "x" * 3000, "", ""]])]}
    changes["body"] = [{"text": HOSTILE}, {"text": "Hết"}]
    shown = all_text(opened(kind, **changes))
    assert shown.count("<b>&amp; {{ 7*7 }} {% for %} {# x #} \"'“” =1+1") == 3
    assert "49" not in shown and "\u202e" not in shown


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": None}, "bao-cao.subject: must be str"),
        ({"signed_by": "x"}, "unknown field signed_by"),
        ({"body": "text"}, "bao-cao.body: must be a list"),
        ({"body": [{"kind": "script", "text": ""}]}, r"bao-cao.body\[0\].kind: must be one of"),
        ({"body": [{}]}, r"bao-cao.body\[0\]: the field text is missing"),
        ({"issuer": []}, "bao-cao.issuer: must be an object"),
        ({"year": True}, "bao-cao.year: must be int"),
        ({"annexes": [make_annex(rows=[["a"]])]}, "each row needs 4 cells"),
        ({"subject": "x" * 20_001}, "at most 20000"),
        ({"recipients": ["x"] * 5_001}, "at most 5000"),
    ],
)
def test_a_wrong_content_is_refused_with_its_place(changes, said):
    with pytest.raises(DataError, match=said):
        render("bao-cao", make_official("bao-cao", **changes))


def test_an_unknown_kind_is_refused_with_the_known_ones():
    with pytest.raises(DataError, match="to-trinh: no such kind of document; there are ke-hoach, bao-cao"):
        render("to-trinh", {})


def test_a_template_of_the_staff_is_used_and_a_broken_one_named():
    own = Document(str(kinds()["thong-bao"].template))
    next(p for p in own.paragraphs if p.text == "THÔNG BÁO").text = "THÔNG BÁO KẾT LUẬN"
    raw = io.BytesIO()
    own.save(raw)
    made = Document(io.BytesIO(render("thong-bao", make_official("thong-bao"), template=raw.getvalue())))
    assert texts(made, "Tên loại") == ["THÔNG BÁO KẾT LUẬN"]
    with pytest.raises(DataError, match=r"thong-bao\.docx: not a Word file"):
        render("thong-bao", make_official("thong-bao"), template=b"PK\x03\x04")


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_the_shipped_template_is_what_the_script_builds(kind, tmp_path):
    code = f"import make_template as m, sys; sys.stdout.buffer.write(m.build({kind!r}))"
    built = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "scripts", capture_output=True, check=True)
    assert built.stdout == kinds()[kind].template.read_bytes()


# ---- the PDF


@pytest.mark.needs("soffice", "pdftotext")
def test_the_pdf_reads_and_lies_as_the_decree_says(tmp_path):
    path = tmp_path / "letter.pdf"
    path.write_bytes(pdf_of(render("cong-van", make_official("cong-van"))))
    shown = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True, text=True).stdout
    at = {
        word: tuple(map(float, box))
        for *box, word in re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)<', shown)
    }
    middle = (30 + 66) / 25.4 * 72  # between the two halves of the heading
    assert at["UBND"][0] < middle < at["CỘNG"][0]  # bodies left, Quốc hiệu right
    assert abs(at["Số:"][1] - at["tháng"][1]) < 3  # number and date on one line
    assert at["Số:"][1] < at["V/v"][1] < at["Kính"][1]
    assert at["nhận:"][0] < middle < at["ĐỐC"][0]
    assert abs(at["nhận:"][1] - at["ĐỐC"][1]) < 4  # recipients level with who signs
    assert at["Địa"][1] > 297 / 25.4 * 72 * 0.9  # the address at the foot
    assert all(box[0] >= 30 / 25.4 * 72 - 1 for word, box in at.items() if word not in ("THẢO", "DỰ"))
    assert all(box[2] <= 190 / 25.4 * 72 + 1 for word, box in at.items() if word not in ("THẢO", "DỰ"))


@pytest.mark.needs("soffice", "pdftotext")
def test_a_long_annex_keeps_its_words_on_the_paper(tmp_path):
    path = tmp_path / "report.pdf"
    rows = [[str(i), "x" * 200, "Sở Nội vụ", "30/6/2026"] for i in range(1, 301)]
    path.write_bytes(pdf_of(render("bao-cao", make_official("bao-cao", annexes=[make_annex(rows=rows)]))))
    shown = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, check=True, text=True).stdout
    pages = shown.split("<page ")[2:]
    assert len(pages) > 10
    assert all("vụ<" in page and "TT<" in page for page in pages[:-1])  # each page has rows, and the head again
    rights = [float(x) for page in pages for x in re.findall(r'xMax="([\d.]+)"', page)]
    assert max(rights) <= (297 - 20) / 25.4 * 72 + 1
    numbers = [re.search(r">(\d+)</word>", page)[1] for page in pages[1:-1]]
    assert numbers[:2] == ["2", "3"]  # the pages of an annex count from 1
