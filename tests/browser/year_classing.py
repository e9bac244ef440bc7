"""The year's classing as people click through it: own points, appraisal, appeal, confirmation."""

import io
from collections.abc import Callable
from datetime import timedelta

from PIL import Image
from playwright.sync_api import Page, expect

from browser_help import TODAY, Site, look, press, refused, typed

CLASSES = {
    "Thanh tra tỉnh": "Hoàn thành xuất sắc",
    "UBND xã thử 001": "Hoàn thành tốt",
    "UBND xã thử 002": "Hoàn thành xuất sắc",
    "UBND xã thử 003": "Không hoàn thành",
}


def classed(steering: Page, person: Callable[..., Page], site: Site, photo: str) -> None:
    """Three score themselves, one does not; each is appraised, one appeals, and the leader confirms what stands."""
    exercise = _exercise(steering)
    department, first, second = person("canbo-so"), person("xa1", width=360), person("xa2", width=360)
    _scored_with_a_file(department, exercise, photo)
    _scored(first, exercise, "UBND xã thử 001", "10 10 9,5 25 15 15 10")
    _scored(second, exercise, "UBND xã thử 002", "10 10 10 25 15 15 10")
    _appraised_as_scored(steering, exercise)
    _appraised(steering, exercise, "UBND xã thử 001", "20", "Một việc chậm ba ngày", total="89,50")
    _appraised(steering, exercise, "UBND xã thử 002", "10", "Ba việc chưa rõ kết quả", total="80,00")
    _appealed_and_answered(second, steering)
    _appraised(steering, exercise, "UBND xã thử 002", "25", "", total="95,00")
    leading = person("lanhdao")
    with refused(leading, 409):  # who was appraised may still appeal
        _confirmed(leading, exercise)
    expect(leading.locator("[role=alert]")).to_be_visible()
    _days_of_appeal_pass(site, exercise)
    _confirmed(leading, exercise)
    look(leading)
    for agency, words in CLASSES.items():
        expect(leading.locator("tr", has_text=agency).locator("td").last).to_have_text(words)


def _exercise(page: Page) -> str:
    page.goto("/classes/new/")
    page.fill("#id_title", "Xếp loại thử")
    page.fill("#id_year", str(TODAY.year))
    page.fill("#id_scored_from", typed(TODAY - timedelta(days=5)))
    page.fill("#id_scored_until", typed(TODAY))
    page.fill("#id_appealed_until", typed(TODAY + timedelta(days=5)))
    for agency in CLASSES:
        page.locator("label", has_text=agency).locator("input").check()
    press(page, "main form button")
    look(page)
    return page.url.rstrip("/").split("/")[-1]


def _scored_with_a_file(page: Page, exercise: str, file: str) -> None:
    """A file stands for the words beside the first criterion."""
    _opened(page, exercise, "Thanh tra tỉnh")
    press(page, "main .actions >> text=Tệp")
    page.select_option("#id_code", "1")
    page.set_input_files("#id_file", file)
    look(page)
    press(page, "main form button.btn-primary")
    expect(
        page.locator("main li", has_text="1. Ban hành kế hoạch của đơn vị đúng hạn, có phân công từng người: anh.jpg")
    ).to_be_visible()
    press(page, "main >> text=Tự chấm điểm")
    _handed_in(page, "10 10 10 25 15 15 15", without_words=1)


def _scored(page: Page, exercise: str, agency: str, points: str) -> None:
    _opened(page, exercise, agency)
    press(page, "text=Tự chấm điểm")
    look(page)
    _handed_in(page, points)


def _handed_in(page: Page, points: str, without_words: int = 0) -> None:
    for n, each in enumerate(points.split()):
        page.fill(f"#id_points-{n}", each)
        page.fill(f"#id_words-{n}", f"Báo cáo {n + 1}/BC-UBND" if n >= without_words else "")
    press(page, "button[name=hand_in]")
    expect(page.locator("body")).to_contain_text("Đã nộp")


def _opened(page: Page, exercise: str, agency: str) -> None:
    page.goto(f"/classes/{exercise}/")
    press(page, f"table >> text={agency}")


def _appraised_as_scored(page: Page, exercise: str) -> None:
    """What a file shows is opened, and the agency's own points are kept."""
    _opened(page, exercise, "Thanh tra tỉnh")
    press(page, "main .actions >> text=Thẩm định")
    shown = page.request.get(page.get_attribute("a.file", "href"))
    assert Image.open(io.BytesIO(shown.body())).size == (1200, 900)
    press(page, "main form >> text=Lưu kết quả thẩm định")
    expect(page.locator("body")).to_contain_text("100,00")


def _appraised(page: Page, exercise: str, agency: str, points: str, words: str, *, total: str) -> None:
    """Other points for the work of the year, with the explanation of the difference."""
    _opened(page, exercise, agency)
    press(page, "main .actions >> text=Thẩm định")
    page.fill("#id_points-3", points)
    page.fill("#id_words-3", words)
    look(page)
    press(page, "main form >> text=Lưu kết quả thẩm định")
    expect(page.locator("body")).to_contain_text(total)
    expect(page.locator("tr", has_text="4. ")).to_contain_text(words)


def _appealed_and_answered(asking: Page, answering: Page) -> None:
    asking.reload()
    expect(asking.locator("body")).to_contain_text("Ba việc chưa rõ kết quả")
    press(asking, "main .actions >> text=Đề nghị xem xét lại")
    asking.fill("#id_text", "Kết quả ở báo cáo quý")
    look(asking)
    press(asking, "main form button")
    expect(asking.locator("section", has_text="Kết quả ở báo cáo quý")).to_contain_text("chờ trả lời")
    answering.goto(asking.url)
    press(answering, "section .btn-primary >> text=Trả lời")
    answering.fill("#id_text", "Đã xem báo cáo quý, chấm đủ điểm")
    press(answering, "main form button")
    asking.reload()
    expect(asking.locator("section", has_text="Kết quả ở báo cáo quý")).to_contain_text("chấm đủ điểm")
    look(asking)


def _days_of_appeal_pass(site: Site, exercise: str) -> None:
    site.run(
        "from datetime import timedelta; from quantri.web.appraisal.models import Exercise;"
        f"e = Exercise.objects.get(pk={exercise}); days = timedelta(days=6);"
        "e.scored_from -= days; e.scored_until -= days; e.appealed_until -= days; e.save()"
    )


def _confirmed(page: Page, exercise: str) -> None:
    page.goto(f"/classes/{exercise}/decide/")
    page.fill("#id_text", "Quyết định xếp loại thử")
    press(page, "main form button")
