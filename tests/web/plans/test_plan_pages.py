import html
import re

from people import signed_in
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan


def test_a_plan_is_begun_from_the_old_province_of_the_same_name(coordinator, old_an_giang):
    client = signed_in(coordinator)
    page = client.get("/plans/new/").content.decode()
    assert re.search(rf'<option value="{old_an_giang.pk}" selected>An Giang \(đến trước 1/7/2025\)', page)
    answer = client.post("/plans/new/", {"base_unit": old_an_giang.pk, "base_year": 2024, "year": 2026})
    plan = Plan.objects.get(year=2026)
    assert answer["Location"] == f"/plans/{plan.pk}/targets/"


def test_a_diagnosis_leads_to_a_plan_with_its_province_and_edition_as_base(coordinator):
    client, kien_giang = signed_in(coordinator), Province.objects.get(key="vn63-91")
    page = client.get(f"/plans/diagnosis/{kien_giang.key}/?year=2021").content.decode()
    link = html.unescape(re.search(r'href="(/plans/new/[^"]*)"', page)[1])
    begun = client.get(link).content.decode()
    assert re.findall(r'<option value="(\d+)" selected', begun) == [str(kien_giang.pk), "2021"]


def test_a_diagnosis_of_elsewhere_leads_to_a_plan_on_the_own_base(coordinator, old_an_giang):
    begun = signed_in(coordinator).get("/plans/new/?base_unit=vn63-01&base_year=2021").content.decode()
    assert re.findall(r'<option value="(\d+)" selected', begun) == [str(old_an_giang.pk), "2021"]


