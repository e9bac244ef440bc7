from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.formats import date_format, number_format

from quantri.web.core.tables import csv_file, xlsx_file
from quantri.web.core.templatetags.numbers import chance, percent, points, signed

DAY = date(2019, 3, 4)


@pytest.mark.parametrize(("language", "number", "day"), [("vi", "5,24", "4/3/2019"), ("en", "5.24", "4 March 2019")])
def test_numbers_and_dates_are_written_as_the_language_does(language, number, day):
    with translation.override(language):
        assert number_format(5.24, 2) == number
        assert date_format(DAY) == day


@pytest.mark.parametrize("language", ["vi", "en"])
def test_typed_dates_are_read_day_first(language):
    with translation.override(language):
        assert forms.DateField().clean("27/03/2019") == date(2019, 3, 27)
        assert forms.DateField().clean("03/04/2019") == date(2019, 4, 3)


def test_typed_numbers_are_read_with_a_comma():
    with translation.override("vi"):
        assert float(forms.FloatField(localize=True).clean("5,40")) == 5.4


def test_small_words_for_numbers():
    with translation.override("vi"):
        assert (points(5.236), points(None), signed(-0.5), signed(0.001)) == ("5,24", "–", "−0,50", "0,00")
        assert (percent(0.004), percent(0.0), chance(0.0)) == ("< 1 %", "0 %", "< 1 %")
        assert (percent(1.0), chance(1.0), percent(None)) == ("100 %", "> 99 %", "–")


def test_the_address_of_a_page_keeps_its_other_parameters(rf):
    request = rf.get("/explore/?year=2017&sort=name")
    page = Template("{% load numbers %}{% query sort='D1' %}").render(Context({"request": request}))
    assert page.replace("&amp;", "&") == "?year=2017&sort=D1"


def test_files_do_not_run_formulas():
    content = csv_file("x", ["a"], [["=1+1", 1], ["@x", 2], [-1.5, None]]).content.decode("utf-8-sig")
    assert content.split("\r\n")[1:4] == ["'=1+1,1", "'@x,2", "-1.5,"]
    assert xlsx_file("x", ["a"], [["=1+1"]], ["note"]).content[:2] == b"PK"
