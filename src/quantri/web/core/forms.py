"""What a reader of the trail asks for."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from quantri.text import nfc
from quantri.web.core.actor_words import kept_as
from quantri.web.core.models.trail import AuditQuerySet


class DayInput(forms.DateInput):
    """A day as people write it, without leading zeros: 4/12/2026."""

    def format_value(self, value: Any) -> str | None:
        return f"{value.day}/{value.month}/{value.year}" if isinstance(value, date) else super().format_value(value)


class TrailForm(forms.Form):
    """Filters of the audit trail; each may be left empty."""

    who = forms.CharField(label=_("Who (account name)"), max_length=200, required=False)
    what = forms.CharField(label=pgettext_lazy("trail", "What"), max_length=60, required=False)
    since = forms.DateField(label=_("From"), required=False)
    until = forms.DateField(label=_("Until"), required=False)
    subject = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def clean_who(self) -> str:
        return nfc(self.cleaned_data["who"])

    def clean(self) -> dict[str, Any]:
        asked = super().clean() or self.cleaned_data
        if asked.get("since") and asked.get("until") and asked["since"] > asked["until"]:
            self.add_error("until", _("The last day lies before the first."))
        return asked

    def chosen(self, entries: AuditQuerySet) -> AuditQuerySet:
        """Keep what was asked for; days are whole days here."""
        asked = self.cleaned_data
        wanted = {"actor_name__in": asked["who"] and kept_as(asked["who"]), "action": asked["what"],
                  "subject": asked["subject"], "subject_key": asked["key"]}  # fmt: skip
        entries = entries.filter(**{name: value for name, value in wanted.items() if value})
        if asked["since"]:
            entries = entries.filter(at__gte=_begin(asked["since"]))
        return entries.filter(at__lt=_begin(asked["until"] + timedelta(days=1))) if asked["until"] else entries


def _begin(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
