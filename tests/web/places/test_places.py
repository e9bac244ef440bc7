from datetime import date

import pytest
from django.utils import timezone

from quantri.errors import DataError
from quantri.web.places.loading import find_province, home_key, home_province, load_places
from quantri.web.places.models import Province, Succession, Unit


def test_loading_again_changes_nothing(db):
    assert load_places() == 0


@pytest.mark.parametrize(("day", "n"), [(date(2024, 12, 31), 63), (date(2025, 6, 30), 63), (date(2025, 7, 1), 34)])
def test_there_are_63_provinces_until_the_merger_and_34_since(db, day, n):
    assert Province.objects.on(day).count() == n


def test_a_renamed_province_bears_its_name_of_the_day(db):
    hue = Province.objects.get(key="vn63-46")
    assert (hue.name_on(date(2024, 1, 1)).name_vi, hue.name_on(date(2025, 1, 1)).name_vi) == ("Thừa Thiên Huế", "Huế")


def test_the_same_code_names_another_province_after_the_merger(db):
    assert find_province("91", date(2025, 6, 30)).key == "vn63-91"
    assert find_province("91", date(2025, 7, 1)).key == "vn34-91"


def test_every_merged_province_goes_over_whole(db):
    merged = Succession.objects.filter(before__level=Unit.Level.PROVINCE)
    assert merged.count() == 52
    assert set(merged.values_list("share", flat=True)) == {1}


def test_an_unknown_home_says_what_to_give(db, settings):
    settings.HOME_PROVINCE = "Atlantis"
    with pytest.raises(DataError, match="give a code or the full name"):
        home_province(date(2026, 1, 1))


@pytest.mark.parametrize("home", ["vn34-82", "82", "Đồng Tháp"])
def test_the_home_province_is_known_by_key_code_or_name(db, settings, home):
    settings.HOME_PROVINCE = home
    assert home_key() == home_province(timezone.localdate()).key == "vn34-82"
