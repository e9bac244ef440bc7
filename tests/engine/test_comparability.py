import pytest

from quantri.engine.comparability import Link
from quantri.errors import DefinitionError


@pytest.mark.parametrize(
    ("code", "comparable"),
    [
        ("D1", "doubtful"),
        ("D2", "no"),
        ("D3", "no"),
        ("D4", "doubtful"),
        ("D5", "yes"),
        ("D6", "doubtful"),
        ("PAPI", "no"),
    ],
)
def test_the_plan_of_2019_crosses_the_breaks_of_2018_and_2019(papi, code, comparable):
    assert papi.links.path(code, 2017, 2019).comparable == comparable


def test_a_break_in_a_part_makes_the_whole_at_least_doubtful(papi):
    link = papi.links.path("D4", 2017, 2018)
    assert (link.comparable, link.reason_en) == ("doubtful", "2017→2018: contains the change of D4.4")


def test_a_break_between_two_years_cuts_every_comparison_across_them(papi):
    assert papi.links.path("D5", 2018, 2024).comparable == "no"
    assert papi.links.path("D5", 2021, 2024).comparable == "yes"


def test_years_after_the_newest_edition_go_on_in_its_frame(papi):
    assert papi.links.path("D5", 2024, 2026).comparable == "yes"


def test_a_comparison_backwards_is_refused(papi):
    with pytest.raises(DefinitionError, match="from an earlier year"):
        papi.links.path("D5", 2019, 2017)


def test_every_undeclared_difference_of_the_official_editions_has_a_declared_reason(papi):
    for year in range(2011, 2024):
        for component in papi.edition(year + 1).definition:
            link = papi.links.path(component.code, year, year + 1)
            assert link.comparable == "yes" or link.reason_vi


def test_an_unknown_judgement_is_refused():
    with pytest.raises(DefinitionError, match="must be yes, doubtful or no, not 'perhaps'"):
        Link(from_year=2017, to_year=2018, from_code="D1", to_code="D1", comparable="perhaps")
