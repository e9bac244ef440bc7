import importlib.util
import io
import re
import zipfile
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from quantri.errors import DataError
from quantri.web.reports.rendering.chart import label_place
from quantri.web.reports.rendering.document import TEMPLATE, render_document
from quantri.web.reports.rendering.wording import listed
from samples import make_content, make_historic_content, make_large_content, make_target, make_task

ROOT = Path(__file__).resolve().parents[3]
HOSTILE = "<b>&amp; {{ 7*7 }} {% for %} {# x #} {_{ }_} {_% %_} \"'“” =1+1"
FONT = "Times New Roman"


def opened(content: dict[str, Any]) -> Word:
    return Document(io.BytesIO(render_document(content)))


def paragraphs(word: Word) -> list[Paragraph]:
    return [Paragraph(element, word._body) for element in word.element.body.iter(qn("w:p"))]


def text_of(word: Word) -> str:
    return "\n".join(paragraph.text for paragraph in paragraphs(word))


def found(word: Word, text: str) -> Paragraph:
    return next(paragraph for paragraph in paragraphs(word) if paragraph.text.startswith(text))


def parts(docx: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


def headers(word: Word) -> list[str]:
    first = word.sections[0]
    return [header._element.xml for header in (first.header, first.first_page_header)]


@pytest.fixture(scope="module")
def draft() -> Word:
    return opened(make_large_content())


@pytest.fixture(scope="module")
def copy() -> Word:
    return opened(make_historic_content())


def issued(**changes: Any) -> dict[str, Any]:
    return make_content(number="5/KH-UBND", issued_on="2026-02-03", is_demonstration=False, **changes)


# ---- paper, fonts, sizes


def test_every_section_is_on_a4_with_the_margins_of_the_decree(draft: Word) -> None:
    sizes = [(round(s.page_width.mm), round(s.page_height.mm), s.orientation) for s in draft.sections]
    assert sizes == [(210, 297, WD_ORIENT.PORTRAIT), *[(297, 210, WD_ORIENT.LANDSCAPE)] * 2]
    for section in draft.sections:
        assert 20 <= round(section.top_margin.mm, 1) <= 25
        assert 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35
        assert 15 <= round(section.right_margin.mm, 1) <= 20


def test_no_other_font_than_times_new_roman_is_named_anywhere() -> None:
    for name, xml in parts(render_document(make_large_content())).items():
        assert not re.findall(r'w:\w*[tT]heme="', xml), name
        assert set(re.findall(r'w:(?:ascii|hAnsi|eastAsia|cs)="([^"]+)"', xml)) <= {FONT, "vi-VN"}, name
        assert set(re.findall(r"font-family:&quot;([^&]+)&quot;", xml)) <= {FONT}, name
        assert "typeface=" not in xml, name


def test_each_style_names_the_font_for_every_script(draft: Word) -> None:
    for style in draft.styles:
        if style.type == 1 and style.name != "Normal":
            fonts = style.element.rPr.find(qn("w:rFonts"))
            assert {fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia", "cs")} == {FONT}, (
                style.name
            )


@pytest.mark.parametrize(
    ("text", "low", "high", "bold", "italic", "alignment"),
    [
        ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 12, 13, True, False, ALIGN.CENTER),
        ("Độc lập - Tự do - Hạnh phúc", 13, 14, True, False, ALIGN.CENTER),
        ("ỦY BAN NHÂN DÂN", 12, 13, True, False, ALIGN.CENTER),
        ("TỈNH AN GIANG", 12, 13, True, False, ALIGN.CENTER),
        ("Số:", 13, 13, False, False, ALIGN.CENTER),
        ("An Giang, ngày", 13, 14, False, True, ALIGN.CENTER),
        ("KẾ HOẠCH", 13, 14, True, False, ALIGN.CENTER),
        ("Thực hiện các giải pháp nâng cao", 13, 14, True, False, ALIGN.CENTER),
        ("[Căn cứ", 13, 14, False, True, ALIGN.JUSTIFY),
        ("Ủy ban nhân dân tỉnh An Giang ban hành", 13, 14, False, False, ALIGN.JUSTIFY),
        ("I. MỤC ĐÍCH, YÊU CẦU", 13, 14, True, False, ALIGN.JUSTIFY),
        ("II. MỤC TIÊU", 13, 14, True, False, ALIGN.JUSTIFY),
        ("III. NHIỆM VỤ", 13, 14, True, False, ALIGN.JUSTIFY),
        ("IV. TỔ CHỨC THỰC HIỆN", 13, 14, True, False, ALIGN.JUSTIFY),
        ("1. Mục đích", 13, 14, True, False, ALIGN.JUSTIFY),
        ("a) ", 13, 14, False, False, ALIGN.JUSTIFY),
        ("Nơi nhận:", 12, 12, True, True, ALIGN.LEFT),
        ("- Lưu: VT", 11, 11, False, False, ALIGN.LEFT),
        ("TM. ỦY BAN NHÂN DÂN", 13, 14, True, False, ALIGN.CENTER),
        ("CHỦ TỊCH", 13, 14, True, False, ALIGN.CENTER),
        ("Phụ lục I", 14, 14, True, False, ALIGN.CENTER),
        ("DANH MỤC NHIỆM VỤ", 13, 14, True, False, ALIGN.CENTER),
        ("(Kèm theo", 13, 14, False, True, ALIGN.CENTER),
    ],
)
def test_each_element_has_size_and_style_of_the_decree(
    draft: Word, text: str, low: int, high: int, bold: bool, italic: bool, alignment: ALIGN
) -> None:
    style = found(draft, text).style
    assert low <= style.font.size.pt <= high
    assert (bool(style.font.bold), bool(style.font.italic)) == (bold, italic)
    assert style.paragraph_format.alignment == alignment


