"""A whole year: a plan is begun, issued, given to 102 communes, reported, urged, inspected, classed, reported on."""

import io
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from browser_help import TODAY, Site, look, press, refused, sign_in, typed, watched
from printed import printed
from year_classing import classed

pytestmark = pytest.mark.needs("chromium", "soffice", "pdftoppm", "pdftotext")
KIEN_GIANG = "vn63-91"
TASK = "Niêm yết thủ tục hành chính tại trụ sở"
NEXT_JUNE = date(TODAY.year + 1, 6, 16)
WORD = "mot-mat-khau-dai-cho-thu"
PEOPLE = f"""
from django.utils import timezone
from quantri.web.accounts.actions import add_member
from quantri.web.accounts.models import Agency, Role
from quantri.web.core.audit import System
from quantri.web.places.models import Province
home = Province.objects.get(key="vn34-91")
made = Agency.objects.bulk_create(
    Agency(province=home, name_vi=f"UBND xã thử {{n:03}}", kind="people_committee") for n in range(1, 103)
)
for n, agency in enumerate(made[:4], 1):
    add_member(agency, Role.OFFICER, username=f"xa{{n}}", password="{WORD}", full_name="", by=System("tests"))
print(*[a.pk for a in made[:4]])
"""


@pytest.fixture
def photo(tmp_path) -> str:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(out, format="JPEG")
    path = tmp_path / "anh.jpg"
    path.write_bytes(out.getvalue())
    return str(path)


@pytest.fixture(
    params=["site", pytest.param("site_on_postgresql", marks=pytest.mark.needs("postgres"))],
    ids=["SQLite", "PostgreSQL"],
)
def stage(request) -> Site:
    """Give the site on which the year is played: the one of all journeys, and one on a PostgreSQL server."""
    return request.getfixturevalue(request.param)


@pytest.fixture
def person(browser, stage: Site) -> Iterator[Callable[..., Page]]:
    """Open a browser for somebody, on a phone or a desk; with a name signed in. What it reports fails the year."""
    pages = []

    def begin(name: str = "", width: int = 1440) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, base_url=stage.address, locale="vi-VN")
        page = watched(context)
        pages.append(page)
        if name:
            sign_in(page, stage, name)
        return page

    yield begin
    for page in pages:
        page.context.close()
    assert [fault for page in pages for fault in page.faults] == []


def test_a_whole_year_is_played(stage, person, photo, tmp_path, request):
    vendor = request.node.callspec.id.lower()
    assert stage.run("from django.db import connection; print(connection.vendor)") == vendor
    communes = stage.run(PEOPLE).split()
    stage.logins.update({f"xa{n}": WORD for n in range(1, 5)})
    steering = person("dieuphoi")
    plan = _begun_from_the_diagnosis(steering)
    task = _issued(steering, stage, plan)
    period = _period(steering, stage, plan)
    _given_to_102(steering, task)
    _three_report(steering, person, photo, period, communes)
    _one_is_late_and_urged(steering, person, stage, communes, task)
    _one_is_returned(steering, person, period)
    _an_inspection_is_answered(steering, person, photo, plan)
    steering.goto(f"/work/periods/{period}/all/")
    steering.click("form[action$='/lock/'] button")
    expect(steering.locator("body")).to_contain_text("Kỳ đã khóa")
    classed(steering, person, stage, photo)
    report = _synthesis(steering, stage, plan, tmp_path)
    _published(person, plan, period)
    _next_year(steering, plan, report)


def _begun_from_the_diagnosis(page: Page) -> str:
    """The diagnosis of one of the old provinces leads to a plan on its results, with its priorities."""
    page.goto("/")
    press(page, "nav >> text=Chẩn đoán")
    expect(page.locator("h1")).to_contain_text("An Giang")
    press(page, "nav >> text=Tỉnh, thành phố")
    press(page, f"main a[href='/provinces/{KIEN_GIANG}/']")
    press(page, "main .actions >> text=Chẩn đoán")
    look(page)
    first = page.locator("h2:has-text('Ưu tiên cải thiện') + p + .scroll tbody th").all_inner_texts()
    press(page, "text=Lập kế hoạch từ đây")
    expect(page.locator("#id_base_unit option:checked")).to_contain_text("Kiên Giang")
    page.fill("#id_year", str(TODAY.year))
    look(page)
    press(page, "main form button")
    proposed = page.locator("select[name^=priority-]:has(option[value=improve]:checked)")
    assert first
    assert {s.get_attribute("name") for s in proposed.all()} == {f"priority-{each.split()[0]}" for each in first}
    return page.url.split("/plans/")[1].split("/")[0]


