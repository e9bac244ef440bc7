import numpy as np
import pytest

from quantri.engine.change import change, typical_move, yearly_moves


def test_a_change_across_editions_that_are_not_comparable_has_a_reason_and_no_value(papi):
    found = change(papi, "vn63-89", "D2", 2018)
    assert (found.from_year, found.value, found.link.comparable) == (2017, None, "no")
    assert "Access to Information" in found.link.reason_en


def test_a_doubtful_change_is_shown_with_its_reason(papi):
    found = change(papi, "vn63-89", "D1", 2019)
    assert found.value == pytest.approx(4.221 - 4.560, abs=1e-3)
    assert found.link.comparable == "doubtful"


def test_a_withheld_year_is_stepped_over_and_its_breaks_still_count(papi):
    found = change(papi, "vn63-24", "D6", 2022)
    assert found.from_year == 2020
    assert found.link.comparable == "doubtful"


def test_a_withheld_score_has_no_change(papi):
    assert change(papi, "vn63-22", "PAPI", 2021) is None


def test_the_first_edition_has_no_change(papi):
    assert change(papi, "vn63-89", "D1", 2011) is None


def test_moves_come_only_from_results_published_by_the_year(papi):
    until_2013 = yearly_moves(papi, "D6", 2013)
    assert until_2013.size == 2 * 63
    by_hand = [papi.edition(2012).column("D6") - papi.edition(2011).column("D6")]
    assert until_2013[:63] == pytest.approx(by_hand[0])


def test_a_component_without_comparable_years_has_no_typical_move(papi):
    assert typical_move(papi, "D7", 2018) is None
    assert typical_move(papi, "D7", 2019) is None
    assert typical_move(papi, "D7", 2020) == pytest.approx(
        np.median(np.abs(papi.edition(2020).column("D7") - papi.edition(2019).column("D7")))
    )
