"""An agency is told something: a notice, and a letter where there is an address, to its officers and leaders."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from quantri.web.accounts.models import Agency, Membership, Role
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


def _letters(news: Mapping[Agency, News], today: date) -> Iterator[Letter]:
    by_key = {agency.pk: (agency, told) for agency, told in news.items()}
    held = Membership.objects.on(today).filter(agency__in=by_key, role__in=HEARERS, user__is_active=True)
    people = {(member.agency_id, member.user) for member in held.select_related("user")}
    for agency_pk, person in sorted(people, key=lambda pair: (pair[0], pair[1].pk)):
        agency, told = by_key[agency_pk]
        words = {"recipient": person, "subject": told.subject, "body": told.body, "link": told.link,
                 "scope": agency.audit_scope}  # fmt: skip
        key = f"{told.key}:{agency_pk}:{person.pk}"
        yield Letter(key=f"notice:{key}", channel=Message.Channel.NOTICE, **words)
        if person.email:
            yield Letter(key=key, address=person.email, **words)
