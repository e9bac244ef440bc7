"""A file of microdata to a scored round: read, summed and scored by the engine, and then forgotten."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

from quantri import __version__
from quantri.engine.definition import IndexDefinition
from quantri.engine.design import Inference, SampleDesign
from quantri.engine.estimate import by_domain
from quantri.engine.labelling import coded
from quantri.engine.loading import read_definition
from quantri.engine.microdata import Microdata, reading, sha256
from quantri.engine.ranking import Ranking, rank_domains, replicated_scores
from quantri.engine.rounds import SYNTHETIC, read_round, sum_round, usual_variance
from quantri.engine.scoring import Scores, score, with_observed_goalposts
from quantri.engine.totals import PsuTotals
from quantri.errors import DataError
from quantri.web.places.codes import padded
from quantri.web.surveys import scored
from quantri.web.surveys.scored import Domain, ScoredRound

REPLICATES, SEED = 1000, 1
MOST_DOMAINS, FEWEST = 300, 10
Report = Callable[[int, str], None]  # percent and step


def score_file(
    data: Path, definition_text: str, design: SampleDesign, domain: str | None, *, lonely: str = "fail",
    names: Mapping[str, Domain] | None = None, report: Report = lambda _progress, _step: None,
) -> ScoredRound:  # fmt: skip
    """Score every component in every domain, with ranks and groups from the bootstrap."""
    definition = read_definition(definition_text, "definition")
    report(10, "reading")
    found = read_round(definition, data, design, domain)
    with reading(found.name):
        sums = sum_round(coded(definition, found), found.frame, design, domain)
    totals = sums.totals
    _refuse_small_places(totals, domain)
    report(40, "scoring")
    inference = Inference(variance_rule=usual_variance(len(totals.domains)), lonely=lonely)
    scores = score(definition, totals, inference)
    report(60, "ranking")
    ranking = _ranking(scores, inference)
    scores = with_observed_goalposts(scores, ranking.variance, inference)
    facts = _facts(data, definition, definition_text, scores, inference, found)
    facts |= {"design": {name: column for name, column in asdict(design).items() if column}, "domain": domain}
    facts |= {
        "undeclared": {question: sum(codes.values()) for question, codes in sums.undeclared.items()},
        "n_outside": totals.n_outside,
    }
    return ScoredRound(
        facts=facts, definition_text=definition_text, arrays=_arrays(scores, ranking), notes=_notes(scores),
        domains=_named(scores.domains, names or {}),
    )  # fmt: skip


def _named(labels: Sequence[str], names: Mapping[str, Domain]) -> tuple[Domain, ...]:
    """Name places by the official codes of provinces that label them, all of them or none; each keeps its label."""
    codes = [padded(label, "province") for label in labels]
    if len(set(codes)) < len(codes) or not all(code in names for code in codes):
        return tuple(Domain(label=label, name_vi=label, name_en=label) for label in labels)
    return tuple(replace(names[code], label=label) for label, code in zip(labels, codes, strict=True))


def _refuse_small_places(totals: PsuTotals, column: str | None) -> None:
    """Keep places from being so many, or so small, that their scores would show single people."""
    if len(totals.domains) > MOST_DOMAINS:
        raise DataError(
            "column {column} names {n} places, more than {most}; choose the column of provinces or districts",
            column=column, n=len(totals.domains), most=MOST_DOMAINS,
        )  # fmt: skip
    sizes = by_domain(totals.n_rows, totals)
    d = int(np.argmin(sizes)) if sizes.size else 0
    if sizes.size and sizes[d] < FEWEST:
        place = " · ".join(map(str, totals.domains[d])) or "all"
        raise DataError(
            "{place}: {n} respondents, fewer than {fewest}, so its scores would show single people; "
            "leave it out, or choose a column of larger places",
            place=place, n=int(sizes[d]), fewest=FEWEST,
        )  # fmt: skip


def _facts(
    data: Path, definition: IndexDefinition, text: str, scores: Scores, inference: Inference, found: Microdata
) -> dict[str, Any]:
    return {
        "index": definition.code, "year": definition.year,
        "definition_sha256": scored.sha256(text.encode()), "data_sha256": sha256(data),
        "engine_version": __version__, "synthetic": definition.synthetic or SYNTHETIC in found.columns,
        "n": int(scores.totals.n_rows.sum()), "n_psus": len(scores.totals.structure.psus),
        "n_strata": len(scores.totals.structure.strata), "confidence": inference.confidence_level,
        "df_rule": inference.df_rule, "variance_rule": inference.variance_rule, "lonely": inference.lonely,
        "bootstrap": {"replicates": REPLICATES, "seed": SEED},
    }  # fmt: skip


def _ranking(scores: Scores, inference: Inference) -> Ranking:
    chance = np.random.default_rng(SEED)
    chunks = list(replicated_scores(scores.definition, scores.totals, REPLICATES, chance))
    return rank_domains(np.concatenate(chunks), scores.estimates, inference.confidence_level)


def _arrays(scores: Scores, ranking: Ranking) -> dict[str, Any]:
    found = scores.estimates
    return {
        "value": found.value, "standard_error": found.standard_error, "low": found.low, "high": found.high,
        "n": found.n, "df": found.df, "design_effect": scores.design_effect, "support": ranking.support,
        "rank_low": ranking.low, "rank_high": ranking.high,
        "joint_low": ranking.joint_low, "joint_high": ranking.joint_high,
    }  # fmt: skip


def _notes(scores: Scores) -> dict[str, dict[str, str]]:
    notes: dict[str, dict[str, str]] = {}
    for (domain, code), note in scores.notes.items():
        notes.setdefault(domain, {})[code] = note
    return notes
