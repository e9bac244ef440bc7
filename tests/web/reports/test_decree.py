"""The drafts that the project makes, opened and held to Nghị định 30/2020/NĐ-CP: what of it a program can check."""

import io
import re
from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone
from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from official_samples import make_official
from people import SYSTEM
from quantri.web.accounts.agencies import add_agency
from quantri.web.appraisal.exercises import ExerciseDraft, open_exercise
from quantri.web.appraisal.models import Exercise
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.followup import risks
from quantri.web.followup.urging import letter_content
from quantri.web.inspections.minutes import minutes_of
from quantri.web.inspections.models import Choice, Finding, Programme, Visit
from quantri.web.places.models import Province
from quantri.web.reports.content import content_of
from quantri.web.reports.drafts import class_decision, urging_letter
from quantri.web.reports.official import render
from quantri.web.reports.official.kinds import kinds
from quantri.web.reports.rendering.document import render_document
from quantri.web.reports.synthesis_actions import current_content
from quantri.web.reports.synthesis_files import report_docx
from quantri.web.tasks.models import Assignment

LAST = date(2026, 3, 14)
KINDS = ["ke-hoach", "bao-cao", "cong-van", "quyet-dinh", "bien-ban", "thong-bao"]
AUTHORITY = r"(TM|KT|TL|TUQ|Q)\. .+"


@pytest.fixture
def draft(draft_report, coordinator) -> Callable[[str], Word]:
    """Open the draft of a kind that the project makes of a plan at work; of a notice, that it can make."""
    made = {
        "ke-hoach": _plan, "bao-cao": _report, "cong-van": _letter, "quyet-dinh": _decision, "bien-ban": _minutes,
        "thong-bao": _notice,
    }  # fmt: skip
    return lambda kind: Document(io.BytesIO(made[kind](draft_report, coordinator)))


def _plan(report, _by) -> bytes:
    return render_document(content_of(report.plan, today=LAST))


def _report(report, _by) -> bytes:
    return report_docx(current_content(report), None)


def _letter(report, _by) -> bytes:
    provinces = Province.objects.filter(pk=report.plan.province_id)
    late = list(risks.overdue(risks.parts_of(provinces, risks.Filters()), LAST))
    told = letter_content(late[0].agency, late, LAST)
    return render("cong-van", urging_letter(report.plan.province, told, is_demonstration=False))


def _decision(report, by) -> bytes:
    day = timezone.localdate()
    given = ExerciseDraft(
        year=2026, title="Xếp loại năm 2026", sheet_text=example_sheet(), scored_from=day, scored_until=day,
        appealed_until=day,
    )  # fmt: skip
    made = open_exercise(report.plan.province, given, [add_agency(report.plan.province, "A", by=SYSTEM)], by=by)
    band = made.sheet.bands[0]
    made.entries.update(result={"points": "90", "class": band.code, "class_vi": band.name_vi, "class_en": ""})
    Exercise.objects.update(confirmed_at=timezone.now())
    return render("quyet-dinh", class_decision(Exercise.objects.get(pk=made.pk)))


def _minutes(report, _by) -> bytes:
    agency = Assignment.objects.filter(task__plan=report.plan).first().agency
    programme = Programme.objects.create(
        plan=report.plan, title="Chương trình kiểm tra năm 2026", starts_on=LAST, ends_on=LAST, answer_days=5,
        decision_number="12/QĐ-UBND", decided_on=date(2026, 1, 5),
    )  # fmt: skip
    choice = Choice.objects.create(
        programme=programme, method="random", wanted=1, seed="s", chosen_on=LAST, candidates=[]
    )
    visit = Visit.objects.create(programme=programme, agency=agency, choice=choice, visit_on=LAST, held_on=LAST)
    Finding.objects.create(visit=visit, agency=agency, text="Chưa niêm yết thủ tục", recommendation="Niêm yết ngay")
    return render("bien-ban", minutes_of(visit, today=LAST))


def _notice(_report, _by) -> bytes:
    return render("thong-bao", make_official("thong-bao"))


def paragraphs(word: Word) -> list[Paragraph]:
    return [Paragraph(element, word._body) for element in word.element.body.iter(qn("w:p"))]