def _issued(page: Page, site: Site, plan: str) -> str:
    page.fill("#spec-D5", "+0,1")
    page.press("#spec-D5", "Tab")
    expect(page.locator("#line-d5 .chance")).to_be_visible()
    page.goto(f"/plans/{plan}/tasks/")
    page.fill("#id_title", TASK)
    page.fill("#id_components", "D5")
    page.fill("#id_leads", "Sở Nội vụ")
    page.fill("#id_due_on", typed(TODAY + timedelta(days=20)))
    page.click("text=Thêm nhiệm vụ")
    page.goto(f"/plans/{plan}/state/")
    look(page)
    page.locator("form[action$='/consultation/'] input[name=agencies]").first.check()
    page.click("form[action$='/consultation/'] button.btn-primary")
    page.fill("#id_number", _number(plan))
    page.fill("#id_issued_on", typed(TODAY))
    page.click("form[action$='/issue/'] button")
    expect(page.locator("body")).to_contain_text("Kế hoạch đã ban hành")
    return site.run(f"from quantri.web.tasks.models import Task; print(Task.objects.get(plan={plan}).pk)")


def _number(plan: str) -> str:
    return f"{int(plan) + 70}/KH-UBND"


def _period(page: Page, site: Site, plan: str) -> str:
    page.goto(f"/work/plans/{plan}/periods/")
    look(page)
    page.select_option("#id_kind", "quarter")
    page.click("main form button")
    expect(page.locator("table")).to_be_visible()
    return site.run(
        "from datetime import timedelta; from django.utils import timezone;"
        "from quantri.web.tasks.models import ReportingPeriod;"
        f"p = ReportingPeriod.objects.filter(plan={plan}).first(); day = timezone.localdate();"
        "p.starts_on, p.ends_on, p.cut_off_on = day - timedelta(days=80), day, day + timedelta(days=3);"
        "p.locked_at = None; p.save(); print(p.pk)"
    )


def _given_to_102(page: Page, task: str) -> None:
    page.goto(f"/work/tasks/{task}/give/")
    look(page)
    page.select_option("#id_part", "coordinating")
    page.fill("#id_due_on", typed(TODAY + timedelta(days=20)))
    page.fill("#q", "ubnd xa thu")
    press(page, "main button[name='find']")
    look(page)
    press(page, "main button[name='all'][value='found']")
    press(page, "main button[name='check']")
    expect(page.locator("h1")).to_contain_text("102")
    look(page)
    press(page, "main form button.btn-primary")
    expect(page.locator("body")).to_contain_text("Đã giao nhiệm vụ cho 102 cơ quan")
    look(page)


def _three_report(steering: Page, person: Callable[..., Page], photo: str, period: str, communes: list[str]) -> None:
    first = person("xa1", width=360)
    first.goto("/work/")
    look(first)
    press(first, f"main a[href='/work/periods/{period}/']")
    look(first)
    first.click("main a.btn-primary")
    first.fill("#id_text", "Đã niêm yết tại trụ sở và ba nhà văn hóa")
    first.set_input_files("#id_files", photo)
    look(first)
    first.click("main form >> text=Nộp")
    expect(first.locator("body")).to_contain_text("Đã nộp")
    expect(first.locator("body")).to_contain_text("1 minh chứng")
    second = person("xa2", width=360)
    second.goto(f"/work/periods/{period}/")
    second.click("form[action$='/nothing/'] button")
    expect(second.locator("body")).to_contain_text("không phát sinh")
    steering.goto(f"/work/periods/{period}/links/")
    steering.locator("label", has_text="UBND xã thử 003").locator("input").check()
    steering.click("main form button.btn-primary")
    address = steering.locator(".slip code").inner_text()
    third = person(width=360)
    third.goto(address)
    look(third)
    third.fill("#id_text", "Gửi qua đường dẫn")
    third.click("main form >> text=Nộp")
    expect(third.locator("h1")).to_contain_text("Báo cáo đã được nộp")
    with refused(third, 410):
        third.goto(address)


