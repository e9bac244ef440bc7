"""Answers as tables for a person, in the person's language."""

from quantri.cli.answers import Row
from quantri.cli.printing import as_table
from quantri.engine.results import Unit
from quantri.words import say


def results_table(answer: Row, units: dict[str, Unit], language: str) -> str:
    """Print scores, one row each; `units` by code, for their names."""
    header = ("province", "code", "level", "score", "derived", "note")
    rows = [
        (
            name_of(units[r["unit"]["code"]], language), r["code"], say(r["level"], language), r["score"],
            say("derived", language) if r["derived"] else "", say(r["note"] or "", language),
        )
        for r in answer["rows"]
    ]  # fmt: skip
    return as_table([say(h, language) for h in header], rows, language)


def diagnosis_table(answer: Row, unit: Unit, language: str) -> str:
    """Print where a unit stands, one component a row."""
    title = say(
        "{unit} ({code}), {index} {year}. Interval not published; near = other provinces within a typical yearly move; "
        "low = years in the low group among comparable years.",
        language, unit=name_of(unit, language), code=unit.code, index=answer["index"].upper(), year=answer["year"],
    )  # fmt: skip
    header = ("code", "score", "group", "rank", "of", "gap", "typical", "near", "years low", "years", "advice", "name")
    rows = [_standing(c, language) for c in answer["components"]]
    return f"{title}\n\n{as_table([say(h, language) for h in header], rows, language)}"


def _standing(c: Row, language: str) -> tuple[object, ...]:
    standing = c["score"], say(c["group"] or "withheld", language), c["rank"], c["n"]
    movement = c["gap_to_next_group"], c["typical_move"], c["n_within_typical_move"]
    low = c["persistence"]["low_years"], c["persistence"]["comparable_years"]
    advice = say(c["advice"], language) if c["advice"] else ""
    return (c["code"], *standing, *movement, *low, advice, c[f"name_{language}"])


def outlook_table(answer: Row, unit: Unit, language: str) -> str:
    """Print what may become of each component, and of all targets together."""
    header = ("code", "base", "expected", "80% from", "80% to", "target", "points", "chance", "start years", "note")
    rows = [_prospect(c, language) for c in answer["components"]]
    facts = {
        "unit": name_of(unit, language), "code": unit.code, "base_year": answer["base_year"], "year": answer["year"],
    }  # fmt: skip
    if answer["hindsight"]:
        title = say("{unit} ({code}), {base_year} to {year} with hindsight.", language, **facts)
    else:
        title = say(
            "{unit} ({code}), {base_year} to {year}, from what was published up to {base_year}.", language, **facts
        )
    table = as_table([say(h, language) for h in header], rows, language)
    return f"{title}{_joint(answer['joint'], language)}\n\n{table}"


def _prospect(c: Row, language: str) -> tuple[object, ...]:
    low, high = c["intervals"]["80"] if c["intervals"] else (None, None)
    target = c["target"] or {"spec": "", "value": None}
    points = c["base"], c["expected"], low, high
    note = c["note_vi" if language == "vi" else "note"] or ""
    return (c["code"], *points, target["spec"], target["value"], c["chance"], c["n_years"], note)


def _joint(joint: Row, language: str) -> str:
    if not joint["n_targets"]:
        return ""
    sentence = "Of {n} targets with a chance {reached:.1f} are expected; all of them: {chance:.0%}."
    facts = {"n": joint["n_targets"], "reached": joint["expected_reached"], "chance": joint["chance_all"]}
    return " " + say(sentence, language, **facts)


def name_of(unit: Unit, language: str) -> str:
    """Name of a unit in a language."""
    return unit.name_vi if language == "vi" else unit.name_en