def texts(word: Word, *styles: str) -> list[str]:
    return [p.text for p in paragraphs(word) if p.style.name in styles and p.text]


@pytest.mark.parametrize("kind", KINDS)
def test_the_paper_is_a4_with_the_margins_of_the_decree(draft, kind):
    for section in draft(kind).sections:
        assert {round(section.page_width.mm), round(section.page_height.mm)} == {210, 297}
        assert 20 <= round(section.top_margin.mm, 1) <= 25 and 20 <= round(section.bottom_margin.mm, 1) <= 25
        assert 30 <= round(section.left_margin.mm, 1) <= 35 and 15 <= round(section.right_margin.mm, 1) <= 20


@pytest.mark.parametrize("kind", KINDS)
def test_all_letters_are_times_new_roman_and_black(draft, kind):
    word = draft(kind)
    for part in (word.styles.element, word.element):
        fonts = {v for fonts in part.iter(qn("w:rFonts")) for k, v in fonts.items() if not k.endswith("Theme")}
        themed = [k for fonts in part.iter(qn("w:rFonts")) for k in fonts.keys() if k.endswith("Theme")]  # noqa: SIM118
        assert fonts <= {"Times New Roman"} and themed == []
    used = {p.style.element for p in paragraphs(word)} | {word.element}
    used |= {p.style.base_style.element for p in paragraphs(word) if p.style.base_style is not None}
    assert {c.get(qn("w:val")) for part in used for c in part.iter(qn("w:color"))} <= {"000000", "auto"}


@pytest.mark.parametrize("kind", KINDS)
def test_the_national_name_and_motto_stand_as_prescribed(draft, kind):
    word = draft(kind)
    assert texts(word, "Quốc hiệu") == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]
    assert texts(word, "Tiêu ngữ") == ["Độc lập - Tự do - Hạnh phúc"]


@pytest.mark.parametrize("kind", KINDS)
def test_the_body_that_issues_is_written_out_and_only_the_one_above_is_shortened(draft, kind):
    issuer = texts(draft(kind), "Cơ quan ban hành")
    assert issuer and all(line == line.upper() for line in issuer)
    assert not re.search(r"\b(UBND|HĐND|MTTQ)\b", " ".join(issuer))


@pytest.mark.parametrize("kind", KINDS)
def test_the_symbol_is_of_the_kind_and_without_spaces(draft, kind):
    word = draft(kind)
    named = kinds()[kind].abbreviation
    start = rf"Số: \.{{6}}/{named}-" if named else r"Số: \.{6}/[A-ZĐ]+-"
    number = "15/KH-UBND" if kind == "ke-hoach" else None
    shown = texts(word, "Số ký hiệu")[0]
    assert shown == f"Số: {number}" if number else re.fullmatch(rf"{start}[A-ZĐ]+", shown)


@pytest.mark.parametrize("kind", KINDS)
def test_place_and_date_have_their_comma_and_leave_the_day_open_in_a_draft(draft, kind):
    shown = texts(draft(kind), "Địa danh, ngày tháng")
    if kind == "bien-ban":
        assert shown == []
    else:
        day = r"\d\d|\.{6}"
        assert re.fullmatch(rf"An Giang, ngày ({day}) tháng (0[12]|[3-9]|1[0-2]|\.{{6}}) năm 20\d\d", shown[0]), shown


@pytest.mark.parametrize("kind", KINDS)
def test_the_subject_is_one_sentence_without_the_name_of_the_kind_and_a_full_stop(draft, kind):
    word = draft(kind)
    subject = " ".join(texts(word, "Trích yếu", "Trích yếu công văn"))
    assert subject and not subject.endswith(".")
    assert subject.startswith("V/v ") == (kind == "cong-van")
    name = kinds()[kind].name_vi
    assert texts(word, "Tên loại") == ([name] if name else [])
    assert not name or not subject.lower().startswith(name.lower())


@pytest.mark.parametrize("kind", ["quyet-dinh", "bien-ban"])
def test_legal_bases_are_italic_one_a_line_with_semicolons_and_a_full_stop(draft, kind):
    word = draft(kind)
    bases = [p for p in paragraphs(word) if p.style.name == "Căn cứ"]
    assert bases and all(p.style.font.italic and p.text.startswith(("Căn cứ", "[")) for p in bases)
    assert [p.text[-1] for p in bases] == [*";" * (len(bases) - 1), "."]


