"""A link that opens one report without an account: made for a list, used once, and never kept as it is."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core import audit
from quantri.web.tasks import news
from quantri.web.tasks.models import Assignment, OneUseLink, Progress, ReportingPeriod
from quantri.web.tasks.models.task import CARRIERS
from quantri.web.tasks.reporting import Reported, submit, take_back

HOLDS = timedelta(days=14)  # our own choice; never beyond the period's cut-off
MOST = 500  # links that are made at once: more are a page that nobody prints


@dataclass(frozen=True, kw_only=True)
class MadeLink:
    """A link with its token, which is shown once and kept nowhere."""

    assignment: Assignment
    token: str
    expires_at: datetime


class ByLink(audit.System):
    """Whoever came by a one-use link, in the name of an agency."""

    def __init__(self, link: OneUseLink) -> None:
        super().__init__(f"one-use link {link.pk}")
        self.agency = link.assignment.agency

    def __str__(self) -> str:
        return _("%(agency)s, by a one-use link") % {"agency": self.agency.name}


@transaction.atomic
def make_links(period: ReportingPeriod, assignments: Iterable[Assignment], *, by: User) -> list[MadeLink]:
    """Make a link for each part; earlier ones for the same part and period are withdrawn."""
    if not by.holds(period.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
    if period.is_locked:
        raise RuleViolation(_("This period is locked already."))
    owed, now = set(period.owed().values_list("pk", flat=True)), timezone.now()
    parts = [a for a in assignments if a.pk in owed]
    if not parts:
        raise RuleViolation(_("Choose at least one part that waits for a report."))
    if len(parts) > MOST:
        raise RuleViolation(_("At most %(most)s links are made at once. Choose fewer parts.") % {"most": MOST})
    cut_off = timezone.make_aware(datetime.combine(period.cut_off_on + timedelta(days=1), datetime.min.time()))
    expires = max(min(now + HOLDS, cut_off), now + timedelta(hours=1))
    made = [MadeLink(assignment=a, token=secrets.token_urlsafe(24), expires_at=expires) for a in parts]
    OneUseLink.objects.filter(period=period, assignment__in=parts, used_at=None).update(withdrawn_at=now)
    OneUseLink.objects.bulk_create(
        OneUseLink(
            assignment=m.assignment, period=period, digest=digest(m.token), made_by=str(by), expires_at=expires
        ) for m in made
    )  # fmt: skip
    audit.record("links.made", period, by=by, parts=audit.listed(parts))
    return made


def senders(period: ReportingPeriod, by: User) -> QuerySet[Agency]:
    """Agencies for which a person coordinates the plan: a slip names them, so that its reader knows who asks."""
    held = by.held(Role.COORDINATOR)
    return Agency.objects.filter(pk__in=[one.agency for one in held if one.province == period.plan.province_id])


def find(token: str, now: datetime) -> OneUseLink:
    """Return the link of a token while it can be used; RuleViolation says why not."""
    links = OneUseLink.objects.select_related("assignment__task__plan", "assignment__agency", "period__plan")
    link = links.filter(digest=digest(token)).first()
    if link is None or link.withdrawn_at:
        raise RuleViolation(_("This link does not hold. Ask the office that sent it for a new one."))
    if link.used_at:
        when = date_format(timezone.localtime(link.used_at), "SHORT_DATETIME_FORMAT")
        raise RuleViolation(
            _("This link was used. That was on %(when)s; if it was not you, or to change the report, tell the office "
              "that sent it.") % {"when": when}
        )  # fmt: skip
    if not link.is_open_at(now):
        raise RuleViolation(_("The time of this link has passed. Ask the office that sent it for a new one."))
    return link


@transaction.atomic
def submit_by_link(token: str, typed: Reported, *, seen: int) -> Progress:
    """Hand in the report that a link opens; the link is used up together with it."""
    link = claim(token)
    progress = submit(link.assignment, link.period, typed, seen=seen, by=ByLink(link))
    link.used_at, link.revision = timezone.now(), progress.revisions.last()
    link.save(update_fields=["used_at", "revision"])
    news.link_used(link)
    return progress


@transaction.atomic
def disown(link: OneUseLink, *, by: User) -> OneUseLink:
    """Say that the agency did not use the link: its report goes back, its other links end, the coordinator is told.

    What was accepted, handed in anew or locked meanwhile stays; the coordinator decides on it.
    """
    link = _used(link, by=by)
    now = timezone.now()
    link.disowned_at, link.disowned_by = now, str(by)
    link.save(update_fields=["disowned_at", "disowned_by"])
    others = OneUseLink.objects.filter(assignment=link.assignment, used_at=None, withdrawn_at=None)
    ended = others.update(withdrawn_at=now)
    is_returned = _taken_back(link, by=by)
    audit.record("link.disowned", link, by=by, is_returned=is_returned, ended=ended)
    news.link_disowned(link, is_returned=is_returned)
    return link


def _used(link: OneUseLink, *, by: User) -> OneUseLink:
    """Lock a link that was used, for its agency and for the coordinator to whom the agency told it."""
    found = OneUseLink.objects.select_for_update(of=("self",))
    link = found.select_related("assignment__agency", "assignment__task", "period__plan").get(pk=link.pk)
    own = by.agencies(*CARRIERS).filter(pk=link.assignment.agency_id).exists()
    if not own and not by.holds(link.period.plan.province_id, Role.COORDINATOR):
        raise PermissionDenied
    if link.used_at is None or link.disowned_at:
        raise RuleViolation(_("This link was not used, or it was said already that somebody else used it."))
    return link


def _taken_back(link: OneUseLink, *, by: User) -> bool:
    """Return the report that the link handed in, while it waits as it was handed in."""
    period = ReportingPeriod.objects.select_for_update().get(pk=link.period_id)
    found = Progress.objects.select_for_update().filter(assignment=link.assignment, period=period)
    progress = found.filter(state=Progress.State.SUBMITTED).first()
    if period.is_locked or progress is None or progress.revisions.last() != link.revision:
        return False
    take_back(progress, reason=_("The agency says that somebody else used its one-use link."), by=by)
    return True


def claim(token: str) -> OneUseLink:
    """Lock the link of a token before anything else is done with it; who comes second is told that it was used."""
    list(OneUseLink.objects.select_for_update().filter(digest=digest(token)).values_list("pk"))
    return find(token, timezone.now())


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
