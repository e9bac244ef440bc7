"""What people type about boundaries."""

from django import forms
from django.utils.translation import gettext_lazy as _

from quantri.text import nfc
from quantri.web.places.models import Unit

MOST_BYTES = 12_000_000


class BoundariesForm(forms.Form):
    """A file of boundaries, what it draws, from when it holds and where it comes from."""

    file = forms.FileField(label=_("Boundary file (GeoJSON or TopoJSON)"))
    level = forms.ChoiceField(
        label=_("What it draws"), choices=[(Unit.Level.COMMUNE, _("communes")), (Unit.Level.PROVINCE, _("provinces"))]
    )
    valid_from = forms.DateField(label=_("From which day these boundaries hold"))
    source = forms.CharField(label=_("Where the file comes from"), max_length=200)

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 12 MB. Simplify the outlines and choose it again."))
        return file

    def clean_source(self) -> str:
        return nfc(self.cleaned_data["source"])
