"""What of the trail and of the outbox concerns agencies; both tell people and rows by keys that are text."""

from django.apps import apps
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

INVITED = "invitation"  # begins the key of an invitation's letter
OF_AN_AGENCY = ("membership", "invitation", "headship")


def done_in(agencies: QuerySet) -> Q:
    """Keep, of the trail, what people did while they were in the agencies, and what was done to the agencies.

    An entry does not tell the agency of its actor; who was where on that day does.
    """
    people = _rows("membership", agencies).annotate(key=_text("user"))
    there = people.filter(
        Q(valid_to=None) | Q(valid_to__gt=OuterRef("at__date")), key=OuterRef("actor_key"),
        valid_from__lte=OuterRef("at__date"),
    )  # fmt: skip
    found = Q(actor_key__in=people.values("key")) & Q(Exists(there))  # the keys first: they rule out most
    found |= Q(subject="accounts.agency", subject_key__in=_keys(agencies))
    for name in OF_AN_AGENCY:
        found |= Q(subject=f"accounts.{name}", subject_key__in=_keys(_rows(name, agencies)))
    return found


def posted_to(agencies: QuerySet) -> Q:
    """Keep, of the outbox, what goes to people of the agencies, and to those who are invited into them."""
    invited = _rows("invitation", agencies).annotate(key=Concat(Value(f"{INVITED}:"), _text("pk"))).values("key")
    people = _rows("membership", agencies).annotate(key=_text("user")).values("key")
    return Q(recipient_key__in=people) | Q(recipient_key__in=invited)


def _rows(name: str, agencies: QuerySet) -> QuerySet:
    return apps.get_model("accounts", name).objects.filter(agency__in=agencies.order_by().values("pk")).order_by()


def _keys(rows: QuerySet) -> QuerySet:
    return rows.order_by().annotate(key=_text("pk")).values("key")


def _text(field: str) -> Cast:
    return Cast(field, CharField())
