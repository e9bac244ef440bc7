"""`quantri score`: an index tree from microdata, with standard errors, ranks and groups."""

import argparse
from collections.abc import Mapping
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING

from quantri.cli.answers import Row
from quantri.cli.designs import add_design, margin_notes, margins_of
from quantri.cli.files import check_output, write_whole
from quantri.cli.parsing import Commands
from quantri.cli.printing import as_json, as_table
from quantri.cli.progress import Progress
from quantri.cli.rounds import as_marked_csv, facts_of, scored, title_of, undeclared_notes
from quantri.engine.loading import load_definition
from quantri.errors import DataError, DesignError
from quantri.said import Said
from quantri.text import nfc
from quantri.words import say, told

if TYPE_CHECKING:
    from quantri.engine.ranking import Ranking
    from quantri.engine.scoring import Scores

DEFAULT_SEED = 1
FORMATS = {".txt": "table", ".json": "json", ".csv": "csv", ".parquet": "parquet"}  # by the ending of --out


def add_to(commands: Commands) -> None:
    """Add the command."""
    command = commands("score", "scores of an index from microdata, with their uncertainty")
    language = command.language
    command.set_defaults(run=_score)
    command.option("definition", type=Path, metavar="DEFINITION.toml")
    command.option("data", type=Path, metavar="DATA", help=say("Parquet, CSV, XLSX, SPSS .sav or Stata .dta", language))
    command.option(
        "--domain", type=nfc, metavar="COL", help=say("score each label of this column, such as province", language)
    )
    command.option(
        "--bootstrap", type=int, default=0, metavar="B", help=say("replicates for ranks and groups", language)
    )
    command.option("--seed", type=int, default=DEFAULT_SEED, metavar="N", help=say("of the replicates (1)", language))
    command.option("--engine", choices=("polars", "spark"), default="polars")
    command.option(
        "--format", choices=tuple(FORMATS.values()), help=say("that of --out's ending, else table", language)
    )
    command.option("--out", type=Path, metavar="FILE", help=say("write here; whole or not at all", language))
    add_design(command)


def _score(arguments: argparse.Namespace, language: str) -> str:
    form = _format(arguments)
    answer = score_answer(arguments)
    if form == "parquet":
        return _written_parquet(answer, arguments.out, language)
    text = _printed(answer, form, language)
    if not arguments.out:
        return text
    write_whole(arguments.out, lambda beside: beside.write_text(text + "\n", encoding="utf-8"))
    return say("{file}: {n} rows", language, file=arguments.out, n=len(answer["components"]))


def _format(arguments: argparse.Namespace) -> str:
    """Format asked for, else that of the ending of the file."""
    asked, out = arguments.format, arguments.out
    if not out:
        if asked == "parquet":
            raise DataError("--format parquet needs --out FILE")
        return asked or "table"
    check_output(out, tuple(FORMATS), (arguments.definition, arguments.data))
    form = FORMATS[out.suffix.lower()]
    if asked not in (None, form):
        raise DataError(
            "--format {asked} and --out {path} contradict each other: that ending means {form}; leave --format out, "
            "or change the ending",
            asked=asked, path=out, form=form,
        )  # fmt: skip
    return form


def score_answer(arguments: argparse.Namespace) -> Row:
    """Read, sum, score; polars is imported here, since other commands do without it."""
    from quantri.engine.scoring import with_observed_goalposts

    if arguments.seed < 0:
        raise DataError("--seed {seed}: must be a whole number from 0 up", seed=arguments.seed)
    if arguments.bootstrap < 0 or arguments.bootstrap == 1:
        raise DataError("--bootstrap {n}: give at least 2 replicates, such as 1000", n=arguments.bootstrap)
    if arguments.bootstrap and arguments.margins:
        raise DesignError("--bootstrap does not calibrate its replicates anew; leave it or --margins out")
    definition = load_definition(arguments.definition)
    read = scored(definition, arguments.data, arguments, margins_of(arguments.margins))
    scores, inference = read.scores, read.inference
    found = None
    if arguments.bootstrap:
        found = _ranking(scores, arguments)
        scores = with_observed_goalposts(scores, found.variance, inference)
    return {
        **facts_of(read, definition, arguments), "domains": list(scores.domains),
        "bootstrap": {"replicates": arguments.bootstrap, "seed": arguments.seed} if arguments.bootstrap else None,
        "components": _components(scores), "ranks": _ranks(scores, found), "groups": _groups(scores, found),
        "notes": _notes(scores, read.undeclared),
    }  # fmt: skip


def _effective(n: float, design_effect: float) -> float | None:
    """Size of a simple random sample that is as precise; null without a design effect, or where nothing varies."""
    return float(n / design_effect) if isfinite(design_effect) and design_effect > 0 else None


