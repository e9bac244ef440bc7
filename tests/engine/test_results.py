import pytest

from quantri.errors import DataError


@pytest.mark.parametrize("name", ["89", "An Giang", "an giang", "AN-GIANG", "angiang", "Tỉnh An Giang", "vn63-89"])
def test_a_province_is_found_by_code_or_any_spelling_of_its_name(papi, name):
    assert papi.edition(2017).unit(name).key == "vn63-89"


@pytest.mark.parametrize("name", ["TP. Hồ Chí Minh", "TP Hồ Chí Minh", "Ho Chi Minh City", "ho chi minh"])
def test_a_city_is_found_with_and_without_its_kind(papi, name):
    assert papi.edition(2024).unit(name).code == "79"


def test_d_with_stroke_counts_as_d(papi):
    assert papi.edition(2024).unit("dong thap").name_vi == "Đồng Tháp"


def test_code_91_is_kien_giang_in_the_editions_of_the_63(papi):
    assert papi.edition(2024).unit("91").name_vi == "Kiên Giang"


def test_a_part_of_a_name_is_answered_with_those_that_it_fits(papi):
    with pytest.raises(DataError, match=r"'giang' is not one province.*Bắc Giang \(24\).*An Giang \(89\)"):
        papi.edition(2017).unit("giang")


@pytest.mark.parametrize("name", ["Atlantis", "", "0", "'; DROP TABLE", "%"])
def test_an_unknown_province_is_refused_with_the_edition(papi, name):
    with pytest.raises(DataError, match="papi-2017: no province"):
        papi.edition(2017).unit(name)


def test_an_unknown_year_is_answered_with_the_known_ones(papi):
    with pytest.raises(DataError, match="papi: no edition 2030; choose 2011 to 2024"):
        papi.edition(2030)
