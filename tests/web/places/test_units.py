"""Districts and communes: how many, where they lie, what became of them, and what is not known."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from quantri.web.places.loading import load_places
from quantri.web.places.models import Province, Succession, Unit, UnitCode, UnitName, UnitParent

LAST_DAY, MERGER, WARDS = date(2025, 6, 30), date(2025, 7, 1), date(2026, 4, 30)


@pytest.mark.parametrize(
    ("level", "before", "since"), [("district", 696, 0), ("commune", 10_035, 3_321), ("province", 63, 34)]
)
def test_as_many_units_exist_before_and_since_the_merger_as_the_lists_say(db, level, before, since):
    units = Unit.objects.filter(level=level)
    assert (units.on(LAST_DAY).count(), units.on(MERGER).count()) == (before, since)


def test_provinces_are_the_upper_level_only(db):
    assert Province.objects.count() == 86 and Unit.objects.count() > 14_000


def test_an_giang_has_102_communes_of_three_kinds(db, province):
    names = UnitName.objects.filter(unit__in=Unit.objects.within(province), valid_to=None)
    assert Counter(n.kind for n in names) == {"commune": 85, "ward": 14, "special_zone": 3}


def test_a_change_of_kind_is_a_second_dated_row(db):
    dong_nai, trang_bom = Unit.objects.get(key="vn34-75"), Unit.objects.get(key="vn25-26248")
    assert [dong_nai.name_on(day).kind for day in (MERGER, date(2026, 4, 29), WARDS)] == [
        "province",
        "province",
        "city",
    ]
    assert [trang_bom.name_on(day).title for day in (MERGER, WARDS)] == ["xã Trảng Bom", "phường Trảng Bom"]
    assert trang_bom.latest.decision == "237/NQ-UBTVQH16"


def test_each_commune_comes_from_something_and_goes_somewhere(db):
    communes = Unit.objects.filter(level="commune")
    assert not communes.on(MERGER).filter(predecessors=None).exists()
    assert not communes.on(LAST_DAY).filter(successors=None).exists()


def test_no_commune_takes_land_from_a_province_that_did_not_become_its_own(db):
    """A namesake in another of the merged provinces is no predecessor."""
    lies_in = dict(UnitParent.objects.values_list("unit_id", "parent_id"))
    became = dict(Succession.objects.filter(before__level="province").values_list("before_id", "after_id"))
    for before, after in Succession.objects.filter(after__level="commune").values_list("before_id", "after_id"):
        above = lies_in[before]
        old_province = lies_in.get(above, above)
        assert lies_in[after] == became.get(old_province, old_province)


def test_a_divided_commune_has_no_share_that_nobody_published(db):
    parts = Succession.objects.filter(kind="split")
    assert parts.count() > 900 and not parts.exclude(share=None).exists()
    namesake = Succession.objects.filter(before__names__name_vi="Tân Thạnh", certainty="C")
    assert namesake.exists()


def test_a_district_ended_and_only_islands_without_communes_became_one(db):
    districts = Succession.objects.filter(before__level="district")
    assert districts.filter(after=None, kind="abolish", effective_on=MERGER).count() == 691
    islands = Unit.objects.filter(successors__in=districts.exclude(after=None))
    assert {u.name_vi for u in islands} == {"Bạch Long Vĩ", "Cồn Cỏ", "Hoàng Sa", "Lý Sơn", "Côn Đảo"}


def test_a_code_found_elsewhere_is_kept_apart(db):
    assert UnitCode.objects.get(code="06978", system="other").unit.code == "06970"


def test_an_older_site_ends_the_open_row_and_loses_nothing(db):
    dong_nai = Unit.objects.get(key="vn34-75")
    dong_nai.names.filter(valid_from=WARDS).delete()
    dong_nai.names.update(valid_to=None)
    first = dong_nai.names.get().pk
    assert load_places() == 2
    assert [(n.pk == first, n.kind, n.valid_to) for n in dong_nai.names.order_by("valid_from")] == [
        (True, "province", WARDS), (False, "city", None),
    ]  # fmt: skip


def test_what_a_site_added_stays(db):
    unit = Unit.objects.get(key="vn25-30307")
    unit.names.filter(valid_to=None).update(valid_to=date(2027, 1, 1))
    UnitName.objects.create(unit=unit, name_vi="Tên mới", kind="ward", valid_from=date(2027, 1, 1))
    assert load_places() == 0
    assert unit.latest.name_vi == "Tên mới"


@pytest.mark.parametrize("wrong", ["two open names", "ends before it begins", "follows itself", "share above one"])
def test_the_database_refuses_what_can_never_be_true(db, province, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        if wrong == "two open names":
            UnitName.objects.create(unit=province, name_vi="x", kind="city", valid_from=date(2027, 1, 1))
        elif wrong == "ends before it begins":
            days = {"valid_from": date(2027, 1, 2), "valid_to": date(2027, 1, 1)}
            UnitName.objects.create(unit=province, name_vi="x", kind="city", **days)
        elif wrong == "follows itself":
            Succession.objects.create(before=province, after=province, kind="merge")
        else:
            after = Unit.objects.get(key="vn34-82")
            Succession.objects.create(before=province, after=after, kind="merge", share="1.5")
