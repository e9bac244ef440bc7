"""What one release says otherwise than another."""

from dataclasses import dataclass

from quantri.engine.results import EditionResults, Unit

BEYOND = 5e-4  # composites are added up from rounded parts, so smaller differences are rounding


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A figure that differs by more than rounding, or that only one of the two gives."""

    unit: Unit
    code: str
    before: float | None
    after: float | None


def differences(before: EditionResults, after: EditionResults) -> tuple[Difference, ...]:
    """Compare two releases of one edition, figure by figure."""
    units = {unit.key: unit for unit in (*before.units, *after.units)}
    codes = dict.fromkeys(c.code for edition in (after, before) for c in edition.definition)
    pairs = ((unit, code, before.score(key, code), after.score(key, code)) for key, unit in units.items()
             for code in codes)  # fmt: skip
    return tuple(
        Difference(unit=unit, code=code, before=old, after=new) for unit, code, old, new in pairs if _differ(old, new)
    )


def _differ(old: float | None, new: float | None) -> bool:
    if old is None or new is None:
        return old is not new
    return abs(old - new) > BEYOND
