from datetime import date, timedelta

import pytest
from django.utils import timezone

from people import SYSTEM
from quantri.web.accounts.actions import ensure_agencies, ensure_agency
from quantri.web.accounts.models import Agency


@pytest.mark.parametrize("typed", ["Sở nội vụ", "SỞ  NỘI VỤ", "Sở Nội vụ.", "So noi vu"])
def test_an_agency_is_known_however_its_name_is_typed(province, agency, typed):
    assert ensure_agency(province, typed, by=SYSTEM) == agency
    assert Agency.objects.filter(province=province, name_vi__startswith="S").count() == 1


def test_several_are_known_or_made_by_their_names_at_once(province, agency, django_assert_num_queries):
    known = ensure_agency(province, "UBND xã Tân Thạnh", by=SYSTEM)
    typed = ["UBND Xã Tân Thạnh", "Sở Nội vụ", "Thanh tra tỉnh"]
    found = ensure_agencies(province, typed, by=SYSTEM)
    assert (found["UBND Xã Tân Thạnh"], found["Sở Nội vụ"]) == (known, agency)
    assert found["Thanh tra tỉnh"] == Agency.objects.get(name_vi="Thanh tra tỉnh")
    with django_assert_num_queries(1):
        ensure_agencies(province, ["UBND xã Tân Thạnh", "Sở Nội vụ", "Thanh tra tỉnh"], by=SYSTEM)


def test_communes_whose_names_differ_only_in_a_mark_stay_two(province):
    first = ensure_agency(province, "UBND xã Tân Thạnh", by=SYSTEM)
    second = ensure_agency(province, "UBND xã Tân Thành", by=SYSTEM)
    assert first != second
    assert ensure_agency(province, "UBND Xã Tân Thạnh", by=SYSTEM) == first
    assert ensure_agency(province, "UBND xa Tan Thanh", by=SYSTEM) not in (first, second)  # it could be either


def test_the_tone_may_stand_on_either_vowel(province):
    assert ensure_agency(province, "UBND xã Hòa", by=SYSTEM) == ensure_agency(province, "UBND xã Hoà", by=SYSTEM)


def test_an_agency_that_has_ended_is_not_taken_up_again(province):
    ended = ensure_agency(province, "UBND huyện", by=SYSTEM, valid_to=date(2025, 7, 1))
    fresh = ensure_agency(province, "UBND huyện", by=SYSTEM)
    assert fresh != ended and fresh.valid_to is None
    assert ensure_agency(province, "ubnd huyện", by=SYSTEM) == fresh


def test_an_agency_counts_until_the_day_on_which_it_ends(province):
    tomorrow = timezone.localdate() + timedelta(days=1)
    closing = ensure_agency(province, "Sở Ngoại vụ", by=SYSTEM, valid_to=tomorrow)
    assert ensure_agency(province, "Sở ngoại vụ", by=SYSTEM) == closing
