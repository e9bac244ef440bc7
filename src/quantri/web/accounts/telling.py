"""An agency is told something: a notice, and a letter where there is an address; its people, or its head."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from quantri.web.accounts.models import Agency, Headship, Membership, Role, User
from quantri.web.core.models import Message
from quantri.web.core.outbox import Letter, post_all

HEARERS = (Role.OFFICER, Role.LEADER)


@dataclass(frozen=True, kw_only=True)
class News:
    """What an agency is told; the key names the event, so that it is told once."""

    key: str
    subject: str
    body: str
    link: str


def tell(news: Mapping[Agency, News], *, today: date) -> None:
    """Write to the people of each agency; call it inside the action's transaction. A second call writes nothing."""
    post_all(_letters(news, today))


def heads_with_account(today: date) -> QuerySet[Headship]:
    """Keep the heads of agencies who can be told something here."""
    return Headship.objects.on(today).filter(user__is_active=True).select_related("user")


def tell_head(agency: Agency, told: News, *, today: date) -> list[User]:
    """Write to the head of an agency, or to its leaders where the head has no account; return who was told."""
    heads = [head.user for head in heads_with_account(today).filter(agency=agency)]
    people = heads or _people(_members(today, Role.LEADER).filter(agency=agency))
    post_all(letter for person in people for letter in _to_one(person, agency, told))
    return people


def tell_coordinators(agency: Agency, told: News, *, today: date) -> None:
    """Write about an agency to those who coordinate its province."""
    people = _people(_members(today, Role.COORDINATOR).filter(agency__province=agency.province_id))
    post_all(letter for person in people for letter in _to_one(person, agency, told))


def _letters(news: Mapping[Agency, News], today: date) -> Iterator[Letter]:
    by_key = {agency.pk: (agency, told) for agency, told in news.items()}
    people = {(member.agency_id, member.user) for member in _members(today, *HEARERS).filter(agency__in=by_key)}
    for agency_pk, person in sorted(people, key=lambda pair: (pair[0], pair[1].pk)):
        yield from _to_one(person, *by_key[agency_pk])


def _to_one(person: User, agency: Agency, told: News) -> Iterator[Letter]:
    words = {"recipient": person, "subject": told.subject, "body": told.body, "link": told.link,
             "scope": agency.audit_scope}  # fmt: skip
    key = f"{told.key}:{agency.pk}:{person.pk}"
    yield Letter(key=f"notice:{key}", channel=Message.Channel.NOTICE, **words)
    if person.email:
        yield Letter(key=key, address=person.email, **words)


def _members(today: date, *roles: str) -> QuerySet[Membership]:
    return Membership.objects.on(today).filter(role__in=roles, user__is_active=True).select_related("user")


def _people(members: QuerySet[Membership]) -> list[User]:
    return sorted({member.user for member in members}, key=lambda person: person.pk)