def test_body_paragraphs_are_indented_and_spaced_as_the_decree_says(draft: Word) -> None:
    shape = found(draft, "a) ").style.paragraph_format
    assert round(shape.first_line_indent.cm, 2) in (1.0, 1.27)
    assert shape.space_after.pt >= 6
    assert 1 <= shape.line_spacing <= 1.5


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [("TỈNH AN GIANG", 1 / 3, 1 / 2), ("Độc lập - Tự do - Hạnh phúc", 0.97, 1.03)],
)
def test_the_line_under_a_text_is_as_long_as_the_decree_says(draft: Word, text: str, low: float, high: float) -> None:
    above = found(draft, text)
    line = Paragraph(above._p.getnext(), draft._body)
    cell = next(above._p.iterancestors(qn("w:tc")))
    width = cell.width.pt - line.paragraph_format.left_indent.pt - line.paragraph_format.right_indent.pt
    em = {"TỈNH AN GIANG": 7.89, "Độc lập - Tự do - Hạnh phúc": 12.24}[text]  # by the letters of Times bold
    assert low <= width / (em * above.style.font.size.pt) <= high


def test_the_page_number_is_centred_in_the_header_and_hidden_on_first_pages(draft: Word) -> None:
    usual, first = headers(draft)
    assert "PAGE" in usual
    assert "PAGE" not in first
    assert draft.sections[0].header.paragraphs[0].style.paragraph_format.alignment == ALIGN.CENTER
    assert 13 <= draft.sections[0].header.paragraphs[0].style.font.size.pt <= 14
    for section in draft.sections:
        assert section.different_first_page_header_footer
    for annex in list(draft.sections)[1:]:
        assert annex.header.is_linked_to_previous
        assert annex._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_table_heads_repeat_and_no_row_breaks_across_pages(draft: Word) -> None:
    ruled = [table for table in draft.tables if table._tbl.tblPr.find(qn("w:tblBorders")) is not None]
    assert [len(table.rows) for table in ruled] == [1 + 8, 1 + 32, 1 + 60]
    for table in ruled:
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    for table in draft.tables:
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)


# ---- marks


def test_a_draft_says_so_on_every_page_and_has_no_number_or_date() -> None:
    word = opened(make_content())
    assert all("DỰ THẢO" in header for header in headers(word))
    assert found(word, "DỰ THẢO")
    assert found(word, "Số:").text == "Số: ....../KH-UBND"
    assert found(word, "An Giang, ngày").text == "An Giang, ngày ...... tháng ...... năm 2026"


def test_an_issued_plan_has_number_and_date_and_no_mark() -> None:
    word = opened(issued())
    assert found(word, "Số:").text == "Số: 05/KH-UBND"
    assert found(word, "An Giang, ngày").text == "An Giang, ngày 03 tháng 02 năm 2026"
    for xml in (*headers(word), text_of(word)):
        assert "DỰ THẢO" not in xml
        assert "TRÌNH DIỄN" not in xml


def test_a_number_without_a_date_is_still_a_draft() -> None:
    assert all("DỰ THẢO" in header for header in headers(opened(make_content(number="5/KH-UBND"))))


