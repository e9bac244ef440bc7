"""What agencies are told of a plan that is being made."""

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.accounts.telling import News, tell
from quantri.web.plans.models import Opinion, Plan


def opinions_asked(plan: Plan, opinions: Iterable[Opinion]) -> None:
    """Tell each agency that its opinion of a draft is asked."""
    with translation.override(settings.LANGUAGE_CODE):
        tell({opinion.agency: _asked(plan, opinion) for opinion in opinions}, today=timezone.localdate())


def _asked(plan: Plan, opinion: Opinion) -> News:
    body = _("The draft “%(plan)s” is sent to %(agency)s for its opinion.") % {"plan": plan, "agency": opinion.agency}
    if opinion.answer_by:
        body += " " + _("Give it by %(day)s.") % {"day": date_format(opinion.answer_by)}
    return News(
        key=f"opinion-asked:{opinion.pk}", subject=_("Your agency’s opinion of a draft plan is asked"), body=body,
        link=reverse("plans:opinion", args=[plan.pk, opinion.pk]),
    )  # fmt: skip
