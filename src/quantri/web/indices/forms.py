"""What people type about results."""

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 12_000_000


class ResultsForm(forms.Form):
    """An official result spreadsheet."""

    file = forms.FileField(label=_("Spreadsheet (.xlsx)"))
    year = forms.IntegerField(label=_("Year of the results"), min_value=2009, max_value=2100, required=False)

    def clean_file(self) -> object:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 12 MB; official sheets are far smaller. Choose the sheet of the results.")
            )
        return file