def test_a_demonstration_says_so_on_every_page() -> None:
    assert all("BẢN TRÌNH DIỄN" in header for header in headers(opened(make_content())))


def test_a_historic_plan_is_headed_as_a_copy_and_names_its_source(copy: Word) -> None:
    text = text_of(copy)
    assert all("BẢN SAO TRÌNH DIỄN" in header and "DỰ THẢO" not in header for header in headers(copy))
    assert found(copy, "BẢN SAO TRÌNH DIỄN")
    assert found(copy, "Số:").text == "Số: 135/KH-UBND"
    assert found(copy, "An Giang, ngày").text == "An Giang, ngày 27 tháng 3 năm 2019"
    assert "Sở Thông tin và Truyền thông tỉnh An Giang, 4/4/2019, sotttt.angiang.gov.vn" in text
    assert "Người ký: không nêu trong nguồn" in text


def test_a_historic_plan_invents_nothing(copy: Word) -> None:
    text = text_of(copy)
    assert "chưa xác định" not in text
    assert "[" not in text
    assert "Thời hạn của nhiệm vụ số 1\u00a0đến\u00a012: không nêu trong nguồn." in text


# ---- what it says


def test_a_rank_never_stands_alone() -> None:
    said = found(opened(make_content()), "Theo Chỉ số").text
    assert "xếp hạng 40/61. Có 31 tỉnh, thành phố khác chênh lệch không quá mức thay đổi thường thấy" in said
    assert "Khoảng tin cậy của điểm số không được công bố." in said
    assert "42,89 điểm" in said


def test_a_long_table_begins_where_it_stands_and_bears_its_heading_on_each_page() -> None:
    table = next(t for t in opened(make_content()).tables if t.cell(0, 0).text == "Mã")
    header, *rows = table.rows
    assert header._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    kept = [p.paragraph_format.keep_with_next for row in rows for cell in row.cells for p in cell.paragraphs]
    assert not any(kept)  # else the whole table jumps to the next page


def test_no_number_of_the_chart_lies_on_a_band() -> None:
    cuts = [5.0, 5.3, 5.6]
    assert label_place(5.2, cuts, 0.2, is_left=True) == 5.0
    assert label_place(5.7, cuts, 0.2, is_left=True) == 5.0
    assert label_place(5.9, cuts, 0.2, is_left=True) == 5.9
    assert label_place(5.4, cuts, 0.2, is_left=False) == 5.6
    assert label_place(5.7, cuts, 0.2, is_left=False) == 5.7
    assert label_place(5.4, None, 0.2, is_left=True) == 5.4


def test_chances_never_leave_the_house() -> None:
    silent = [make_target(chance=None, note=None)]
    telling = [make_target(chance=0.31, note="Khả năng tính từ 3 năm")]
    assert render_document(make_content(targets=telling)) == render_document(make_content(targets=silent))


def test_a_base_that_was_added_up_has_a_star_and_the_source_explains_it() -> None:
    text = text_of(opened(make_content(targets=[make_target()])))
    assert "4,27*" in text
    assert "papi.org.vn; số đánh dấu * do Quantri cộng từ các thành phần" in text
    assert "*" not in text_of(opened(make_content(targets=[make_target(derived=False)])))


def test_a_target_that_cannot_be_compared_says_so_with_the_reason() -> None:
    text = text_of(opened(make_content(targets=[make_target(comparable="no", reason="Thang điểm đổi")])))
    assert "(không so sánh được với năm gốc)" in text
    assert "D1: không so sánh được với năm gốc: Thang điểm đổi." in text


def test_what_is_missing_is_said() -> None:
    tasks = [make_task("1", leads=[], due_on=None, deliverable=""), make_task("2")]
    text = text_of(opened(make_content(targets=[make_target(owners=[])], tasks=tasks)))
    for words in (
        "Cơ quan chịu trách nhiệm về nội dung D1: chưa xác định.",
        "Cơ quan chủ trì nhiệm vụ số 1: chưa xác định.",
        "Thời hạn của nhiệm vụ số 1: chưa xác định.",
        "Sản phẩm của nhiệm vụ số 1: chưa xác định.",
    ):
        assert words in text


