"""What people type into the register of time limits."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from quantri.text import nfc
from quantri.web.accounts.models import Agency
from quantri.web.deadlines.events import event_in_words
from quantri.web.deadlines.models import Clock, LegalRule
from quantri.web.deadlines.register import Entry
from quantri.web.deadlines.wording import asked, how_long


class LineField(forms.CharField):
    """One line of text."""

    def clean(self, value: object) -> str:
        return nfc(super().clean(value))


class StartForm(forms.Form):
    """The event that lets a limit run."""

    rule = forms.ChoiceField(label=gettext_lazy("Rule"))
    matter = LineField(
        label=gettext_lazy("Matter"), max_length=300,
        help_text=gettext_lazy(
            "In words that name no private person, with the number of the incoming document, such as “Request for "
            "information no. 15”."
        ),
    )  # fmt: skip
    agency = forms.ModelChoiceField(label=gettext_lazy("Agency that has to act"), queryset=Agency.objects.none())
    day = forms.DateField(label=gettext_lazy("Day of the event"))
    time = forms.TimeField(
        label=gettext_lazy("Time of the event"),
        help_text=gettext_lazy("Hours and minutes, such as 9:30. A limit in days does not count this day itself."),
    )

    def __init__(self, *args: object, rules: Iterable[LegalRule], agencies: QuerySet[Agency], **kwargs: object):
        super().__init__(*args, **kwargs)
        self.fields["rule"].choices = [("", "---------"), *_by_document(rules)]
        self.fields["agency"].queryset = agencies
        if len(found := agencies[:2]) == 1:
            self.fields["agency"].initial = found[0]

    def entry(self) -> Entry:
        typed = self.cleaned_data
        moment = timezone.make_aware(datetime.combine(typed["day"], typed["time"]))
        return Entry(rule=typed["rule"], matter=typed["matter"], agency=typed["agency"], moment=moment)


class OfClock(forms.Form):
    """What is typed about a clock that runs."""

    def __init__(self, *args: object, clock: Clock, **kwargs: object):
        super().__init__(*args, **kwargs)
        self.clock = clock


class PauseForm(OfClock):
    """From when a clock stands still, and on which of the rule's grounds."""

    on = forms.DateField(label=gettext_lazy("From this day on"))
    ground = forms.ChoiceField(label=gettext_lazy("Ground that the rule names"))
    note = LineField(label=gettext_lazy("Note, such as the document"), max_length=200, required=False)

    def __init__(self, *args: object, clock: Clock, **kwargs: object):
        super().__init__(*args, clock=clock, **kwargs)
        self.fields["ground"].choices = [(ground, ground) for ground in clock.grounds]


class ResumeForm(OfClock):
    """From when a clock runs again."""

    on = forms.DateField(label=gettext_lazy("It runs again from"))


class ExtendForm(OfClock):
    """The document that grants the longer time of the rule."""

    document = LineField(label=gettext_lazy("Document that grants it, with the reason"), max_length=200)

    def __init__(self, *args: object, clock: Clock, **kwargs: object):
        super().__init__(*args, clock=clock, **kwargs)
        more = clock.next_extension
        if more:
            self.fields["document"].help_text = _("The rule allows %(more)s more.") % {"more": how_long(more)}


class CloseForm(OfClock):
    """When what was due was done."""

    on = forms.DateField(label=gettext_lazy("Done on"))


def _by_document(rules: Iterable[LegalRule]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Group rules by their document, each with what it asks, from which event, and its article."""
    return [
        (document, [(rule.rule, _label(rule)) for rule in group])
        for document, group in groupby(rules, key=lambda rule: rule.document)
    ]


def _label(rule: LegalRule) -> str:
    name = rule.name_en if get_language() == "en" else rule.name_vi
    return f"{name} – {asked(rule)}: {event_in_words(rule.starts_on)} ({rule.article})"
