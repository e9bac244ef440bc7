"""A field looks like the others of the site, whatever form it comes from."""

from datetime import date

from django import forms

from quantri.web.core.forms import DayInput
from quantri.web.core.templatetags.dressed import dressed


class Plain(forms.Form):
    """A form that says nothing of its looks."""

    text = forms.CharField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    agreed = forms.BooleanField()
    own = forms.CharField(widget=forms.TextInput(attrs={"class": "points-input"}))
    one = forms.ChoiceField(choices=[("a", "A")], widget=forms.RadioSelect)


def test_a_field_has_the_class_of_its_kind():
    form = Plain()
    shown = {name: str(dressed(form[name])) for name in form.fields}
    assert 'class="form-control"' in shown["text"]
    assert 'class="form-select"' in shown["kind"]
    assert 'class="form-check-input"' in shown["agreed"]


def test_what_a_form_says_of_its_looks_stays():
    form = Plain()
    assert 'class="points-input"' in str(dressed(form["own"]))
    assert "class=" not in str(dressed(form["one"]))


def test_a_day_is_written_without_leading_zeros_and_what_was_typed_stays():
    class Dated(forms.Form):
        day = forms.DateField(widget=DayInput)

    assert 'value="4/2/2026"' in str(dressed(Dated(initial={"day": date(2026, 2, 4)})["day"]))
    assert 'value="31/2/2026"' in str(dressed(Dated({"day": "31/2/2026"})["day"]))
