"""What a visitor sets: weights of the parts, or the size of a sample."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.engine.definition import IndexDefinition
from quantri.web.core.templatetags.numbers import named
from quantri.web.indices.templatetags.standing import titled
from quantri.web.surveys import weights
from quantri.web.surveys.scored import ScoredRound

LARGEST_SAMPLE = 10_000_000


class WeightsForm(forms.Form):
    """A choice of method; weights count only with one's own."""

    def __init__(self, *args: object, definition: IndexDefinition, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.parts = weights.parts(definition)
        self.usual = weights.as_defined(definition)
        self.fields["choice"] = forms.ChoiceField(
            label=_("Choice"), choices=self._choices(definition),
            widget=forms.Select(attrs={"class": "form-select"}),
        )  # fmt: skip
        for part in self.parts:
            self.fields[part.code] = forms.FloatField(
                label=titled(part), min_value=0, max_value=weights.MOST, required=False, localize=True,
                widget=forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"}),
            )  # fmt: skip

    def _choices(self, definition: IndexDefinition) -> list[tuple[str, str]]:
        words = {
            weights.EQUAL: _("all dimensions weigh the same"),
            weights.GEOMETRIC: _("geometric means at every level"),
        }
        words |= {f"without {c.code}": _("without %(code)s") % {"code": c.code} for c in self.parts}
        offered = [(choice, words[choice]) for choice in weights.choices(definition)]
        return [(weights.OWN, _("my own weights, set below")), *offered]

    def clean(self) -> dict[str, object]:
        if self.choice == weights.OWN and not self.errors and not any(self.asked.values()):
            raise forms.ValidationError(_("All weights are 0: give at least one dimension a weight above 0."))
        return self.cleaned_data

    @property
    def choice(self) -> str:
        return self.cleaned_data.get("choice", "")

    @property
    def words_of_choice(self) -> str:
        return dict(self.fields["choice"].choices).get(self.choice, "")

    @property
    def asked(self) -> dict[str, float]:
        """Weights of the parts; an empty field counts as 0."""
        return {part.code: self.cleaned_data.get(part.code) or 0.0 for part in self.parts}

    def weight_fields(self) -> list[forms.BoundField]:
        return [self[part.code] for part in self.parts]


class DetectForm(forms.Form):
    """A component of a place, a size and a change."""

    place = forms.ChoiceField(label=gettext_lazy("Place"))
    code = forms.ChoiceField(label=gettext_lazy("Component"))
    size = forms.IntegerField(
        label=gettext_lazy("Respondents in each round"), min_value=1, max_value=LARGEST_SAMPLE, localize=True
    )
    change = forms.FloatField(
        label=gettext_lazy("Change to be found, in points"), min_value=0.001, max_value=1000, localize=True
    )

    def __init__(self, *args: object, found: ScoredRound, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [(d.label, named(d)) for d in found.domains]
        self.fields["code"].choices = [(c.code, titled(c)) for c in found.definition]
        for name, field in self.fields.items():
            kind = "form-select" if name in ("place", "code") else "form-control"
            field.widget.attrs["class"] = kind
        for name in ("size", "change"):
            self.fields[name].widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal"})
            self.fields[name].widget.is_localized = True
