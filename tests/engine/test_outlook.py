import numpy as np
import pytest

from quantri.engine.outlook import Outlook, learn, outlook
from quantri.engine.targets import parse_target
from quantri.errors import DataError, DefinitionError


@pytest.fixture(scope="module")
def ask(papi):
    models = {}

    def ask(base_year, year, province, *, known_until=None, **specs) -> Outlook:
        key = base_year, known_until
        models.setdefault(key, learn(papi, base_year, known_until=known_until))
        unit = papi.edition(base_year).unit(province)
        targets = {code.replace("_", "."): parse_target(spec) for code, spec in specs.items()}
        return outlook(models[key], unit, year, targets, rng=np.random.default_rng(7))

    return ask


def test_the_plan_of_an_giang_for_2019(ask):
    plan = ask(2017, 2019, "an giang", D1="5.40", D2="6.00", D3="5.00", D4="7.00", D5="7.30", D6="7.70")
    for code in ("D2", "D3"):
        assert plan[code].chance is None and "cannot be compared" in plan[code].note
    for code in ("D1", "D4", "D6"):
        assert 0 < plan[code].chance < 0.5 and plan[code].note.startswith("had the frame continued")
    assert 0.2 < plan["D5"].chance < 0.6 and plan["D5"].note is None
    assert plan.n_targets == 4


def test_only_what_was_published_by_the_base_year_is_used(ask):
    then, in_hindsight = ask(2017, 2018, "89", D5="7.3"), ask(2017, 2018, "89", known_until=2024, D5="7.3")
    assert not then.hindsight and in_hindsight.hindsight
    assert in_hindsight["D5"].n_years > then["D5"].n_years
    assert max(then["D5"].shares) + 1 <= 2017


def test_shares_count_the_moves_of_each_start_year(ask, papi):
    d5 = ask(2017, 2018, "89", D5="+0.10")["D5"]
    moved = [
        papi.edition(2017).score(u.key, "D5") - papi.edition(2016).score(u.key, "D5") for u in papi.edition(2017).units
    ]
    assert d5.shares[2016] == pytest.approx(np.mean([m >= 0.10 for m in moved]))
    assert d5.n_pairs == 4 * 63 + 59 and d5.n_years == len(d5.shares) == 5  # some of 2014 are withheld


def test_a_higher_target_is_never_likelier(ask):
    answer = ask(2023, 2024, "Đồng Tháp")["D4"]
    chances = [ask(2023, 2024, "Đồng Tháp", D4=f"{points:.2f}")["D4"].chance for points in (2, 6, 6.5, 7, 9.9)]
    assert chances[0] == 1 and chances[-1] == 0 and chances == sorted(chances, reverse=True)
    assert answer.value_with_chance(0.8) < answer.value_with_chance(0.5)
    assert (answer.draws >= answer.value_with_chance(0.8)).mean() == pytest.approx(0.8, abs=0.01)


def test_places_a_year_are_places_over_all_years(ask):
    a_year, in_all = (ask(2021, 2023, "dong thap", D4=spec)["D4"].chance for spec in ("rank:+3/year", "rank:+6"))
    assert a_year == in_all


def test_groups_and_ranks_are_won_against_the_others(ask):
    chances = [ask(2023, 2024, "dong thap", D4=f"group:{g}")["D4"].chance for g in ("mid_low", "mid_high", "high")]
    assert chances == sorted(chances, reverse=True) and chances[0] > chances[-1]
    one, ten = (ask(2023, 2024, "dong thap", D4=f"rank:+{n}")["D4"].chance for n in (1, 10))
    assert one > ten


def test_a_shock_that_all_share_does_not_change_who_is_ahead(papi):
    """A quarter of all provinces is in the high group, whatever the year brings: the chances add up to that."""
    model = learn(papi, 2023)
    high = {"D6": parse_target("group:high")}
    chances = [
        outlook(model, unit, 2024, high, rng=np.random.default_rng(7))["D6"].chance
        for unit in papi.edition(2023).units[:63]
    ]
    known = [c for c in chances if c is not None]
    assert np.mean(known) == pytest.approx(16 / 63, abs=0.03)