def _number(value: float) -> float | None:
    return float(value) if isfinite(value) else None


def _components(scores: "Scores") -> list[Row]:
    found = scores.estimates
    return [
        {
            "domain": domain, "code": component.code, "level": component.level,
            "estimate": _number(found.value[d, m]), "se": _number(found.standard_error[d, m]),
            "low": _number(found.low[d, m]), "high": _number(found.high[d, m]), "n": int(found.n[d, m]),
            "df": _number(found.df[d]), "deff": _number(scores.design_effect[d, m]),
            "n_effective": _effective(found.n[d, m], scores.design_effect[d, m]),
            "note": scores.notes.get((domain, component.code)),
        }
        for d, domain in enumerate(scores.domains)
        for m, component in enumerate(scores.definition)
    ]  # fmt: skip


def _ranking(scores: "Scores", arguments: argparse.Namespace) -> "Ranking":
    """Rank the domains by replicates of the whole tree."""
    import numpy as np

    from quantri.engine.ranking import rank_domains, replicated_scores

    rng = np.random.default_rng(arguments.seed)
    with Progress().step(Said("drawing {n} replicates of the tree", n=arguments.bootstrap)):
        chunks = list(replicated_scores(scores.definition, scores.totals, arguments.bootstrap, rng))
    return rank_domains(np.concatenate(chunks), scores.estimates, arguments.confidence)


def _ranks(scores: "Scores", found: "Ranking | None") -> list[Row]:
    from quantri.engine.ranking import ranks

    rank = ranks(scores.estimates.value[None])[0]
    rows = []
    for d, domain in enumerate(scores.domains):
        for m, component in enumerate(scores.definition):
            row = {"domain": domain, "code": component.code, "rank": int(rank[d, m]) or None, "low": None, "high": None}
            row |= {"joint_low": None, "joint_high": None}
            if found and rank[d, m]:
                row |= {"low": int(found.low[d, m]), "high": int(found.high[d, m])}
                row |= {"joint_low": int(found.joint_low[d, m]) or None}
                row |= {"joint_high": int(found.joint_high[d, m]) or None}
            rows.append(row)
    return rows


def _groups(scores: "Scores", found: "Ranking | None") -> list[Row]:
    import numpy as np

    from quantri.engine.groups import GROUPS, cuts, group

    rows = []
    value = scores.estimates.value
    cut = [cuts(value[:, m]) for m in range(value.shape[1])]
    for d, domain in enumerate(scores.domains):
        for m, component in enumerate(scores.definition):
            known = bool(np.isfinite(value[d, m]))
            support = None
            if found and known:
                support = {name: float(share) for name, share in zip(GROUPS, found.support[d, m], strict=True)}
            place = group(value[d, m], cut[m]) if known else None
            rows.append({"domain": domain, "code": component.code, "group": place, "support": support})
    return rows


def _notes(scores: "Scores", undeclared: Mapping[str, Mapping[str, int]]) -> list[str]:
    totals = scores.totals
    notes = undeclared_notes(undeclared)
    if totals.n_outside:
        notes.append(Said("{n} respondents have no label of a domain and count in none", n=totals.n_outside))
    observed = [c.code for c in scores.definition.measured if c.has_observed_goalpost]
    if observed:
        note = "goalposts of {components} come from these data; only --bootstrap carries their error"
        notes.append(Said(note, components=", ".join(observed)))
    unseen = [c.code for c in scores.definition if c.unseen]
    if unseen:
        note = "{components}: a share of the score that nothing here measures counts as the lowest"
        notes.append(Said(note, components=", ".join(unseen)))
    return notes


def _printed(answer: Row, form: str, language: str) -> str:
    if form == "json":
        return as_json(answer)
    if form == "csv":
        return as_marked_csv(answer, answer["components"], language)
    header = ("domain", "code", "level", "estimate", "se", "low", "high", "n", "df", "deff", "note")
    rows = [(*(row[name] for name in header[:-1]), told(row["note"] or "", language)) for row in answer["components"]]
    rows = [(domain, code, say(level, language), *rest) for domain, code, level, *rest in rows]
    notes = [told(note, language) for note in (*margin_notes(answer["margins"]), *answer["notes"])]
    table = as_table([say(name, language) for name in header], rows, language)
    return "\n".join([title_of(answer, language), *notes, "", table])


def _written_parquet(answer: Row, out: Path, language: str) -> str:
    import polars as pl

    frame = pl.DataFrame(answer["components"], infer_schema_length=None)
    kept = {k: str(v) for k, v in answer.items() if k not in ("components", "ranks", "groups", "domains", "notes")}
    write_whole(out, lambda beside: frame.write_parquet(beside, metadata=kept))
    return say("{file}: {n} rows", language, file=out, n=len(frame))
