"""A whole year: a plan is issued, given to 102 communes, reported, urged, inspected, locked, classed, reported on."""

import io
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from browser_help import Site, look, sign_in, watched

pytestmark = pytest.mark.needs("chromium")
TODAY = date.today()  # noqa: DTZ011 - what people type
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


def typed(day: date) -> str:
    return f"{day.day}/{day.month}/{day.year}"


@pytest.fixture
def photo(tmp_path) -> str:
    out = io.BytesIO()
    Image.new("RGB", (1200, 900), "teal").save(out, format="JPEG")
    path = tmp_path / "anh.jpg"
    path.write_bytes(out.getvalue())
    return str(path)


@pytest.fixture
def person(browser, site: Site) -> Iterator[Callable[..., Page]]:
    """Open a browser for somebody, on a phone or a desk; with a name signed in."""
    contexts = []

    def begin(name: str = "", width: int = 1440) -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, base_url=site.address, locale="vi-VN")
        contexts.append(context)
        page = watched(context)
        if name:
            sign_in(page, site, name)
        return page

    yield begin
    for context in contexts:
        context.close()


def test_a_whole_year_is_played(site, person, photo, tmp_path):
    communes = site.run(PEOPLE).split()
    site.logins.update({f"xa{n}": WORD for n in range(1, 5)})
    steering = person("dieuphoi")
    plan, task = _issued(steering, site)
    period = _period(steering, site, plan)
    _given_to_102(steering, task)
    _three_report(steering, person, photo, period, communes)
    _one_is_late_and_urged(steering, person, site, communes, task)
    _one_is_returned(steering, person, period)
    _an_inspection_is_answered(site, person, plan, communes)
    steering.goto(f"/work/periods/{period}/all/")
    steering.click("form[action$='/lock/'] button")
    expect(steering.locator("body")).to_contain_text("Kỳ đã khóa")
    _classed(steering, person, site, communes)
    _synthesis(steering, plan, tmp_path)
    _published(person, plan, period)
    steering.goto(f"/plans/{plan}/next-year/")
    look(steering)
    steering.click("main form button")
    assert "/targets/" in steering.url
    look(steering)


def _issued(page: Page, site: Site) -> tuple[str, str]:
    page.goto("/plans/new/")
    page.fill("#id_year", str(TODAY.year))
    page.click("main form button")
    plan = page.url.split("/plans/")[1].split("/")[0]
    page.fill("#spec-D5", "+0,1")
    page.press("#spec-D5", "Tab")
    expect(page.locator("#line-d5 .chance")).to_be_visible()
    page.goto(f"/plans/{plan}/tasks/")
    page.fill("#id_title", "Niêm yết thủ tục hành chính tại trụ sở")
    page.fill("#id_components", "D5")
    page.fill("#id_leads", "Sở Nội vụ")
    page.fill("#id_due_on", typed(TODAY + timedelta(days=20)))
    page.click("text=Thêm nhiệm vụ")
    page.goto(f"/plans/{plan}/state/")
    look(page)
    page.locator("form[action$='/consultation/'] input[name=agencies]").first.check()
    page.click("form[action$='/consultation/'] button")
    page.fill("#id_number", f"{int(plan) + 70}/KH-UBND")
    page.fill("#id_issued_on", typed(TODAY))
    page.click("form[action$='/issue/'] button")
    expect(page.locator("body")).to_contain_text("Kế hoạch đã ban hành")
    task = site.run(f"from quantri.web.tasks.models import Task; print(Task.objects.get(plan={plan}).pk)")
    return plan, task


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
    page.evaluate(
        "document.querySelectorAll('.checks label').forEach(l => {"
        " if (l.textContent.includes('UBND xã thử')) l.querySelector('input').checked = true })"
    )
    page.select_option("#id_part", "coordinating")
    page.fill("#id_due_on", typed(TODAY + timedelta(days=20)))
    page.click("main form button")
    expect(page.locator("body")).to_contain_text("Đã giao nhiệm vụ cho 102 cơ quan")
    look(page)


def _three_report(steering: Page, person: Callable[..., Page], photo: str, period: str, communes: list[str]) -> None:
    first = person("xa1", width=360)
    first.goto("/work/")
    look(first)
    first.click(f"main a[href='/work/periods/{period}/']")
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
    steering.click("main form button")
    address = steering.locator(".slip code").inner_text()
    third = person(width=360)
    third.goto(address)
    look(third)
    third.fill("#id_text", "Gửi qua đường dẫn")
    third.click("main form >> text=Nộp")
    expect(third.locator("h1")).to_contain_text("Báo cáo đã được nộp")
    assert third.goto(address).status == 410
    third.faults.clear()


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
    steering.click("table >> text=UBND xã thử 001")
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