def test_one_annex_has_no_numeral_and_two_have_roman_ones(draft: Word) -> None:
    assert [p.text for p in paragraphs(draft) if p.style.name == "Phụ lục"] == ["Phụ lục I", "Phụ lục II"]
    alone = opened(make_content())
    assert [p.text for p in paragraphs(alone) if p.style.name == "Phụ lục"] == ["Phụ lục"]
    assert len(alone.sections) == 2


def test_the_text_ends_with_the_mark_of_the_end(draft: Word) -> None:
    assert [p.text[-3:] for p in paragraphs(draft) if p.style.name == "Kết thúc"] == ["./."]


def test_the_picture_has_words_for_who_cannot_see_it(draft: Word) -> None:
    (picture,) = draft.element.body.iter(qn("wp:docPr"))
    assert picture.get("descr")


# ---- text of users


def test_text_of_users_comes_out_literally() -> None:
    word = opened(
        make_content(
            title=f"Kế hoạch {HOSTILE}",
            province=HOSTILE,
            base_unit=HOSTILE,
            purposes=[HOSTILE],
            targets=[make_target(name=HOSTILE, target_text=HOSTILE, reason=HOSTILE, owners=[HOSTILE], comparable="no")],
            tasks=[make_task(title=HOSTILE, leads=[HOSTILE], deliverable=HOSTILE, components=[HOSTILE])],
        )
    )
    for paragraph in (p for p in paragraphs(word) if "7*7" in p.text):
        assert HOSTILE in paragraph.text or HOSTILE.upper() in paragraph.text
    assert text_of(word).count(HOSTILE) >= 10


def test_control_characters_are_dropped_and_white_space_is_one_space() -> None:
    noisy = "Rà\x00 soát\x0b\x1f\ufffe\tthủ\ntục\ud800 \u202ehành\u202c chính\a"
    assert "Rà soát thủ tục hành chính" in text_of(opened(make_content(tasks=[make_task(title=noisy)])))


def test_long_texts_do_not_break_it() -> None:
    long = "Nhiệm vụ " * 33 + "x" * 300
    word = opened(make_content(title=long, targets=[make_target(name=long)], tasks=[make_task(title=long)]))
    assert text_of(word).count(long) >= 3


@pytest.mark.parametrize("is_historic", [False, True])
def test_missing_parts_do_not_break_it(is_historic: bool) -> None:
    text = text_of(
        opened(
            make_content(
                is_historic=is_historic, purposes=[], requirements=[], standing=None, targets=[], tasks=[], releases=[]
            )
        )
    )
    assert ("không nêu trong nguồn" if is_historic else "chưa xác định") in text
    assert "None" not in text


def test_a_target_without_number_and_base_does_not_break_it() -> None:
    bare = make_target(target_value=None, target_text="", priority="", group=None, cuts=None, spec="", owners=[])
    unknown = {**bare, "code": "D2", "base": None}
    text = text_of(opened(make_content(targets=[bare, unknown])))
    assert "None" not in text


# ---- the file


def test_equal_content_gives_equal_bytes() -> None:
    first = render_document(make_large_content())
    assert render_document(make_large_content()) == first


def test_the_template_in_the_package_is_the_one_that_the_script_builds() -> None:
    assert script().build("ke-hoach") == TEMPLATE.read_bytes()


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_template", ROOT / "scripts/make_template.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("tag", ["{{ subjekt }}", "{{ subject", "{{ subject.__class__.__mro__ }}"])
def test_a_wrong_tag_in_a_changed_template_is_named(tmp_path: Path, tag: str) -> None:
    changed = Document(str(TEMPLATE))
    changed.add_paragraph(tag)
    changed.save(str(tmp_path / "ke-hoach.docx"))
    with pytest.raises(DataError, match=r"ke-hoach\.docx: a tag of the Word template does not work"):
        render_document(make_content(), template=tmp_path / "ke-hoach.docx")


def test_a_template_that_is_not_a_word_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ke-hoach.docx").write_text("odt")
    with pytest.raises(DataError, match="not a Word file"):
        render_document(make_content(), template=tmp_path / "ke-hoach.docx")


def test_a_list_of_more_names_than_a_cell_holds_counts_the_rest():
    names = [f"Ủy ban nhân dân xã số {n}" for n in range(3321)]
    text = listed(names)
    shown = text.split(" và ")[0].split(", ")
    assert shown == names[: len(shown)] and 19_000 < len(text) + 30 < 20_000
    assert text.endswith(f" và {3321 - len(shown)} tên khác")
    assert listed(names[:102]) == ", ".join(names[:102]) and listed([], "chưa xác định") == "chưa xác định"
