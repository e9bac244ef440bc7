import pytest

from quantri.engine.diagnosis import diagnose


def test_an_giang_2017_is_diagnosed_as_its_plan_of_2019_needed(papi):
    diagnosis = diagnose(papi, papi.edition(2017).unit("An Giang"), 2017)
    found = {
        c: (diagnosis[c].group, diagnosis[c].rank, diagnosis[c].n) for c in ("D1", "D2", "D3", "D4", "D5", "D6", "PAPI")
    }
    assert found == {
        "D1": ("mid_low", 36, 63),
        "D2": ("mid_high", 20, 63),
        "D3": ("low", 55, 63),
        "D4": ("high", 8, 63),
        "D5": ("mid_high", 21, 63),
        "D6": ("high", 5, 63),
        "PAPI": ("mid_high", 18, 63),
    }
    assert [diagnosis[c].advice for c in ("D3", "D5", "D6")] == ["improve", "raise", "hold"]


@pytest.mark.parametrize(
    ("year", "rank", "n"),
    [(2011, 58, 63), (2014, 19, 61), (2021, 32, 60), (2022, 44, 61), (2023, 35, 61), (2024, 40, 61)],
)
def test_the_ranks_of_an_giang_come_out_with_their_n(papi, year, rank, n):
    total = diagnose(papi, papi.edition(year).unit("89"), year)["PAPI"]
    assert (total.rank, total.n) == (rank, n)


def test_a_withheld_province_is_there_with_a_note_and_no_figure(papi):
    total = diagnose(papi, papi.edition(2021).unit("Quảng Ninh"), 2021)["PAPI"]
    assert (total.score, total.rank, total.group, total.advice, total.gap_to_next_group) == (None,) * 5
    assert total.note.startswith("not published")
    assert total.n == 60


def test_n_differs_by_component(papi):
    diagnosis = diagnose(papi, papi.edition(2022).unit("An Giang"), 2022)
    assert (diagnosis["PAPI"].n, diagnosis["D6"].n) == (61, 63)


def test_low_years_are_counted_only_over_comparable_years(papi):
    d3 = diagnose(papi, papi.edition(2017).unit("An Giang"), 2017)["D3"]
    assert (d3.persistence.low_years, d3.persistence.comparable_years) == (1, 2)
