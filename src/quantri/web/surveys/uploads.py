"""What staff hand in: a file of microdata whose content is what its name says, a definition, and the design."""

from pathlib import Path

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quantri.engine.design import LONELY_POLICIES, SampleDesign
from quantri.engine.loading import DATA, read_definition
from quantri.errors import QuantriError
from quantri.text import nfc
from quantri.words import said

DEMONSTRATION_YEAR = 2024
LARGEST_DATA, LARGEST_DEFINITION = 24_000_000, 1_000_000
STARTS = {
    ".parquet": (b"PAR1",), ".xlsx": (b"PK\x03\x04",), ".sav": (b"$FL2", b"$FL3"), ".zsav": (b"$FL3",),
    ".dta": (b"<stata_dta>", b"\x71", b"\x72", b"\x73", b"\x75", b"\x76", b"\x77"),
}  # fmt: skip
TEXTS = (".csv", ".tsv")
OPTIONAL = {"required": False, "max_length": 120}


class RoundForm(forms.Form):
    """A round to be scored."""

    name = forms.CharField(label=gettext_lazy("Name of the round"), max_length=200)
    data = forms.FileField(label=gettext_lazy("Microdata: .parquet, .csv, .xlsx, .sav or .dta"))
    definition = forms.FileField(label=gettext_lazy("Definition of the index (.toml)"), required=False)
    domain = forms.CharField(label=gettext_lazy("Column of the places"), **OPTIONAL)
    weight = forms.CharField(label=gettext_lazy("Column of the weights"), **OPTIONAL)
    strata = forms.CharField(label=gettext_lazy("Column of the strata"), **OPTIONAL)
    psu = forms.CharField(label=gettext_lazy("Column of the sampling units"), **OPTIONAL)
    is_nested = forms.BooleanField(
        label=gettext_lazy("Labels of sampling units are unique only within their stratum"), required=False
    )
    lonely = forms.ChoiceField(
        label=gettext_lazy("Strata with one sampling unit"), required=False,
        choices=[(policy, policy) for policy in LONELY_POLICIES],
    )  # fmt: skip

    def clean_data(self) -> UploadedFile:
        file = self.cleaned_data["data"]
        if file.size > LARGEST_DATA:
            raise forms.ValidationError(
                _("The file is larger than 24 MB. Save it as Parquet, or score it with: run.py quantri score")
            )
        ending = ending_of(file)
        start = file.read(4096)
        file.seek(0)
        fits = start.startswith(STARTS[ending]) if ending in STARTS else ending in TEXTS and b"\0" not in start
        if not fits:
            raise forms.ValidationError(
                _("The content of %(name)s is not what its name says. Save it anew as .parquet, .csv, .xlsx, .sav or "
                  ".dta."), params={"name": file.name},
            )  # fmt: skip
        return file

    def clean_definition(self) -> str:
        """Give the text of the definition; the demonstration questionnaire's without one."""
        file = self.cleaned_data["definition"]
        if file is None:
            self.year = DEMONSTRATION_YEAR
            return (DATA / "indices" / "demo" / "papi-demo.toml").read_text(encoding="utf-8")
        if file.size > LARGEST_DEFINITION:
            raise forms.ValidationError(
                _("The definition is larger than 1 MB; it is a short text. Choose the .toml file.")
            )
        try:
            text = nfc(file.read().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(_("The definition is not UTF-8 text. Save it as UTF-8.")) from None
        try:
            found = read_definition(text, Path(file.name).name)
        except QuantriError as fault:
            raise forms.ValidationError(said(fault, get_language() or "vi")) from None
        if len(found.code) > 40 or not 1990 <= found.year <= 2100:
            raise forms.ValidationError(_("The code may have 40 letters, and the year must lie between 1990 and 2100."))
        if not found.measured:
            raise forms.ValidationError(_("The definition has no component with a measure, so nothing can be scored."))
        self.year = found.year
        return text

    def clean(self) -> dict[str, object]:
        if "is_nested" in self.cleaned_data:
            try:
                SampleDesign(**self.design)
            except QuantriError as fault:
                raise forms.ValidationError(said(fault, get_language() or "vi")) from None
        return self.cleaned_data

    @property
    def design(self) -> dict[str, object]:
        """The columns of the sample design."""
        held = self.cleaned_data
        columns = {name: nfc(held.get(name) or "") or None for name in ("weight", "strata", "psu")}
        return columns | {"is_nested": held["is_nested"]}

    @property
    def arguments(self) -> dict[str, object]:
        """What the job needs to know."""
        held = self.cleaned_data
        return {
            "name": nfc(held["name"]), "definition": held["definition"], "domain": nfc(held["domain"]),
            "file": nfc(Path(held["data"].name).name)[:200], "design": self.design, "year": self.year,
            "lonely": held["lonely"] or LONELY_POLICIES[0],
        }  # fmt: skip


def ending_of(file: UploadedFile) -> str:
    return Path(file.name or "").suffix.lower()
