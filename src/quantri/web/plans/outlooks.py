"""How likely the targets of a plan are; made once for the same figures and targets."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from quantri.engine.outlook import SEED, Outlook, outlook
from quantri.engine.targets import TargetSpec, check_target, parse_target
from quantri.errors import DataError, DefinitionError, RuleViolation
from quantri.web.indices.archive import Fingerprint, archive, fingerprint, model
from quantri.web.plans.models import Ground, Plan, Target
from quantri.web.plans.wording import plain_words
from quantri.words import said

Specs = tuple[tuple[str, str], ...]


def outlook_of(
    plan: Plan, changed: Mapping[str, str] = MappingProxyType({}), *, ground: Ground | None = None,
    keys: Fingerprint | None = None,
) -> Outlook:  # fmt: skip
    """Return the outlook of the targets on a ground, some changed for a try; one that lost its meaning is left out."""
    ground = ground or plan
    specs = {t.code: t.spec for t in targets_on(plan, ground)} | dict(changed)
    asked = tuple(sorted((code, spec) for code, spec in specs.items() if spec))
    keys = fingerprint(ground.index) if keys is None else keys
    known = ground.index, keys, ground.base_unit.key, ground.base_year, plan.year
    try:
        return _outlook(*known, asked)
    except (DataError, DefinitionError):
        possible = tuple(pair for pair in asked if pair[0] in changed or _still_possible(known, pair))
        return _outlook(*known, possible)


def targets_on(plan: Plan, ground: Ground) -> list[Target]:
    """Return the targets that start from the plan's own ground, or from a further one."""
    wanted = None if ground is plan else ground.pk
    return [target for target in plan.targets.all() if target.basis_id == wanted]


def _still_possible(known: tuple[str, Fingerprint, str, int, int], pair: tuple[str, str]) -> bool:
    """Say whether a kept target has a meaning; a correction of the base can take it away."""
    try:
        _outlook(*known, (pair,))
    except (DataError, DefinitionError):
        return False
    return True


def check_spec(plan: Plan, code: str, text: str, *, ground: Ground | None = None) -> str:
    """Return a target as it is kept; RuleViolation says in the reader's language what is wrong with it."""
    ground = ground or plan
    edition = archive(ground.index).edition(ground.base_year)
    spec = understood(text)
    if spec is None:
        return ""
    component = edition.definition[code]
    base = edition.score(ground.base_unit.key, code)
    try:
        check_target(spec.over(plan.year - ground.base_year), component, base, edition.column(code))
    except DataError as fault:
        raise RuleViolation(f"{said(fault, get_language() or settings.LANGUAGE_CODE)}.") from None
    return spec.text


def understood(text: str) -> TargetSpec | None:
    """Read a target in the words of an office; None when there is none, RuleViolation when it is not understood."""
    if not text.strip():
        return None
    try:
        return parse_target(plain_words(text))
    except DataError:
        raise RuleViolation(
            _("“%(text)s” is not understood. Write points such as 5.40, a rise such as +0.20, keep, better, "
              "mid-high group, 3 places or 5 places a year.") % {"text": text[:40]}
        ) from None  # fmt: skip


@lru_cache(maxsize=24)  # each holds some 30 arrays of draws: about 1 MB
def _outlook(index: str, keys: Fingerprint, unit_key: str, base_year: int, year: int, specs: Specs) -> Outlook:
    learnt = model(index, base_year)
    unit = learnt.archive.edition(base_year).unit(unit_key)
    targets = {code: parse_target(spec) for code, spec in specs}
    return outlook(learnt, unit, year, targets, rng=np.random.default_rng(SEED))
