"""Inspections, figures of communes and classes in a synthesis report: as plain values, and as the lines it prints."""

from collections.abc import Iterable, Iterator

from django.utils import timezone

from quantri.web.reports.as_of import AsOf, told_until
from quantri.web.reports.beside import Classing, Median, classings_of, medians_of
from quantri.web.reports.inspected import Inspected, Standing, inspected_in
from quantri.web.reports.models import SynthesisReport
from quantri.web.reports.rendering.wording import day_text, listed, short_number
from quantri.web.reports.traced import Content, counted, traced

UNITS = {"percent": "%", "points": " điểm", "count": "", "days": " ngày"}
NAMES = {
    "programmes": "Chương trình kiểm tra", "visits": "Cuộc kiểm tra", "findings": "Phát hiện đã gửi",
    "asked": "Phát hiện phải trả lời", "answered": "Phát hiện đã được trả lời",
    "answered_late": "Phát hiện được trả lời sau hạn", "accepted": "Trả lời được chấp nhận",
    "late": "Phát hiện quá hạn chưa trả lời",
}  # fmt: skip


def beside_of(report: SynthesisReport, as_of: AsOf) -> Content:
    """Gather what is told beside targets and tasks, each figure with its rows."""
    return {
        "inspections": _inspections(inspected_in(report.plan, report.starts_on, as_of)),
        "figures": [_figure(median) for median in medians_of(report)],
        "classes": [_classes(classing) for classing in classings_of(report, as_of.today)],
    }


def _inspections(found: Inspected) -> Content:
    findings = found.findings
    return {
        "programmes": counted(("inspections.programme", key, name) for key, name in found.programmes),
        "visits": counted(("inspections.visit", key, name) for key, name in found.visits),
        "findings": _of_findings(findings),
        "asked": _of_findings(f for f in findings if f.is_asked),
        "answered": _of_findings(f for f in findings if f.is_asked and f.is_answered),
        "answered_late": _of_findings(f for f in findings if f.was_late),
        "accepted": _of_findings(f for f in findings if f.is_accepted),
        "late": _of_findings(f for f in findings if f.is_late),
        "is_demonstration": found.is_demonstration,
    }


def _of_findings(findings: Iterable[Standing]) -> Content:
    return counted(("inspections.finding", *f.row) for f in findings)


def _figure(found: Median) -> Content:
    sheet, measure = found.sheet, found.sheet.measure
    value = None if found.value is None else float(found.value)
    row = ("figures.figuresheet", sheet.pk, f"{measure.name_vi}: {sheet.file_name} ({sheet.source})")
    return {
        "measure": measure.name_vi, "unit": measure.unit, "n": found.n, "median": traced(value, [row], sheet.sha256),
        "is_demonstration": sheet.is_demonstration,
    }  # fmt: skip


def _classes(found: Classing) -> Content:
    exercise = found.exercise
    return {
        "title": exercise.title, "year": exercise.year, "basis": exercise.sheet.document,
        "confirmed_on": timezone.localtime(exercise.confirmed_at).date().isoformat(),
        "sha256": exercise.sheet_sha256,
        "agencies": counted(("appraisal.entry", e.pk, e.agency.name_vi) for e in found.entries),
        "bands": [
            {
                "name": band.name_vi,
                **counted(("appraisal.entry", e.pk, e.agency.name_vi) for e in found.of_band(band.name_vi)),
            }
            for band in exercise.sheet.bands
        ],
        "is_demonstration": bool(exercise.sheet.demonstration or exercise.is_demonstration),
    }  # fmt: skip


def is_demonstration(beside: Content) -> bool:
    """Something beside the plan's own figures is made up."""
    return any(each["is_demonstration"] for each in (beside["inspections"], *beside["figures"], *beside["classes"]))


def traces_beside(content: Content) -> list[Content]:
    """List these figures, each with its name, its value and its rows; none in a report that was frozen without them."""
    inspections = content.get("inspections", {})
    whole = [{"label": name, **inspections[key]} for key, name in NAMES.items() if key in inspections]
    medians = [{"label": f"Trung vị: {f['measure']}", **f["median"]} for f in content.get("figures", ())]
    return whole + medians + [trace for classes in content.get("classes", ()) for trace in _class_traces(classes)]


def _class_traces(classes: Content) -> Iterator[Content]:
    sha256 = classes["sha256"]
    yield {"label": f"{classes['title']}: số cơ quan", **classes["agencies"], "sha256": sha256}
    for band in classes["bands"]:
        told = {"value": band["value"], "rows": band["rows"], "sha256": sha256}
        yield {"label": f"{classes['title']}: {band['name']}", **told}


# ---- lines that are printed


def inspection_lines(content: Content) -> list[str]:
    """Say how many visits there were, and what became of their findings."""
    n = {key: content["inspections"][key]["value"] for key in NAMES}
    lines = ["Trong kỳ chưa có cuộc kiểm tra nào đã gửi kết quả."]
    if n["visits"]:
        lines = [f"Trong kỳ có {n['visits']} cuộc kiểm tra đã gửi kết quả, thuộc {n['programmes']} chương trình."]
    if n["findings"]:
        lines.append(
            f"Đến ngày {day_text(told_until(content))}, trong {n['findings']} phát hiện đã gửi có "
            f"{n['asked']} phát hiện phải trả lời: {n['answered']} đã được trả lời (trong đó {n['accepted']} được chấp "
            "nhận), "
            f"{n['late']} quá hạn chưa trả lời; {n['answered_late']} phát hiện được trả lời sau hạn."
        )
    return lines


def figure_lines(content: Content) -> list[str]:
    """Give the medians of communes' figures, named as context."""
    first = (
        "Số liệu dưới đây do cơ quan nhà nước báo cáo về công việc của mình, nêu làm bối cảnh; không phải kết quả "
        "PAPI và không cộng vào chỉ số."
    )
    return [first, *(_median_line(figure) for figure in content["figures"])]


def _median_line(figure: Content) -> str:
    value = figure["median"]["value"]
    if value is None:
        return f"{figure['measure']}: có số liệu của {figure['n']} đơn vị cấp xã, quá ít để nêu trung vị."
    told = f"{short_number(round(value, 2))}{UNITS[figure['unit']]}"
    return f"{figure['measure']}: trung vị của {figure['n']} đơn vị cấp xã là {told}."


def class_lines(content: Content) -> list[str]:
    """Say how many agencies are in each class, by which decision of points."""
    return [
        f"{classes['title']} (theo {classes['basis']}, xác nhận ngày {day_text(classes['confirmed_on'])}): "
        f"{classes['agencies']['value']} cơ quan, đơn vị; "
        + listed(f"{band['name']}: {band['value']}" for band in classes["bands"])
        + "."
        for classes in content["classes"]
    ]