def _one_is_late_and_urged(
    steering: Page, person: Callable[..., Page], site: Site, communes: list[str], task: str
) -> None:
    site.run(
        "from datetime import datetime, timedelta; from zoneinfo import ZoneInfo; from django.utils import timezone;"
        "from quantri.web.followup.digests import send_digests; from quantri.web.tasks.models import Assignment;"
        "day = timezone.localdate();"
        f"Assignment.objects.filter(task={task}, agency={communes[3]}).update(due_on=day - timedelta(days=1));"
        "moments = [timezone.now().astimezone(ZoneInfo('Asia/Ho_Chi_Minh')).replace(hour=9) + timedelta(days=n)"
        " for n in range(10)];"
        "[send_digests(moment) for moment in moments]"
    )
    fourth = person("xa4", width=360)
    fourth.goto("/notices/")
    expect(fourth.locator("article", has_text="phần việc").first).to_contain_text("UBND xã thử 004")
    look(fourth)
    steering.goto("/follow/")
    look(steering)
    steering.click(f"main a[href='/follow/agencies/{communes[3]}/'] >> nth=0")
    assert "Niêm yết" in steering.input_value("#words")
    look(steering)


def _one_is_returned(steering: Page, person: Callable[..., Page], period: str) -> None:
    steering.goto(f"/work/periods/{period}/all/?state=submitted")
    look(steering)
    press(steering, "table >> text=UBND xã thử 001")
    look(steering)
    steering.fill("#id_text", "Cần thêm ảnh chụp toàn cảnh")
    steering.click("button[name=give_back]")
    first = person("xa1", width=360)
    first.goto(f"/work/periods/{period}/")
    expect(first.locator("body")).to_contain_text("Cần thêm ảnh chụp toàn cảnh")
    first.click("text=Sửa báo cáo")
    first.check("input[name=kind][value=completed]")
    first.click("main form >> text=Nộp")
    for name in ("001", "002", "003"):
        steering.goto(f"/work/periods/{period}/all/?state=submitted")
        steering.click(f"table >> text=UBND xã thử {name}")
        steering.click("button[name=accept]")
        expect(steering.locator("body")).to_contain_text("Đã lưu quyết định")


def _an_inspection_is_answered(steering: Page, person: Callable[..., Page], photo: str, plan: str) -> None:
    _programme(steering, plan)
    _visit(steering, photo)
    first = person("xa1", width=360)
    first.goto("/inspections/")
    look(first)
    first.click("main >> text=Kiểm tra việc niêm yết")
    first.click("main table >> text=UBND xã thử 001")
    press(first, "main h3 >> text=Chưa niêm yết đủ")
    look(first)
    press(first, "main >> text=Trả lời phát hiện")
    look(first)
    first.fill("main form textarea", "Đã bổ sung bảng niêm yết")
    first.click("main form button.btn-primary")
    expect(first.locator("body")).to_contain_text("Đã bổ sung bảng niêm yết")
    look(first)
    finding = first.url
    steering.goto(finding)
    press(steering, "main .actions >> text=Xem xét trả lời")
    look(steering)
    steering.check("input[name=verdict][value=accepted]")
    steering.click("main form button.btn-primary")
    expect(steering.locator("h1")).to_contain_text("Trả lời được chấp nhận")


def _programme(page: Page, plan: str) -> None:
    """A programme with its team and a question, and places chosen by rotation."""
    page.goto("/inspections/new/")
    page.select_option("#id_plan", plan)
    page.fill("#id_title", "Kiểm tra việc niêm yết thủ tục")
    page.fill("#id_starts_on", typed(TODAY - timedelta(days=30)))
    page.fill("#id_ends_on", typed(TODAY + timedelta(days=30)))
    page.fill("#id_answer_days", "5")
    look(page)
    page.click("main form button.btn-primary")
    page.click("main .actions >> text=Đoàn")
    page.select_option("#id_agency", label="Sở Nội vụ")
    page.select_option("#id_part", "head")
    press(page, "main form.form-narrow button")
    look(page)
    press(page, ".crumbs >> text=Kiểm tra việc niêm yết")
    press(page, "main .actions >> text=Danh mục")
    page.fill("#id_component", "D5")
    page.fill("#id_text", "Thủ tục có được niêm yết không?")
    press(page, "main form.form-narrow button")
    look(page)
    press(page, ".crumbs >> text=Kiểm tra việc niêm yết")
    press(page, "main .actions >> text=Chọn")
    page.check("input[name=method][value=rotation]")
    page.fill("#id_wanted", "500")
    press(page, "main form.form-narrow button")
    look(page)