def test_more_targets_are_harder_to_reach_together(ask):
    few = ask(2023, 2024, "89", D4="keep", D5="keep")
    many = ask(2023, 2024, "89", D4="keep", D5="keep", D6="keep", D1="keep")
    assert many.chance_all < few.chance_all < min(few["D4"].chance, few["D5"].chance)
    assert few.expected_reached == pytest.approx(few["D4"].chance + few["D5"].chance)


def test_without_targets_nothing_is_joint(ask):
    answer = ask(2023, 2024, "89")
    assert answer.chance_all is None and answer.expected_reached is None and answer.n_targets == 0


def test_a_withheld_base_gives_no_number(ask):
    withheld = ask(2021, 2022, "Quảng Ninh", PAPI="better")["PAPI"]
    assert withheld.base is None and withheld.chance is None and withheld.note == "no score in the base edition"


def test_too_few_years_give_no_number(ask):
    d8 = ask(2021, 2022, "dong thap", D8="2.84")["D8"]
    assert d8.expected is None and "too few years" in d8.note


def test_a_unit_merged_away_is_marked(ask):
    gone, whole = ask(2024, 2026, "An Giang"), ask(2024, 2026, "Nghệ An")
    assert "as if the unit had gone on" in gone["D5"].note
    assert whole["D5"].note is None


def test_precedents_are_named_and_started_alike(ask, papi):
    d5 = ask(2017, 2019, "89")["D5"]
    assert 0 < len(d5.similar) <= 6
    for p in d5.similar:
        assert papi.edition(p.year).score(p.unit.key, "D5") == pytest.approx(p.start)
        assert papi.edition(p.year + 2).score(p.unit.key, "D5") == pytest.approx(p.end)


def test_the_same_question_gets_the_same_answer(ask):
    assert ask(2023, 2024, "89", D1="4.5")["D1"].chance == ask(2023, 2024, "89", D1="4.5")["D1"].chance


def test_impossible_questions_are_refused(ask):
    with pytest.raises(DataError, match="must lie after the base year"):
        ask(2019, 2019, "89")
    with pytest.raises(DataError, match="outside 1 to 10"):
        ask(2019, 2020, "89", D1="12")
    with pytest.raises(DefinitionError, match="no component 'D9'"):
        ask(2019, 2020, "89", D9="5")
    with pytest.raises(DataError, match="cannot rise 40 places"):
        ask(2019, 2020, "89", D6="rank:+40")
    for places in (62, 63):  # also where the editions cannot be compared, so that no chance is computed
        with pytest.raises(DataError, match=f"cannot rise {places} places"):
            ask(2017, 2019, "89", D2=f"rank:+{places}")


def test_some_targets_are_taken_together_as_they_were_drawn(ask):
    plan = ask(2017, 2019, "89", D1="5.40", D4="7.00", D5="7.30", D6="7.70")
    plain, marked = plan.among(["D5"]), plan.among(["D1", "D4", "D6"])
    assert (plain.n_targets, marked.n_targets) == (1, 3)
    assert plain.expected_reached + marked.expected_reached == pytest.approx(plan.expected_reached)
    assert plain.chance_all == plan["D5"].chance and plan.chance_all <= marked.chance_all
    assert plan.among([]).n_targets == 0 and plan.among([]).chance_all is None


def test_a_number_from_the_fewest_start_years_is_thin(ask):
    plan = ask(2017, 2019, "89", D4="7.00", D5="7.30")
    assert plan["D5"].n_years == 3 and plan["D5"].is_thin
    assert plan["D4"].n_years > 3 and not plan["D4"].is_thin
    assert not plan["D2"].is_thin  # no number at all
