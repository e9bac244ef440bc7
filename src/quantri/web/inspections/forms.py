"""What people type about inspections: a programme, its team, questions, places, visits and reasons."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from quantri.text import nfc
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core.forms import DayInput
from quantri.web.inspections.models import Choice, Programme, TeamMember
from quantri.web.inspections.programmes import ProgrammeDraft
from quantri.web.inspections.visits import VisitDraft
from quantri.web.plans.models import Plan
from quantri.web.tasks.report_forms import WordsField

MOST_DAYS, MOST_PLACES = 250, 500
SELECT = {"class": "form-select"}


def _line(**attrs: object) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "form-control", **attrs})


class DayField(forms.DateField):
    """A day, written as people write it."""

    widget = DayInput(attrs={"class": "form-control points-input", "inputmode": "numeric"})


class ProgrammeForm(forms.Form):
    """A programme of inspection; the plan is asked only of a new one."""

    plan = forms.ModelChoiceField(
        label=gettext_lazy("Plan"), queryset=Plan.objects.none(), widget=forms.Select(attrs=SELECT)
    )
    title = forms.CharField(label=gettext_lazy("Title of the programme"), max_length=300, widget=_line())
    decision_number = forms.CharField(
        label=gettext_lazy("Number of the decision"), max_length=60, required=False, widget=_line()
    )
    decided_on = DayField(label=gettext_lazy("Date of the decision"), required=False)
    decision_issuer = forms.CharField(
        label=gettext_lazy("Who issued the decision"), max_length=200, required=False, widget=_line(list="issuers"),
        help_text=gettext_lazy("The legal bases of the minutes name who issued the decision, and its subject."),
    )  # fmt: skip
    decision_subject = forms.CharField(
        label=gettext_lazy("Subject of the decision"), max_length=500, required=False, widget=_line()
    )
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(label=gettext_lazy("Until"))
    answer_days = forms.IntegerField(
        label=gettext_lazy("Working days for the answer"), min_value=1, max_value=MOST_DAYS,
        widget=forms.NumberInput(attrs={"class": "form-control points-input"}),
        help_text=gettext_lazy("This programme sets them itself; no law names a time for it."),
    )  # fmt: skip
    purpose = WordsField(label=gettext_lazy("Purpose"))

    def __init__(self, *args: object, plans: object = None, programme: Programme | None = None, **kwargs: object):
        begun = {name: getattr(programme, name) for name in ProgrammeDraft.__annotations__} if programme else {}
        super().__init__(*args, initial=begun, **kwargs)
        if programme:
            del self.fields["plan"]
        else:
            self.fields["plan"].queryset = plans

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        if typed.get("starts_on") and typed.get("ends_on") and typed["ends_on"] < typed["starts_on"]:
            self.add_error("ends_on", _("The last day lies before the first one."))
        if bool(typed.get("decision_number")) != bool(typed.get("decided_on")) and "decided_on" not in self.errors:
            self.add_error("decided_on", _("Number and date of a decision come together."))
        told = typed.get("decision_issuer") or typed.get("decision_subject")
        if told and not typed.get("decision_number") and "decision_number" not in self.errors:
            self.add_error("decision_number", _("Who issued a decision, and its subject, come with its number."))
        return typed

    def draft(self) -> ProgrammeDraft:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "plan"}
        return ProgrammeDraft(**{name: nfc(v) if isinstance(v, str) else v for name, v in typed.items()})


class TeamForm(forms.Form):
    """An agency, or one person of it, in the team."""

    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"), queryset=Agency.objects.none(), widget=forms.Select(attrs=SELECT)
    )
    username = forms.CharField(
        label=gettext_lazy("Account name of one person; empty: the whole agency"), max_length=150, required=False,
        widget=_line(autocomplete="off"),
    )  # fmt: skip
    part = forms.ChoiceField(
        label=gettext_lazy("Part in the team"), choices=TeamMember.Part, widget=forms.Select(attrs=SELECT)
    )

    def __init__(self, *args: object, agencies: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = agencies

    def clean(self) -> dict[str, object]:
        """Find the account among those of the agency; whether another exists is not told."""
        typed, name = super().clean(), nfc(self.cleaned_data.get("username") or "")
        found = [u for u in User.objects.filter(username=name, is_active=True) if name and typed.get("agency")]
        own = [u for u in found if u.agencies(*Role).filter(pk=typed["agency"].pk).exists()]
        if name and typed.get("agency") and not own:
            self.add_error("username", _("No account of this name works for this agency."))
        return typed | {"user": own[0] if own else None}


class QuestionForm(forms.Form):
    """A question of the checklist."""

    text = WordsField(label=gettext_lazy("Question"), max_length=600, required=True, rows=2)
    component = forms.CharField(
        label=gettext_lazy("Component"), max_length=20, required=False, widget=_line(),
        help_text=gettext_lazy("A code such as D1 or D3.2; empty where the question is of no component."),
    )  # fmt: skip

    def __init__(self, *args: object, codes: frozenset[str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.codes = codes

    def clean_component(self) -> str:
        code = nfc(self.cleaned_data["component"]).strip().upper()
        if code and code not in self.codes:
            raise forms.ValidationError(_("There is no component %(code)s in this edition.") % {"code": code})
        return code


class PlacesForm(forms.Form):
    """How places are chosen; who was in a sample of any survey is not asked and not known here."""

    method = forms.ChoiceField(label=gettext_lazy("Way of choosing"), choices=Choice.Method, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Among"), choices=Agency.Kind, widget=forms.CheckboxSelectMultiple,
        initial=[Agency.Kind.PEOPLE_COMMITTEE],
    )  # fmt: skip
    wanted = forms.IntegerField(
        label=gettext_lazy("How many places"), min_value=1, max_value=MOST_PLACES,
        widget=forms.NumberInput(attrs={"class": "form-control points-input"}),
    )  # fmt: skip
    seed = forms.RegexField(
        r"\A[A-Za-z0-9.-]{1,64}\Z", label=gettext_lazy("Seed"), required=False, widget=_line(autocomplete="off"),
        help_text=gettext_lazy(
            "Letters, digits, dot and hyphen, such as a lottery's number of the day; empty: one is made."
        ),
    )  # fmt: skip


class VisitForm(forms.Form):
    """Day and preparation of a visit."""

    visit_on = DayField(label=gettext_lazy("Date of the visit"))
    is_surprise = forms.BooleanField(
        label=gettext_lazy("Surprise visit: the agency is not told"), required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )  # fmt: skip
    outline = WordsField(label=gettext_lazy("What the agency reports beforehand"))
    outline_by = DayField(label=gettext_lazy("Report beforehand by"), required=False)

    def clean(self) -> dict[str, object]:
        typed = super().clean()
        if typed.get("is_surprise") and typed.get("outline"):
            self.add_error("outline", _("A surprise visit asks for no report beforehand."))
        by, on = typed.get("outline_by"), typed.get("visit_on")
        if by and on and by > on:
            self.add_error("outline_by", _("The report comes before the visit."))
        return typed

    def draft(self) -> VisitDraft:
        return VisitDraft(**self.cleaned_data)


class WordsForm(forms.Form):
    """A reason, or a report."""

    text = WordsField(label=gettext_lazy("Text"), required=True, rows=5, max_length=8000)


class ReasonForm(forms.Form):
    """Why a visit is called off."""

    text = WordsField(label=gettext_lazy("Reason"), required=True, max_length=1000)