def _visit(page: Page, photo: str) -> None:
    """A visit to a chosen commune, what was seen, a finding with a photo, sent."""
    press(page, page.locator("main li", has_text="UBND xã thử 001").locator("a"))
    page.fill("#id_visit_on", typed(TODAY))
    look(page)
    press(page, "main form button.btn-primary")
    press(page, "main .actions a.btn-primary")
    page.fill("#id_held_on", typed(TODAY))
    page.locator("fieldset.tile", has_text="Thủ tục có được niêm yết không?").locator("input[value=not_met]").check()
    look(page)
    press(page, "main form button.btn-primary")
    press(page, page.locator("tr", has_text="Thủ tục có được niêm yết không?").locator("a"))
    page.fill("#id_text", "Chưa niêm yết đủ thủ tục")
    page.fill("#id_recommendation", "Niêm yết ngay")
    page.set_input_files("#id_files", photo)
    look(page)
    press(page, "main form button.btn-primary")
    press(page, "main .actions a[href$='/send/']")
    look(page)
    press(page, "main form button.btn-primary")


def _synthesis(page: Page, site: Site, plan: str, tmp_path: Path) -> str:
    """The report of the year is frozen, downloaded, printed and looked at."""
    page.goto(f"/plans/{plan}/reports/")
    look(page)
    page.select_option("#id_period", label=f"năm {TODAY.year}")
    press(page, page.locator("main form button").first)
    report = page.url
    _the_year_ends(site, report)
    page.reload()
    look(page)
    press(page, "main form[action$='/freeze/'] button")
    with page.expect_download() as download:
        page.click("main a[href$='bao-cao.docx']")
    path = tmp_path / "bao-cao.docx"
    download.value.save_as(path)
    pages = printed(path)
    assert "Độc lập - Tự do - Hạnh phúc" in pages[0].text(share=1 / 5)
    assert "BÁO CÁO" in pages[0].text(share=1 / 3)
    text = " ".join(sheet.text() for sheet in pages)
    for told in (TASK, "1 cuộc kiểm tra đã gửi kết quả", "Hoàn thành xuất sắc: 2"):
        assert told in text
    assert [n for n, sheet in enumerate(pages, 1) if not sheet.is_a4] == []
    assert [n for n, sheet in enumerate(pages, 1) if not sheet.has_ink] == []
    return report


def _the_year_ends(site: Site, report: str) -> None:
    site.run(
        "from django.utils import timezone; from quantri.web.reports.models import SynthesisReport;"
        f"SynthesisReport.objects.filter(pk={report.rstrip('/').split('/')[-1]}).update(ends_on=timezone.localdate())"
    )


def _published(person: Callable[..., Page], plan: str, period: str) -> None:
    leading = person("lanhdao")
    leading.goto(f"/plans/{plan}/decision/")
    leading.fill("#id_reason", "Công khai để Nhân dân giám sát")
    leading.click("main form >> text=Công khai")
    leading.goto("/lead/")
    look(leading)
    leading.click(f"main a[href='/follow/periods/{period}/publish/']")
    leading.fill("#id_text", "Quyết định công khai tiến độ")
    leading.click("main form button")
    citizen = person(width=360)
    citizen.goto(f"/plans/{plan}/progress/")
    expect(citizen.locator("body")).to_contain_text("Quyết định công khai tiến độ")
    expect(citizen.locator("body")).not_to_contain_text("UBND xã thử")
    look(citizen)


def _next_year(page: Page, plan: str, report: str) -> None:
    """The report leads to the plan of the next year, whose tasks go on with their agencies and want new dates."""
    page.goto(report)
    press(page, "main a[href*='/next-year/']")
    look(page)
    press(page, "main form button")
    assert "/targets/" in page.url
    look(page)
    press(page, ".tabs >> text=Nhiệm vụ")
    task = page.locator("table.tasks tbody tr")
    expect(task.locator("th")).to_contain_text(f"{TASK}{_number(plan)}: 1")
    expect(task.locator("[data-label='Chủ trì']")).to_have_text("Sở Nội vụ")
    expect(task.locator("[data-label='Phối hợp']")).to_contain_text("UBND xã thử 001")
    expect(task.locator("[data-label='Thời hạn']")).to_have_text("chưa có")
    look(page)
    press(page, task.get_by_role("link", name=TASK))
    expect(page.locator("details summary", has_text="102 cơ quan")).to_be_visible()
    page.fill("#id_due_on", typed(NEXT_JUNE))
    look(page)
    press(page, "main form button.btn-primary")
    expect(task.locator("[data-label='Thời hạn']")).to_have_text(typed(NEXT_JUNE))
    expect(task.locator("[data-label='Phối hợp']")).to_contain_text("UBND xã thử 001")
