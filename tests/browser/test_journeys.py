import pytest
from playwright.sync_api import expect

from browser_help import look, number_in, sign_in

pytestmark = pytest.mark.needs("chromium")


def test_a_visitor_walks_the_minute_on_a_phone(phone):
    phone.goto("/")
    look(phone)
    steps = phone.locator("ol.steps li")
    steps.nth(0).locator("a").click()
    expect(phone.locator("h1")).to_contain_text("An Giang 2017: 37,51 điểm")
    look(phone)
    phone.go_back()
    steps.nth(1).locator("a").click()
    expect(phone.locator("h1")).to_contain_text("D3 Trách nhiệm giải trình")
    look(phone)
    phone.go_back()
    steps.nth(2).locator("a").click()
    before = number_in(phone.inner_text("#tried .figure-big"))
    phone.fill("#target", "7,6")
    expect(phone.locator("#tried")).to_contain_text("7,60")
    assert number_in(phone.inner_text("#tried .figure-big")) < before
    look(phone)
    phone.go_back()
    phone.goto("/")
    steps.nth(3).locator("a").click()
    expect(phone.locator("#results")).to_contain_text("kết luận được 1, đạt: 1")
    look(phone)
    phone.goto("/")
    with phone.expect_download() as download:
        phone.locator("ol.steps li").nth(4).locator("a").first.click()
    assert download.value.suggested_filename.endswith(".docx")


def test_one_figure_is_followed_to_its_source_in_three_clicks(phone):
    phone.goto("/provinces/vn63-89/?year=2017")
    phone.click("a[href='/figures/2017/vn63-89/D3/']")
    expect(phone.locator("pre")).to_contain_text("vn63-89,D3,4.55")
    look(phone)
    phone.click("text=Lần công bố, các tệp và mã kiểm tra")
    with phone.expect_download():
        phone.click("text=results.csv")


def test_the_main_job_from_home_to_the_public_plan(desktop, phone, site):
    page = desktop
    sign_in(page, site, "dieuphoi")
    page.goto("/")
    page.click("nav >> text=Tra cứu")
    look(page)
    page.select_option("#code", index=0)
    page.click("table.data >> text=An Giang")
    look(page)
    page.click("main >> text=Chẩn đoán")
    expect(page.locator("h1")).to_contain_text("cần ưu tiên cải thiện")
    page.locator("details summary").first.click()
    look(page)
    page.click("text=Lập kế hoạch từ đây")
    look(page)
    page.click("text=Bắt đầu kế hoạch")
    plan = page.url.split("/plans/")[1].split("/")[0]
    page.fill("#spec-D1", "4,5")
    page.press("#spec-D1", "Tab")
    expect(page.locator("#line-d1 .chance")).to_be_visible()
    page.fill("#spec-D3", "nhóm trung bình thấp")
    page.press("#spec-D3", "Tab")
    expect(page.locator("#joint")).to_contain_text("2 mục tiêu")
    page.fill("#spec-D5", "99")
    page.press("#spec-D5", "Tab")
    expect(page.locator("#line-d5 .field-error")).to_be_visible()
    assert page.input_value("#spec-D5") == "99"
    look(page)
    page.reload()
    assert page.input_value("#spec-D1") == "4,50" or page.input_value("#spec-D1") == "4,5"
    page.click("text=Tiếp: cơ quan chịu trách nhiệm")
    look(page)
    page.locator("section#D1 input[name=new_name]").fill("Sở Nội vụ")
    page.locator("section#D1 form button").click()
    page.click("text=Tiếp: nhiệm vụ")
    look(page)
    page.fill("#id_title", "Công khai danh sách hộ nghèo")
    page.fill("#id_components", "D2")
    page.fill("#id_due_on", "30/6/2026")
    page.click("text=Thêm nhiệm vụ")
    founding = page.locator("#earlier option", has_text="2019:").first.get_attribute("value")
    page.select_option("#earlier", founding)
    page.click("text=Chép các nhiệm vụ")
    expect(page.locator("h1")).to_contain_text("13 nhiệm vụ")
    page.click(f"main a[href='/plans/{plan}/about/'].btn")
    look(page)
    page.fill("#id_legal_bases", "Căn cứ văn bản thứ nhất")
    page.press("#id_legal_bases", "Tab")
    expect(page.locator(".field [role=status]")).to_be_visible()
    page.reload()
    assert page.input_value("#id_legal_bases") == "Căn cứ văn bản thứ nhất"
    page.click("text=Tiếp: văn bản")
    look(page)
    page.click("text=Lập dự thảo văn bản")
    with page.expect_download() as download:
        page.click("table >> text=Word")
    assert download.value.suggested_filename.endswith(".docx")

    assert phone.goto(f"/plans/{plan}/").status == 404
    page.click("text=Đăng xuất")
    sign_in(page, site, "lanhdao")
    page.goto(f"/plans/{plan}/")
    look(page)
    page.click("main .actions >> text=Công khai")
    look(page)
    page.fill("#id_reason", "Công khai để Nhân dân giám sát")
    page.click("main form >> text=Công khai")
    expect(page.locator("body")).to_contain_text("Kế hoạch đã công khai.")

    phone.goto("/plans/")
    phone.click("text=năm 2026")
    expect(phone.locator("body")).to_contain_text("Công khai danh sách hộ nghèo")
    look(phone)
    with phone.expect_download():
        phone.click("main .actions >> text=Word")
    phone.faults.clear()  # the 404 above was asked for