def test_the_legal_bases_of_a_decision_leave_room_for_the_law_that_gives_the_power(draft):
    assert texts(draft("quyet-dinh"), "Căn cứ")[0].startswith("[Căn cứ")


@pytest.mark.parametrize("kind", KINDS)
def test_recipients_are_a_list_without_doubles_that_ends_with_what_is_kept(draft, kind):
    word = draft(kind)
    assert texts(word, "Nơi nhận") == ["Nơi nhận:"]
    listed = texts(word, "Danh sách nơi nhận")
    assert len(listed) >= 2 and len(set(listed)) == len(listed), listed
    assert all(re.fullmatch(r"- .*[^;];", line) for line in listed[:-1])
    assert re.fullmatch(r"- Lưu: VT(, (\w+|\[đơn vị soạn thảo\]))?\.", listed[-1])
    assert (listed[0] == "- Như trên;") == (kind == "cong-van")


@pytest.mark.parametrize("kind", KINDS)
def test_who_signs_has_authority_and_title_in_capitals_and_no_name(draft, kind):
    signer = texts(draft(kind), "Chức vụ người ký")
    assert signer and all(line == line.upper() for line in signer)
    if kind == "quyet-dinh":
        assert signer == ["CHỦ TỊCH"]  # who decides alone signs alone
    elif kind != "thong-bao":
        assert any(re.fullmatch(AUTHORITY, line) for line in signer)
    for line, after in zip(signer, [*signer[1:], ""], strict=True):
        assert not re.match(AUTHORITY, line) or after, "an authority is followed by the title of who signs"
    assert not any("UBND" in line for line in signer)


@pytest.mark.parametrize("kind", KINDS)
def test_pages_count_from_the_second_on_in_the_middle_of_the_top(draft, kind):
    first = draft(kind).sections[0]
    assert first.different_first_page_header_footer
    assert "PAGE" in first.header._element.xml and "PAGE" not in first.first_page_header._element.xml
    numbered = next(p for p in first.header.paragraphs if "PAGE" in p._p.xml)
    assert numbered.style.paragraph_format.alignment == ALIGN.CENTER and 13 <= numbered.style.font.size.pt <= 14
    assert "PAGE" not in first.footer._element.xml


@pytest.mark.parametrize("kind", KINDS)
def test_headings_are_capitals_with_roman_numbers_without_a_gap(draft, kind):
    headings = texts(draft(kind), "Đề mục")
    roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"]
    assert [heading.split(".")[0] for heading in headings] == roman[: len(headings)]
    assert all(heading == heading.upper() for heading in headings)


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_ends_once_and_nothing_unfilled_is_left(draft, kind):
    shown = "\n".join(p.text for p in paragraphs(draft(kind)))
    assert shown.count("./.") == 1 and ".../." not in shown
    assert not re.search(r"\{\{|\{%|None|;\.|\.\.;|,,|  ", shown)


@pytest.mark.parametrize("kind", ["ke-hoach", "bao-cao", "cong-van", "quyet-dinh"])
def test_annexes_have_their_word_title_and_reference(draft, kind):
    word = draft(kind)
    labels = texts(word, "Phụ lục")
    assert labels == (["Phụ lục"] if len(labels) == 1 else [f"Phụ lục {n}" for n in ["I", "II", "III"][: len(labels)]])
    assert all(title == title.upper() for title in texts(word, "Tên phụ lục"))
    assert all(re.fullmatch(r"\(Kèm theo .+ số .+ ngày .+ của .+\)", line) for line in texts(word, "Kèm theo"))
    assert len(texts(word, "Tên phụ lục")) == len(texts(word, "Kèm theo")) == len(labels) >= 1
    assert all(s._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1" for s in word.sections[1:])


def test_a_letter_names_whom_it_is_to_and_ends_the_line(draft):
    assert re.fullmatch(r"Kính gửi: .+[^.;]\.", texts(draft("cong-van"), "Kính gửi")[0])
