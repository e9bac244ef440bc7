"""Places are chosen openly, and anyone can make a choice again."""

import ast
import hashlib
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

import quantri.web.inspections
from people import signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.inspections.choosing import Candidate, Risk, Share, choose
from quantri.web.inspections.models import Choice
from quantri.web.inspections.places import choose_places, digest_of_list
from quantri.web.inspections.risks import risks_of
from quantri.web.inspections.visits import VisitDraft, plan_visit
from quantri.web.tasks.models import Assignment
from quantri.web.tasks.periods import open_periods
from quantri.web.tasks.reporting import Reported, give_back, submit

TODAY = timezone.localdate()
COMMUNES = ["people_committee"]


def names(found: list[Candidate]) -> list[str]:
    return [each.name for each in found if each.taken]


def test_a_random_choice_takes_the_smallest_digests_and_anyone_can_draw_it_again():
    able = [Candidate(key=n, name=str(n)) for n in range(1, 30)]
    by_hand = sorted(range(1, 30), key=lambda n: hashlib.sha256(f"quay-so|{n}".encode()).hexdigest())
    assert names(choose(able, method="random", wanted=5, seed="quay-so")) == [str(n) for n in by_hand[:5]]
    assert names(choose(reversed(able), method="random", wanted=5, seed="quay-so")) == [str(n) for n in by_hand[:5]]
    assert names(choose(able, method="random", wanted=5, seed="khac")) != [str(n) for n in by_hand[:5]]


def test_every_place_is_drawn_about_equally_often():
    able = [Candidate(key=n, name=str(n)) for n in range(10)]
    drawn = [name for seed in range(2000) for name in names(choose(able, method="random", wanted=2, seed=str(seed)))]
    assert all(340 < drawn.count(str(n)) < 460 for n in range(10))


def test_rotation_takes_the_never_inspected_first_and_then_the_longest_ago():
    able = [
        Candidate(key=1, name="mới", last_on=date(2026, 5, 1)), Candidate(key=2, name="chưa"),
        Candidate(key=3, name="lâu", last_on=date(2024, 5, 1)),
    ]  # fmt: skip
    assert names(choose(able, method="rotation", wanted=2, seed="x")) == ["chưa", "lâu"]


def test_risk_takes_the_highest_mean_of_the_terms_that_could_be_counted():
    none = Share(n=0, of=0)
    able = [
        Candidate(key=1, name="không rõ", risk=Risk(late=none, silent=none, returned=none)),
        Candidate(key=2, name="nửa", risk=Risk(late=Share(n=1, of=2), silent=none, returned=none)),
        Candidate(key=3, name="thấp", risk=Risk(late=Share(n=1, of=2), silent=Share(n=0, of=1), returned=none)),
    ]
    assert [each.name for each in choose(able, method="risk", wanted=1, seed="x")] == ["nửa", "thấp", "không rõ"]


def test_a_choice_is_kept_whole_and_its_list_is_bound_into_the_trail(choice, programme, agency):
    assert (choice.method, choice.seed, choice.made_by) == ("random", "2026-01", "inspector")
    assert [c["taken"] for c in choice.candidates] == [True, True, False, False, False, False]
    entry = AuditEntry.objects.get(action="places.chosen")
    assert entry.details["list_sha256"] == digest_of_list(choice)
    assert choice.candidates[0]["name"] not in str(entry.details)


def test_teams_and_places_with_a_visit_are_left_out_with_the_reason(visit, programme, inspector):
    again = choose_places(programme, method="rotation", kinds=[*COMMUNES, "other"], wanted=9, by=inspector)
    assert {each["reason"] for each in again.left_out} == {"in_team", "in_programme"}
    assert visit.agency_id not in [c["key"] for c in again.candidates]
    assert len(again.seed) == 16


def test_nothing_is_chosen_among_nobody(programme, inspector):
    with pytest.raises(RuleViolation):
        choose_places(programme, method="random", kinds=["company"], wanted=1, by=inspector)
    assert Choice.objects.count() == 0


