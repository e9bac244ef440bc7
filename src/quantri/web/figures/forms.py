"""What people type about figures: a file, a measure, a decision."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quantri.errors import DataError
from quantri.text import nfc
from quantri.web.deadlines.periods import Period, kinds, periods_of
from quantri.web.figures.models import Measure
from quantri.web.figures.periods import key_of, period_of

MOST_BYTES = 5_000_000
CODE = re.compile(r"[a-z][a-z0-9_]{1,38}", re.ASCII)
COMPONENT = re.compile(r"D\d{1,2}(?:\.\d{1,2}){0,2}", re.ASCII)


def recent_periods(today: date) -> list[Period]:
    """Periods that have ended in this year and the three before, the newest first."""
    found = [p for year in range(today.year - 3, today.year + 1) for kind in kinds() for p in periods_of(kind, year)]
    return sorted((p for p in found if p.ends_on < today), key=lambda p: (p.ends_on, p.starts_on), reverse=True)


class FiguresForm(forms.Form):
    """A file of figures, its period and where it comes from."""

    period = forms.ChoiceField(label=gettext_lazy("Period"))
    source = forms.CharField(
        label=gettext_lazy("Where the figures come from"), max_length=300,
        help_text=gettext_lazy("Authority, document or system, with the day on which they were taken."),
    )  # fmt: skip
    file = forms.FileField(label=gettext_lazy("Spreadsheet (.xlsx)"))

    def __init__(self, *args: object, today: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        english = get_language() == "en"
        periods = recent_periods(today)
        self.fields["period"].choices = [(key_of(p), p.name_en if english else p.name_vi) for p in periods]

    def clean_period(self) -> Period:
        try:
            return period_of(self.cleaned_data["period"])
        except DataError as fault:
            raise forms.ValidationError(str(fault)) from None

    def clean_source(self) -> str:
        return nfc(self.cleaned_data["source"])

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Keep only the sheet of figures."))
        return file


class MeasureForm(forms.ModelForm):
    """A measure of the province's own."""

    components = forms.CharField(
        label=gettext_lazy("Components beside which it may be read"), max_length=200, required=False,
        help_text=gettext_lazy("Codes with commas, such as D5, D8.1."),
    )  # fmt: skip

    class Meta:
        model = Measure
        fields = ("name_vi", "name_en", "code", "unit", "direction", "lowest", "highest", "document")
        localized_fields = ("lowest", "highest")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lowest", "highest"):
            self.fields[name].widget = forms.TextInput(attrs={"inputmode": "decimal"})
        for field in self.fields.values():
            is_choice = isinstance(field, forms.ChoiceField)
            field.widget.attrs["class"] = "form-select" if is_choice else "form-control"

    def clean_code(self) -> str:
        code = nfc(self.cleaned_data["code"])
        if not CODE.fullmatch(code):
            raise forms.ValidationError(_("A code has small letters without marks, digits and underscores only."))
        return code

    def clean_components(self) -> list[str]:
        typed = [nfc(part).upper() for part in self.cleaned_data["components"].replace(";", ",").split(",")]
        codes = list(dict.fromkeys(filter(None, typed)))
        if any(not COMPONENT.fullmatch(code) for code in codes):
            raise forms.ValidationError(_("Write codes of components with commas, such as D5, D8.1."))
        return codes

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        low, high = typed.get("lowest"), typed.get("highest")
        if low is not None and high is not None and high <= low:
            self.add_error("highest", _("The highest value must lie above the lowest."))
        return typed

    def typed(self) -> dict[str, Any]:
        """Give what was typed, texts composed."""
        return {name: nfc(v) if isinstance(v, str) else v for name, v in self.cleaned_data.items()}


class ReasonForm(forms.Form):
    """What is decided, in words."""

    text = forms.CharField(
        label=gettext_lazy("What is decided, with the number of the decision if there is one"), max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
    )  # fmt: skip

    def clean_text(self) -> str:
        return nfc(self.cleaned_data["text"])