def test_everything_works_with_scripts_off(plain, site):
    page = plain
    page.goto("/explore/")
    page.select_option("#year", "2017")
    page.click("text=Xem")
    expect(page.locator("h1")).to_contain_text("2017")
    sign_in(page, site, "dieuphoi")
    page.goto("/plans/new/")
    page.click("text=Bắt đầu kế hoạch")
    page.fill("#spec-D2", "+0,2")
    page.fill("#spec-D4", "xyz")
    page.click("text=Lưu và xem khả năng đạt")
    expect(page.locator("#line-d2 .chance")).to_be_visible()
    expect(page.locator("#line-d4 .field-error")).to_be_visible()
    assert page.input_value("#spec-D4") == "xyz"
    page.goto(page.url.replace("targets", "about"))
    page.fill("#id_purposes", "Mục đích duy nhất")
    page.click("main form button")
    assert page.input_value("#id_purposes") == "Mục đích duy nhất"
    page.goto("/plans/1/try/D5/")
    page.fill("#target", "7,0")
    page.click("text=Xem khả năng đạt")
    expect(page.locator("#tried")).to_contain_text("7,00")


def test_the_keyboard_alone_reaches_the_content_and_the_form(desktop):
    desktop.goto("/explore/")
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.className") == "skip"
    desktop.keyboard.press("Enter")
    assert desktop.evaluate("document.activeElement.id") == "content"
    desktop.keyboard.press("Tab")
    assert desktop.evaluate("document.activeElement.id") == "year"


@pytest.mark.parametrize("language", ["", "/en"])
def test_no_page_has_a_serious_fault_or_sticks_out(phone, desktop, language):
    pages = (
        "/explore/?level=sub_dimension", "/provinces/", "/provinces/vn34-91/", "/compare/?unit=vn63-89&unit=vn63-91",
        "/data/", "/data/1/", "/plans/", "/plans/1/source/", "/method/", "/account/login/",
        "/plans/diagnosis/vn63-89/?year=2017", "/provinces/vn63-24/?year=2022",
    )  # fmt: skip
    for address in pages:
        for page in (phone, desktop):
            page.goto(language + address)
            for summary in page.locator("details > summary").all()[:3]:
                summary.click()
            look(page)


def test_on_a_phone_no_public_table_scrolls_sideways(phone):
    five = "&".join(f"unit=vn63-{n}" for n in (89, 91, 87, 92, 24))
    for address in ("/", "/explore/?level=dimension", "/components/D3/?year=2017", f"/compare/?{five}", "/plans/",
                    "/plans/1/", "/plans/1/source/", "/data/", "/provinces/vn34-91/"):  # fmt: skip
        phone.goto(address)
        sideways = "[...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
        assert phone.evaluate(sideways) == 0, address


def test_letters_of_charts_are_of_one_size_on_a_phone_and_on_a_wide_screen(phone, desktop):
    heights = set()
    for page in (phone, desktop):
        page.goto("/components/D3/?year=2017&unit=vn63-89")
        heights |= set(page.locator(".tick").evaluate_all("all => all.map(e => e.getBoundingClientRect().height)"))
    assert max(heights) - min(heights) < 1 and min(heights) >= 14
