"""Make the two synthetic rounds of the demonstration: python scripts/make_synthetic_round.py.

Each is simulated as `quantri simulate` does, scored, and kept as its scores alone; the made-up answers are thrown away.
Both expect the same means of every indicator, but for the few true changes of CHANGES in the second.
"""

import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from quantri.engine.definition import IndexDefinition
from quantri.engine.design import SampleDesign
from quantri.engine.goals import Goals, leaf_forms, published_goals
from quantri.engine.layout import papi_layout
from quantri.engine.loading import DATA, load_archive, read_definition
from quantri.engine.simulate import simulate
from quantri.web.surveys.scored import Domain, ScoredRound, packed
from quantri.web.surveys.scoring import score_file

OUT = DATA / "rounds"
SEEDS = {2024: 20241, 2025: 20252}
EVERYWHERE = "all"
# Province, sub-dimension, and by what share of its scale every indicator of it truly rises in the second round.
CHANGES = (
    ("89", "D5.1", 0.22),
    ("89", "D1.1", 0.18),
    ("91", "D4.1", -0.20),
    ("92", "D8.1", 0.25),
    (EVERYWHERE, "D6.1", 0.06),
)
DESIGN = SampleDesign(weight="weight", strata="stratum", psu="psu")


def definition_text(year: int) -> str:
    """Take the demonstration questionnaire, as of a round's year."""
    text = (DATA / "indices" / "demo" / "papi-demo.toml").read_text(encoding="utf-8")
    return text.replace("\nyear = 2024\n", f"\nyear = {year}\n")


def common_goals(definition: IndexDefinition) -> Goals:
    """Fix the expected mean of every indicator, so that two rounds differ by chance and by CHANGES only."""
    goals = published_goals(definition, load_archive("papi").edition(2024))
    forms = leaf_forms(definition, goals, rng=np.random.default_rng(1))
    scores = np.full(goals.scores.shape, np.nan)
    for k, leaf in enumerate(definition.measured):
        low, high = leaf.bounds
        scores[:, definition.column(leaf.code)] = low + (high - low) * forms[:, k]
    return replace(goals, scores=scores)


def changed(definition: IndexDefinition, goals: Goals) -> Goals:
    scores = goals.scores.copy()
    for unit, code, share in CHANGES:
        rows = slice(None) if unit == EVERYWHERE else goals.units.index(unit)
        for leaf in definition.measured:
            if is_below(definition, leaf.code, code):
                low, high = leaf.bounds
                m = definition.column(leaf.code)
                scores[rows, m] = np.clip(scores[rows, m] + share * (high - low), low, high)
    return replace(goals, scores=scores)


def is_below(definition: IndexDefinition, code: str, above: str) -> bool:
    parent = definition[code].parent
    return parent is not None and (parent == above or is_below(definition, parent, above))


def names() -> dict[str, Domain]:
    units = load_archive("papi").edition(2024).units
    return {u.code: Domain(label=u.code, name_vi=u.name_vi, name_en=u.name_en) for u in units}


def scored_round(year: int, goals: Goals) -> ScoredRound:
    text = definition_text(year)
    definition = read_definition(text, "papi-demo.toml")
    frame = simulate(definition, goals, papi_layout(goals.units), rng=np.random.default_rng(SEEDS[year]))
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "answers.parquet"
        frame.write_parquet(data)
        found = score_file(data, text, DESIGN, "province", names=names())
    told = {"seed": SEEDS[year], "expected": "papi-2024", "changes": [] if year == 2024 else CHANGES}
    return replace(found, facts=found.facts | told)


def main() -> None:
    OUT.mkdir(exist_ok=True)
    definition = read_definition(definition_text(2024), "papi-demo.toml")
    first = common_goals(definition)
    for n, (year, goals) in enumerate(((2024, first), (2025, changed(definition, first))), 1):
        content = packed(scored_round(year, goals))
        (OUT / f"synthetic-{n}.json.gz").write_bytes(content)
        print(f"synthetic-{n}: {len(content):,} bytes")


if __name__ == "__main__":
    main()
