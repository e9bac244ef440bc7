"""What agencies are told of classing."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.web.accounts.models import Agency
from quantri.web.accounts.telling import News, tell
from quantri.web.appraisal.models import Entry


def selfscore_passed_on(entry: Entry, before: Agency, after: Agency) -> None:
    """Tell an agency that it takes over a self-score, and by when it is handed in."""
    with translation.override(settings.LANGUAGE_CODE):
        news = News(
            key=f"selfscore-passed-on:{entry.pk}:{before.pk}", subject=_("Your agency takes over a self-score"),
            body=" ".join([_taken(entry, before), *_owed(entry.followed_by or entry)]),
            link=reverse("appraisal:entry", args=[entry.pk]),
        )  # fmt: skip
        tell({after: news}, today=timezone.localdate())


def _taken(entry: Entry, before: Agency) -> str:
    facts = {"agency": before, "exercise": entry.exercise}
    if entry.followed_by:
        return (
            _("The self-score of %(agency)s in “%(exercise)s” goes on in that of your agency, which reads it.") % facts
        )
    return _("The self-score of %(agency)s in “%(exercise)s” is now that of your agency.") % facts


def _owed(entry: Entry) -> list[str]:
    """Say what is still to be done; nothing of one that is handed in."""
    return [] if entry.is_handed_in else [_("Hand it in by %(day)s.") % {"day": date_format(entry.last_day)}]