def _an_inspection_is_answered(site: Site, person: Callable[..., Page], plan: str, communes: list[str]) -> None:
    finding = site.run(INSPECTION.format(plan=plan, agency=communes[0]))
    first = person("xa1", width=360)
    first.goto(f"/inspections/findings/{finding}/answer/")
    look(first)
    first.fill("main form textarea", "Đã bổ sung bảng niêm yết")
    first.click("main form button.btn-primary")
    first.goto(f"/inspections/findings/{finding}/")
    expect(first.locator("body")).to_contain_text("Đã bổ sung bảng niêm yết")
    look(first)


INSPECTION = """
from datetime import timedelta
from django.utils import timezone
from quantri.web.accounts.models import Agency, User
from quantri.web.inspections.checklist import add_question
from quantri.web.inspections.findings import FindingDraft, add_finding, send_findings
from quantri.web.inspections.places import choose_places
from quantri.web.inspections.programmes import ProgrammeDraft, add_to_team, make_programme
from quantri.web.inspections.visits import VisitDraft, plan_visit, record_checks
from quantri.web.plans.models import Plan
today, by, agency = timezone.localdate(), User.objects.get(username="dieuphoi"), Agency.objects.get(pk={agency})
days = dict(starts_on=today - timedelta(days=30), ends_on=today + timedelta(days=30), answer_days=5)
made = make_programme(Plan.objects.get(pk={plan}), ProgrammeDraft(title="Kiểm tra", **days), by=by)
add_to_team(made, by.memberships.get().agency, None, part="head", by=by)
add_question(made, component="D5", text="Thủ tục có được niêm yết không?", by=by)
choice = choose_places(made, method="rotation", kinds=["people_committee"], wanted=500, by=by)
visit = plan_visit(choice, agency, VisitDraft(visit_on=today), by=by)
record_checks(visit, {{}}, held_on=today, by=by)
found = add_finding(visit, FindingDraft(text="Chưa niêm yết đủ", recommendation="Niêm yết ngay"), by=by)
send_findings(visit, by=by)
print(found.pk)
"""


def _classed(steering: Page, person: Callable[..., Page], site: Site, communes: list[str]) -> None:
    steering.goto("/classes/new/")
    steering.fill("#id_title", "Xếp loại thử")
    steering.fill("#id_year", str(TODAY.year))
    steering.fill("#id_scored_from", typed(TODAY - timedelta(days=5)))
    steering.fill("#id_scored_until", typed(TODAY))
    steering.fill("#id_appealed_until", typed(TODAY + timedelta(days=5)))
    for n in ("001", "002"):
        steering.locator("label", has_text=f"UBND xã thử {n}").locator("input").check()
    steering.click("main form button")
    look(steering)
    exercise = steering.url.rstrip("/").split("/")[-1]
    first = person("xa1", width=360)
    first.goto(f"/classes/{exercise}/")
    first.click("table >> text=UBND xã thử 001")
    first.click("text=Tự chấm điểm")
    look(first)
    for n, points in enumerate(("10", "10", "9,5", "25", "15", "15", "10")):
        first.fill(f"#id_points-{n}", points)
        first.fill(f"#id_words-{n}", f"Báo cáo {n + 1}/BC-UBND")
    first.click("button[name=hand_in]")
    expect(first.locator("body")).to_contain_text("Đã nộp")
    steering.goto(f"/classes/{exercise}/")
    steering.click("table >> text=UBND xã thử 001")
    steering.click("main .actions >> text=Thẩm định")
    steering.fill("#id_points-3", "20")
    steering.fill("#id_words-3", "Một việc chậm ba ngày")
    look(steering)
    steering.click("main form >> text=Lưu kết quả thẩm định")
    expect(steering.locator("body")).to_contain_text("89,50")
    site.run(
        "from quantri.web.appraisal.models import Exercise; from datetime import timedelta;"
        f"e = Exercise.objects.get(pk={exercise}); e.scored_until = e.scored_until - timedelta(days=1); e.save()"
    )
    leading = person("lanhdao")
    leading.goto(f"/classes/{exercise}/decide/")
    leading.fill("#id_text", "Quyết định xếp loại thử")
    leading.click("main form button")
    expect(leading.locator("body")).to_contain_text("Hoàn thành tốt")
    expect(leading.locator("body")).to_contain_text("Không hoàn thành")
    look(leading)


def _synthesis(page: Page, plan: str, tmp_path) -> None:
    page.goto(f"/plans/{plan}/reports/")
    look(page)
    page.locator("main form button").first.click()
    look(page)
    page.click("main form[action$='/freeze/'] button")
    with page.expect_download() as download:
        page.click("main a[href$='bao-cao.docx']")
    path = tmp_path / "bao-cao.docx"
    download.value.save_as(path)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    text = subprocess.run(["pdftotext", tmp_path / "bao-cao.pdf", "-"], check=True, capture_output=True, text=True)
    assert "BÁO CÁO" in text.stdout and "Niêm yết thủ tục hành chính tại trụ sở" in text.stdout


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
