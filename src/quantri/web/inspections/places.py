"""Places are chosen by an act that stays: from whom, by what method, with what seed."""

import hashlib
import json
import secrets
from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import Agency, User
from quantri.web.core import audit
from quantri.web.inspections.choosing import Candidate, Risk, choose
from quantri.web.inspections.models import Choice, Programme
from quantri.web.inspections.programmes import inspected
from quantri.web.inspections.risks import last_inspections, risks_of


@transaction.atomic
def choose_places(
    programme: Programme, *, method: str, kinds: Collection[str], wanted: int, seed: str = "", by: User
) -> Choice:  # fmt: skip
    """Choose places among the agencies of some kinds; the choice is kept whole and never changes.

    There is no look at the outcome beforehand: whoever chooses again leaves both choices on the page.
    """
    programme, today = inspected(programme, by=by), timezone.localdate()
    seed = seed or secrets.token_hex(8)
    able, left_out = _candidates(programme, kinds, today)
    if not able:
        raise RuleViolation(_("No agency of these kinds can be chosen: none is known, or each is in the programme."))
    found = choose(_known(programme, able, method, today), method=method, wanted=wanted, seed=seed)
    choice = Choice.objects.create(
        programme=programme, method=method, wanted=wanted, seed=seed, chosen_on=today, made_by=str(by),
        candidates=[_plain(each) for each in found], left_out=left_out,
    )  # fmt: skip
    audit.record(
        "places.chosen", choice, by=by, method=method, seed=seed, candidates=len(found), wanted=wanted,
        list_sha256=digest_of_list(choice),
    )  # fmt: skip
    return choice


def digest_of_list(choice: Choice) -> str:
    """Checksum of a choice's list; the trail holds it and no names, so that a surprise stays one."""
    return hashlib.sha256(json.dumps(choice.candidates, sort_keys=True).encode()).hexdigest()


def _candidates(programme: Programme, kinds: Collection[str], today: date) -> tuple[list[Agency], list[dict[str, str]]]:
    """Agencies of the kinds that can be chosen, and those that cannot with the reason."""
    team = set(programme.team.standing().values_list("agency", flat=True))
    visited = set(programme.visits.standing().values_list("agency", flat=True))
    able, left_out = [], []
    found = Agency.objects.filter(province=programme.plan.province_id, kind__in=kinds).on(today).order_by("pk")
    for agency in found:
        reason = "in_team" if agency.pk in team else "in_programme" if agency.pk in visited else ""
        if reason:
            left_out.append({"name": agency.name_vi, "reason": reason})
        else:
            able.append(agency)
    return able, left_out


def _known(programme: Programme, agencies: list[Agency], method: str, today: date) -> list[Candidate]:
    last = last_inspections(agencies)
    risks = risks_of(programme.plan, agencies, today) if method == Choice.Method.RISK else {}
    return [Candidate(key=a.pk, name=a.name_vi, last_on=last.get(a.pk), risk=risks.get(a.pk)) for a in agencies]


def _plain(each: Candidate) -> dict[str, Any]:
    """Return a candidate as values that JSON can hold; each term of the risk as its two counts."""
    return {
        "key": each.key, "name": each.name, "last_on": each.last_on and each.last_on.isoformat(),
        "risk": each.risk and _counts(each.risk), "digest": each.digest, "taken": each.taken,
    }  # fmt: skip


def _counts(risk: Risk) -> dict[str, Any]:
    terms = {"late": risk.late, "silent": risk.silent, "returned": risk.returned}
    return {name: [share.n, share.of] for name, share in terms.items()} | {"value": risk.value}
