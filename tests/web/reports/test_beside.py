"""Inspections, figures of communes and classes in a synthesis report: as they stood, traced, frozen."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from figure_files import bring
from people import SYSTEM, signed_in
from quantri.web.accounts.agencies import add_agency
from quantri.web.accounts.models import Agency
from quantri.web.appraisal.exercises import ExerciseDraft, open_exercise
from quantri.web.appraisal.models import Exercise
from quantri.web.appraisal.sheets import example_sheet
from quantri.web.deadlines.periods import periods_of
from quantri.web.figures.matching import communes_on
from quantri.web.figures.models import Figure, FigureSheet
from quantri.web.inspections.models import Answer, Choice, Finding, Programme, Visit
from quantri.web.plans.decisions import publish_plan
from quantri.web.plans.models import Plan
from quantri.web.reports.actions import digest
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.synthesis import traces_of
from quantri.web.reports.synthesis_actions import (
    begin_report,
    current_content,
    decide_publication,
    freeze_report,
)
from quantri.web.reports.synthesis_files import report_docx, report_xlsx
from quantri.web.reports.synthesis_text import official_of

LAST = date(2026, 3, 14)  # of the quarter


def at(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 9))  # noqa: DTZ001  made aware at once


def printed(report: SynthesisReport) -> str:
    return "\n".join(block["text"] for block in official_of(current_content(report))["body"])


def counts(report: SynthesisReport) -> dict[str, int]:
    return {k: f["value"] for k, f in current_content(report)["inspections"].items() if isinstance(f, dict)}


# ---- inspections


@pytest.fixture
def choice(worked_plan) -> Choice:
    made = Programme.objects.create(
        plan=worked_plan, title="Kiểm tra năm 2026", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31),
        answer_days=5,
    )  # fmt: skip
    return Choice.objects.create(
        programme=made, method="random", wanted=1, seed="2026", chosen_on=date(2026, 1, 5), candidates=[]
    )


@pytest.fixture
def visited(choice) -> Visit:
    """Took place on 2 February; the findings were sent on the next day."""
    return visit(choice, "Sở Y tế", held_on=date(2026, 2, 2), sent_on=date(2026, 2, 3))


def visit(choice: Choice, name: str, *, held_on: date, sent_on: date | None) -> Visit:
    return Visit.objects.create(
        programme=choice.programme, choice=choice, agency=Agency.objects.get(name_vi=name), visit_on=held_on,
        held_on=held_on, sent_at=sent_on and at(sent_on),
    )  # fmt: skip


def found(visit: Visit, due: date, **fields: object) -> Finding:
    return Finding.objects.create(
        visit=visit, agency=visit.agency, text="Chưa niêm yết", first_due_on=due, **{"due_on": due} | fields
    )


def answered(finding: Finding, day: date, due: date, **fields: object) -> Answer:
    return Answer.objects.create(finding=finding, text="Đã khắc phục", due_on=due, answered_at=at(day), **fields)


def test_findings_are_counted_as_they_stood_on_the_last_day_of_the_period(draft_report, visited):
    found(visited, LAST)  # late on the last day
    found(visited, LAST + timedelta(days=1))  # still in time
    accepted = found(visited, date(2026, 2, 10), settled_on=date(2026, 2, 12))
    answered(accepted, date(2026, 2, 11), date(2026, 2, 10), verdict="accepted", decided_at=at(date(2026, 2, 12)))
    later = found(visited, date(2026, 2, 10), settled_on=date(2026, 3, 20))
    answered(later, date(2026, 3, 15), date(2026, 2, 10), verdict="accepted", decided_at=at(date(2026, 3, 20)))
    Finding.objects.create(visit=visited, agency=visited.agency, text="Để biết", needs_answer=False)
    assert counts(draft_report) == {
        "programmes": 1, "visits": 1, "findings": 5, "asked": 4, "answered": 1, "answered_late": 1, "accepted": 1,
        "late": 2,
    }  # fmt: skip


def test_an_answer_that_was_returned_is_late_from_the_day_that_was_given_then(draft_report, visited):
    returned = {"verdict": "returned", "reason": "Thiếu minh chứng", "decided_at": at(date(2026, 2, 12))}
    in_time = found(visited, date(2026, 2, 10), due_on=LAST + timedelta(days=3))
    answered(in_time, date(2026, 2, 9), date(2026, 2, 10), **returned)
    late = found(visited, date(2026, 2, 10), due_on=date(2026, 4, 30))
    answered(late, date(2026, 2, 9), date(2026, 2, 10), **returned)
    second = {"verdict": "returned", "reason": "Thiếu", "decided_at": at(date(2026, 4, 20))}  # after the period
    answered(late, date(2026, 4, 15), date(2026, 3, 1), **second)
    assert [row["key"] for row in current_content(draft_report)["inspections"]["late"]["rows"]] == [late.pk]


def test_an_answer_that_waits_for_the_decision_is_not_late(draft_report, visited):
    answered(found(visited, date(2026, 2, 10)), date(2026, 3, 14), date(2026, 2, 10))
    assert (counts(draft_report)["answered"], counts(draft_report)["late"]) == (1, 0)


def test_a_visit_that_was_not_told_yet_is_nowhere_in_a_report(draft_report, choice, leader):
    visit(choice, "Thanh tra tỉnh", held_on=date(2026, 3, 10), sent_on=LAST + timedelta(days=1))
    visit(choice, "Sở Y tế", held_on=date(2026, 3, 12), sent_on=None)
    assert set(counts(draft_report).values()) == {0}
    assert "Trong kỳ chưa có cuộc kiểm tra nào đã gửi kết quả." in printed(draft_report)
    shown = signed_in(leader).get(f"/plans/{draft_report.plan_id}/reports/{draft_report.pk}/figures/").content.decode()
    assert choice.programme.title not in shown


def test_a_trace_of_a_finding_names_the_agency_and_not_what_was_found(draft_report, visited):
    finding = found(visited, LAST)
    traced = next(f for f in traces_of(current_content(draft_report)) if f["label"] == "Phát hiện quá hạn chưa trả lời")
    row = {"model": "inspections.finding", "key": finding.pk, "name": "Sở Y tế (kiểm tra Sở Y tế, 2/2/2026)"}
    assert traced["rows"] == [row]
    assert "1 phát hiện phải trả lời: 0 đã được trả lời (trong đó 0 được chấp nhận), 1 quá hạn" in printed(draft_report)


# ---- figures of communes


@pytest.fixture
def codes(province) -> list[str]:
    return [unit.code for unit in communes_on(province, LAST).order_by("code")[:5]]


def test_medians_of_communes_stand_as_context_and_not_as_papi(draft_report, coordinator, codes):
    assert "Số liệu tham khảo" not in printed(draft_report)
    sheet = bring(coordinator, dict(zip(codes, (90, 80.5, 70, 95, 99), strict=True)))[0]
    bring(coordinator, dict.fromkeys(codes, 50), period="quarter-2025-4")
    figure = current_content(draft_report)["figures"]
    assert [(f["n"], f["median"]["value"], f["median"]["sha256"]) for f in figure] == [(5, 90.0, sheet.sha256)]
    assert figure[0]["median"]["rows"][0]["key"] == sheet.pk
    text = printed(draft_report)
    assert "trung vị của 5 đơn vị cấp xã là 90%." in text and "không phải kết quả PAPI và không cộng vào chỉ số" in text


def test_who_decides_reads_what_becomes_public_with_the_report(draft_report, coordinator, leader, codes):
    bring(coordinator, dict.fromkeys(codes, 90))
    freeze_report(draft_report, by=coordinator)
    publish_plan(draft_report.plan, reason="Công khai", by=leader)
    address = f"/plans/{draft_report.plan_id}/reports/{draft_report.pk}/"
    told = "Công khai báo cáo thì những nội dung sau cũng được công khai:"
    assert told in signed_in(leader).get(address).content.decode()
    assert told in signed_in(leader).post(f"{address}decision/", {"kind": "publish"}).content.decode()
    decide_publication(draft_report, "publish", reason="Công khai", by=leader)
    assert told not in signed_in(leader).get(address).content.decode()


def test_a_median_of_few_communes_is_not_told(draft_report, coordinator, codes):
    bring(coordinator, dict.fromkeys(codes[:4], 50))
    assert current_content(draft_report)["figures"][0]["median"]["value"] is None
    assert "có số liệu của 4 đơn vị cấp xã, quá ít để nêu trung vị." in printed(draft_report)


# ---- classes


@pytest.fixture
def exercise(province, coordinator) -> Exercise:
    day = timezone.localdate()
    draft = ExerciseDraft(
        year=2026, title="Xếp loại năm 2026", sheet_text=example_sheet(), scored_from=day, scored_until=day,
        appealed_until=day,
    )  # fmt: skip
    classed = [add_agency(province, f"UBND xã mẫu {n}", by=SYSTEM) for n in (1, 2, 3)]
    return open_exercise(province, draft, classed, by=coordinator)


def confirm(exercise: Exercise, day: date) -> Exercise:
    """Two agencies in the best class and one in the last, as of a day."""
    best, *_between, last = exercise.sheet.bands
    for entry, band in zip(exercise.entries.all(), (best, last, best), strict=True):
        entry.result = {"points": "90", "class": band.code, "class_vi": band.name_vi, "class_en": band.name_en}
        entry.save()
    exercise.confirmed_at = at(day)
    exercise.save()
    return exercise


def test_classes_are_told_once_they_are_decided(draft_report, exercise):
    assert current_content(draft_report)["classes"] == [] and "Xếp loại cơ quan" not in printed(draft_report)
    confirm(exercise, LAST + timedelta(days=1))
    assert current_content(draft_report)["classes"] == []
    confirm(exercise, LAST)
    classes = current_content(draft_report)["classes"][0]
    assert [band["value"] for band in classes["bands"]][:1] == [2] and classes["agencies"]["value"] == 3
    assert sum(band["value"] for band in classes["bands"]) == 3
    traced = next(f for f in traces_of(current_content(draft_report)) if f["label"].endswith(": số cơ quan"))
    assert {row["name"] for row in traced["rows"]} == {f"UBND xã mẫu {n}" for n in (1, 2, 3)}
    assert traced["sha256"] == exercise.sheet_sha256
    assert "3 cơ quan, đơn vị; " in printed(draft_report)


def test_the_report_of_the_year_tells_the_classes_of_its_year_when_they_were_decided_later(
    worked_plan, exercise, coordinator
):
    confirm(exercise, timezone.localdate())
    yearly = begin_report(worked_plan, periods_of("year", 2026)[0], by=coordinator)
    assert [c["year"] for c in current_content(yearly)["classes"]] == [2026]


# ---- all of it


@pytest.fixture
def everything(draft_report, visited, coordinator, codes, exercise) -> SynthesisReport:
    found(visited, LAST)
    bring(coordinator, dict(zip(codes, (90, 80.5, 70, 95, 99), strict=True)))
    confirm(exercise, LAST)
    return draft_report


def test_sections_are_numbered_without_a_gap(everything, draft_report):
    headings = [b["text"] for b in official_of(current_content(everything))["body"] if b.get("kind") == "heading"]
    assert [text.split(".")[0] for text in headings] == ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
    assert [headings[n].split(". ")[1] for n in (3, 4, 5)] == [
        "Kiểm tra việc thực hiện Kế hoạch", "Xếp loại cơ quan, đơn vị", "Số liệu tham khảo của cấp xã",
    ]  # fmt: skip


def test_every_count_has_as_many_rows(everything):
    for figure in traces_of(current_content(everything)):
        if isinstance(figure["value"], int):
            assert len(figure["rows"]) == figure["value"], figure["label"]


def test_a_frozen_report_is_made_again_alike_whatever_becomes_of_these_rows(everything, coordinator):
    frozen = freeze_report(everything, by=coordinator)
    content = current_content(frozen)
    made = report_docx(content, None), report_xlsx(content, None)
    Finding.objects.update(settled_on=LAST, text="Khác")
    Visit.objects.update(cancelled_reason="x", held_on=date(2026, 1, 1))
    Figure.objects.update(value=Decimal(1))
    Exercise.objects.update(title="Khác")
    frozen.refresh_from_db()
    again = current_content(frozen)
    assert digest(again) == frozen.sha256
    assert (report_docx(again, None), report_xlsx(again, None)) == made


def test_the_order_in_which_a_database_gives_keys_back_makes_no_other_report(everything):
    content = current_content(everything)
    sorted_keys = json.loads(json.dumps(content, sort_keys=True))
    assert list(sorted_keys["counts"]) != list(content["counts"])
    assert (report_docx(sorted_keys, None), report_xlsx(sorted_keys, None)) == (
        report_docx(content, None), report_xlsx(content, None),
    )  # fmt: skip


def test_a_report_frozen_before_these_figures_has_the_sections_of_then(everything):
    old = current_content(everything)
    for key in ("inspections", "figures", "classes"):
        del old[key]
    headings = [b["text"] for b in official_of(old)["body"] if b.get("kind") == "heading"]
    assert [text.split(".")[0] for text in headings] == ["I", "II", "III", "IV", "V", "VI"]
    assert headings[3] == "IV. Đánh giá chung"


def test_something_made_up_marks_the_whole_report(everything, draft_report):
    Plan.objects.update(is_demonstration=False)
    FigureSheet.objects.update(is_demonstration=False)
    Exercise.objects.update(is_demonstration=False)
    assert current_content(everything)["is_demonstration"]  # the criteria of the example are ours
    Exercise.objects.update(sheet_text=example_sheet().replace("demonstration = ", "# demonstration = "))
    everything = SynthesisReport.objects.get(pk=everything.pk)
    assert not current_content(everything)["is_demonstration"]
    Programme.objects.update(is_demonstration=True)
    assert current_content(everything)["is_demonstration"]


def test_the_pages_of_a_full_report_need_few_queries(everything, coordinator):
    client = signed_in(coordinator)
    address = f"/plans/{everything.plan_id}/reports/{everything.pk}/"
    for tail in ("", "figures/", "texts/causes/"):
        client.get(address + tail)
        with CaptureQueriesContext(connection) as seen:
            shown = client.get(address + tail).content.decode()
        assert len(seen) <= 20, [q["sql"] for q in seen]
    assert shown
