"""Engine values as the JSON answers that others rely on; withheld is null with a note."""

from collections.abc import Iterable
from typing import Any

from quantri.engine.change import Change
from quantri.engine.diagnosis import Diagnosis, Standing
from quantri.engine.outlook import LEVELS, ComponentOutlook, Outlook
from quantri.engine.results import EditionResults, Unit

Row = dict[str, Any]


def unit_answer(unit: Unit) -> Row:
    """Code and Vietnamese name of a unit."""
    return {"code": unit.code, "name": unit.name_vi}


def results_answer(edition: EditionResults, units: Iterable[Unit]) -> Row:
    """Scores of units on every component, one row each, also when withheld."""
    rows = [
        {
            "unit": unit_answer(unit),
            "code": component.code,
            "level": component.level,
            "score": edition.score(unit.key, component.code),
            "derived": bool(edition.derived[edition.row(unit.key), m]),
            "note": edition.notes.get((unit.key, component.code)),
        }
        for unit in units
        for m, component in enumerate(edition.definition)
    ]
    return {"index": edition.definition.code, "year": edition.definition.year, "rows": rows}


def diagnosis_answer(diagnosis: Diagnosis) -> Row:
    """Where a unit stands on every component."""
    return {
        "index": diagnosis.index,
        "year": diagnosis.year,
        "unit": unit_answer(diagnosis.unit),
        "n_units": diagnosis.n_units,
        "components": [_standing(s) for s in diagnosis.standings],
    }


def outlook_answer(outlook: Outlook) -> Row:
    """How likely each target of a unit is, and all together."""
    return {
        "index": outlook.index,
        "unit": unit_answer(outlook.unit),
        "base_year": outlook.base_year,
        "year": outlook.year,
        "hindsight": outlook.hindsight,
        "components": [_component_outlook(c) for c in outlook.components],
        "joint": {
            "n_targets": outlook.n_targets,
            "chance_all": outlook.chance_all,
            "expected_reached": outlook.expected_reached,
        },
    }


def _component_outlook(c: ComponentOutlook) -> Row:
    return {
        "code": c.component.code,
        "level": c.component.level,
        "name_vi": c.component.name_vi,
        "name_en": c.component.name_en,
        "base": c.base,
        "comparable": c.link.comparable,
        "reason": c.link.reason_en or None,
        "reason_vi": c.link.reason_vi or None,
        "expected": c.expected,
        "intervals": {str(level): list(c.interval(level) or ()) for level in LEVELS} if c.draws.size else None,
        "value_at_50": c.value_with_chance(0.5),
        "value_at_80": c.value_with_chance(0.8),
        "target": None if c.target is None else {"spec": c.target.text, "value": c.target_value},
        "chance": c.chance,
        "chance_by_start_year": {str(year): share for year, share in c.shares.items()} or None,
        "n_pairs": c.n_pairs,
        "n_years": c.n_years,
        "similar": [{"unit": unit_answer(p.unit), "year": p.year, "from": p.start, "to": p.end} for p in c.similar],
        "note": c.note,
        "note_vi": c.note_vi,
    }


def _standing(s: Standing) -> Row:
    return {
        "code": s.component.code,
        "parent": s.component.parent,
        "level": s.component.level,
        "name_vi": s.component.name_vi,
        "name_en": s.component.name_en,
        "score": s.score,
        "derived": s.derived,
        "rank": s.rank,
        "n": s.n,
        "group": s.group,
        "cuts": None if s.cuts is None else list(s.cuts),
        "bounds": list(s.component.bounds),
        "interval": None if s.interval is None else list(s.interval),  # as printed; PAPI prints few
        "group_support": None,
        "typical_move": s.typical_move,
        "n_within_typical_move": s.n_within_typical_move,
        "gap_to_next_group": s.gap_to_next_group,
        "moves_to_next_group": s.moves_to_next_group,
        "persistence": {
            "low_years": s.persistence.low_years,
            "lower_half_years": s.persistence.lower_half_years,
            "comparable_years": s.persistence.comparable_years,
        },
        "change": None if s.change is None else _change(s.change),
        "advice": s.advice,
        "note": s.note,
    }


def _change(change: Change) -> Row:
    return {
        "from_year": change.from_year,
        "value": change.value,
        "comparable": change.link.comparable,
        "reason": change.link.reason_en or None,
        "reason_vi": change.link.reason_vi or None,
    }