def test_a_plan_for_the_past_is_refused_and_nothing_typed_is_lost(coordinator, old_an_giang):
    typed = {"base_unit": old_an_giang.pk, "base_year": 2020, "year": 2019}
    answer = signed_in(coordinator).post("/plans/new/", typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "phải sau năm gốc" in page
    assert 'value="2019"' in page and re.search(r'value="2020" selected', page)


def test_a_province_of_elsewhere_is_no_base(coordinator):
    answer = signed_in(coordinator).post("/plans/new/", {"base_unit": 1, "base_year": 2024, "year": 2026})
    assert answer.status_code == 422
    assert not Plan.objects.filter(year=2026).exists()


def test_one_line_is_saved_as_it_is_typed_and_answers_with_its_chance(plan, coordinator):
    answer = signed_in(coordinator).post(
        f"/plans/{plan.pk}/targets/D1/", {"priority-D1": "raise", "spec-D1": "4,50"}, headers={"HX-Request": "true"}
    )
    page = answer.content.decode()
    target = plan.targets.get(code="D1")
    assert (target.priority, target.spec) == ("raise", "4.50")
    assert page.lstrip().startswith("<tr") and "<progress" in page and 'id="joint"' in page
    assert 'value="4,50"' in page


def test_what_is_not_understood_stays_typed_and_is_not_saved(plan, coordinator):
    answer = signed_in(coordinator).post(
        f"/plans/{plan.pk}/targets/D1/",
        {"priority-D1": "raise", "spec-D1": 'x"><script>'},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 422
    assert plan.targets.get(code="D1").spec == ""
    assert "x&quot;&gt;&lt;script&gt;" in answer.content.decode()


def test_without_scripts_the_whole_form_saves_what_is_right_and_names_what_is_not(plan, coordinator):
    typed = {"spec-D1": "4,5", "priority-D1": "improve", "spec-D2": "99", "priority-D2": "improve"}
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/targets/", typed)
    assert answer.status_code == 422
    assert plan.targets.get(code="D1").spec == "4.5"
    assert 'href="#spec-D2"' in answer.content.decode() and 'value="99"' in answer.content.decode()


def test_a_public_plan_answers_409_to_a_change(plan, coordinator, leader):
    signed_in(leader).post(
        f"/plans/{plan.pk}/decision/", {"kind": "publish", "reason": "Công khai", "with_chances": "on"}
    )
    answer = signed_in(coordinator).post(f"/plans/{plan.pk}/targets/D1/", {"spec-D1": "4.4"})
    assert answer.status_code == 409
    assert "đang công khai" in answer.content.decode()


def test_a_decision_needs_its_words_and_shows_the_plan_to_all(client, plan, leader):
    page = f"/plans/{plan.pk}/"
    assert signed_in(leader).post(f"{page}decision/", {"kind": "publish", "reason": ""}).status_code == 422
    assert client.get(page).status_code == 404
    signed_in(leader).post(f"{page}decision/", {"kind": "publish", "reason": "Công khai để Nhân dân giám sát"})
    shown = client.get(page).content.decode()
    assert "Công khai để Nhân dân giám sát" in shown
    assert "<progress" not in shown  # chances were not decided on
    assert client.get(f"{page}try/D1/").status_code == 404
    signed_in(leader).post(f"{page}decision/", {"kind": "withdraw", "reason": "Thu hồi để sửa"})
    assert client.get(page).status_code == 404


def test_with_chances_decided_the_public_sees_them(client, plan, coordinator, leader):
    signed_in(coordinator).post(f"/plans/{plan.pk}/targets/", {"spec-D1": "4,5"})
    signed_in(leader).post(
        f"/plans/{plan.pk}/decision/", {"kind": "publish", "reason": "Công khai", "with_chances": "on"}
    )
    assert "<progress" in client.get(f"/plans/{plan.pk}/").content.decode()
    assert client.get(f"/plans/{plan.pk}/try/D1/").status_code == 200


def test_moving_a_target_changes_its_chance(client, historic_plan):
    def chance(target: str) -> int:
        page = client.get(f"/plans/{historic_plan.pk}/try/D5/?target={target}").content.decode()
        return int(re.search(r'figure-big">(?:&lt; |&gt; )?(\d+) %', page)[1])

    assert chance("7,0") > chance("7,3") > chance("7,8")


def test_owners_are_chosen_and_named(plan, agency, coordinator):
    client = signed_in(coordinator)
    client.post(f"/plans/{plan.pk}/owners/", {"code": "D4", "agencies": [agency.pk], "new_name": "Thanh tra tỉnh"})
    assert sorted(o.agency.name_vi for o in plan.owners.filter(code="D4")) == ["Sở Nội vụ", "Thanh tra tỉnh"]
    assert client.post(f"/plans/{plan.pk}/owners/", {"code": "D99"}).status_code == 404


def test_the_diagnosis_orders_by_typical_moves_and_says_how(client, db):
    page = client.get("/en/plans/diagnosis/vn63-89/?year=2017").content.decode()
    assert page.index("D1 Participation") < page.index("D3 Vertical") < page.index("D2 Transparency")
    assert "wrote down to do" in page
    assert "Bình Định 2019" not in page  # an inspection of surveyed places is no measure to copy


def test_the_greatest_rises_stand_beside_how_many_rose_at_all(client, db):
    page = text_of(client.get("/en/plans/diagnosis/vn63-89/?year=2017"))
    cases, risen = map(int, re.search(r"of (\d+) cases (\d+) rose within 2 years; the median move was", page).groups())
    assert 0 < risen < cases
    rises = re.search(r"D3 Vertical.*?Greatest rises:(.*?)\. ", page)[1]
    assert all(float(b) - float(a) > 0.32 for a, b in re.findall(r"(\d\.\d\d) → (\d\.\d\d)", rises))


def test_a_diagnosis_says_what_it_cannot_judge(client, coordinator):
    page = text_of(signed_in(coordinator).get("/en/plans/diagnosis/vn63-24/?year=2022"))
    assert re.search(r"0 dimensions to improve first,\s+of 4 with a score", page)
    assert re.search(r"without a judgement:\s+D1 .*?; D2 .*?; D4 .*?; D5 ", page)


def test_the_joint_line_keeps_levels_and_conditions_apart(client, historic_plan):
    page = text_of(client.get(f"/en/plans/{historic_plan.pk}/"))
    assert re.search(r"Dimension: 1 target, about 0\.\d reached; 3 targets that hold under a condition", page)
    assert re.search(r"Sub-dimension: 11 targets, about \d\.\d reached; 7 targets that hold under a condition", page)
    assert "The chance of reaching all 22 together: < 1 %" in page


def test_a_chance_from_three_start_years_bears_a_caution(client, historic_plan):
    page = text_of(client.get(f"/en/plans/{historic_plan.pk}/try/D5/?target=7.3"))
    assert "Only 3 start years stand behind this chance" in page
    assert re.search(r"Chance of 50 %: from 7\.\d\d \(below the base\); of 80 %", page)


def text_of(answer):
    words = html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))
    return re.sub(r"\s+", " ", words).replace(" ;", ";").replace(" .", ".").replace(" ,", ",")