def test_a_place_that_was_not_chosen_is_not_visited(choice, inspector, communes):
    other = next(c for c in communes if not choice.took(c))
    with pytest.raises(RuleViolation):
        plan_visit(choice, other, VisitDraft(visit_on=TODAY), by=inspector)


def test_the_terms_of_the_risk_are_counted_from_tasks_and_reports(issued, programme, coordinator, colleague):
    part = Assignment.objects.get(task__plan=issued)
    day_after = TODAY + timedelta(days=1)
    assert risks_of(issued, [part.agency], TODAY)[part.agency_id].late == Share(n=0, of=0)
    assert risks_of(issued, [part.agency], day_after)[part.agency_id].late == Share(n=1, of=1)
    open_periods(issued, "quarter", by=coordinator)
    period = issued.periods.first()
    period.starts_on, period.ends_on, period.cut_off_on = TODAY - timedelta(days=60), TODAY, TODAY
    period.save()
    issued.periods.exclude(pk=period.pk).update(
        starts_on=TODAY + timedelta(days=90), ends_on=TODAY + timedelta(days=99), cut_off_on=TODAY + timedelta(days=99)
    )
    assert risks_of(issued, [part.agency], day_after)[part.agency_id].silent == Share(n=1, of=1)
    report = submit(part, period, Reported(text="Đã niêm yết"), seen=0, by=colleague)
    give_back(report, reason="Thiếu ảnh", seen=report.mark, by=coordinator)
    risk = risks_of(issued, [part.agency], day_after)[part.agency_id]
    assert (risk.silent, risk.returned) == (Share(n=0, of=1), Share(n=1, of=1))
    assert risk.value == pytest.approx(2 / 3)


def test_the_page_shows_each_term_of_the_risk(issued, programme, colleague, coordinator):
    made = choose_places(programme, method="risk", kinds=["department", "other"], wanted=1, by=coordinator)
    page = signed_in(coordinator).get(f"/en/inspections/choices/{made.pk}/").content.decode()
    assert "Late work" in page and "0/0" in page and made.seed in page
    assert signed_in(coordinator).get(f"/inspections/choices/{made.pk}/list.xlsx").status_code == 200


def test_a_place_is_chosen_on_its_page_once(programme, communes, inspector):
    client = signed_in(inspector)
    sent = {"method": "rotation", "kinds": COMMUNES, "wanted": "2", "seed": "", "form_key": "k"}
    first = client.post(f"/inspections/{programme.pk}/places/", sent)
    assert client.post(f"/inspections/{programme.pk}/places/", sent)["Location"] == first["Location"]
    assert Choice.objects.count() == 1
    assert client.get(first["Location"]).status_code == 200


@pytest.mark.parametrize("wrong", [
    {"method": "papi"}, {"method": ""}, {"wanted": "0"}, {"wanted": "9" * 30}, {"seed": "a|1"}, {"seed": "x" * 65},
    {"seed": "a\n"}, {"seed": "\x00"}, {"kinds": "'; --"},
])  # fmt: skip
def test_a_wrong_choice_is_refused_with_words(programme, communes, inspector, wrong):
    sent = {"method": "random", "kinds": COMMUNES, "wanted": "2", "seed": "a"} | wrong
    answer = signed_in(inspector).post(f"/inspections/{programme.pk}/places/", sent)
    assert answer.status_code in (302, 422) and Choice.objects.filter(seed__contains="|").count() == 0
    assert answer.status_code == 422 or wrong == {"seed": "a\n"}


def test_nothing_here_knows_who_was_sampled():
    """No field, import or text of the application names samples, respondents or rounds of any survey."""
    folder = Path(quantri.web.inspections.__file__).parent
    imported = [
        f"{path.name}: {node.module}"
        for path in folder.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom) and re.search(r"surveys|engine|sampling", node.module or "")
    ]
    assert imported == []
    fields = " ".join(path.read_text("utf-8") for path in (folder / "migrations").glob("0*.py"))
    assert not re.search(r"papi|psu|sampled|respondent|hamlet|survey", fields, re.IGNORECASE)
