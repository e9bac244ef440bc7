"""A field looks like the others of the site, whatever form it comes from."""

from django import forms

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
