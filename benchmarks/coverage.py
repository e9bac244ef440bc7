"""Coverage study: how often intervals, ranks and groups hold the truth; python benchmarks/coverage.py [--samples 2000].

A synthetic population of PSUs with real answers is made once; samples draw its PSUs with replacement, and every rule
makes its intervals from the same samples, by the engine's own functions.
"""

import argparse
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from itertools import product

import numpy as np
import polars as pl

from quantri.engine.definition import IndexDefinition
from quantri.engine.design import Inference, SampleDesign, SampleStructure
from quantri.engine.estimate import Estimates, interval
from quantri.engine.goals import published_goals
from quantri.engine.layout import LARGE, MEDIUM, SampleLayout
from quantri.engine.likeness import Tendencies
from quantri.engine.loading import DATA, load_archive, load_definition
from quantri.engine.ranking import group_support, rank_domains, ranks, replicated_scores
from quantri.engine.recode import recode_answers
from quantri.engine.scoring import grow, score
from quantri.engine.simulate import blocks
from quantri.engine.totals import PsuTotals, psu_totals

SEED, LEVEL, PSUS = 20241, 0.95, 120  # PSUs in the population of each stratum
LEVELS = ("indicator", "sub_dimension", "dimension", "index")
PAPI, MANY = ((2, 2), (2, 5)), ((4, 12), (4, 20))  # communes of the seat, and districts: small province, large one
ALIKE = (Tendencies(), Tendencies())  # every first province, every second one
UNLIKE = (Tendencies(psu=0.01, commune=0.005, village=0.005), Tendencies(psu=0.03, commune=0.015, village=0.015))
SETTINGS = {"PAPI's design": (PAPI, ALIKE), "more PSUs": (MANY, ALIKE), "PAPI's, provinces unlike": (PAPI, UNLIKE)}
RULES = (
    ("own", "domain"), ("own", "design"), ("own", "inf"), ("pooled", "domain"), ("pooled", "inf"),
)  # fmt: skip
RANKED, REPLICATES = 200, 300


@dataclass(frozen=True)
class Population:
    """Every PSU of 63 provinces: sums (U, 2 strata, PSUs, K), and the true score of each component."""

    definition: IndexDefinition
    sums: PsuTotals
    row: np.ndarray
    truth: np.ndarray
    is_large: np.ndarray


@cache
def population(tendencies: tuple[Tendencies, Tendencies]) -> Population:
    definition = load_definition(DATA / "indices" / "demo" / "papi-demo.toml")
    goals = published_goals(definition, load_archive("papi").edition(2024))
    n = len(goals.units)
    parts = []
    for stratum, half in product((0, 1), (0, 1)):
        layout, how = population_layout(goals.units[half::2], stratum), tendencies[half]
        for block in blocks(definition, goals, layout, rng=np.random.default_rng(SEED), tendencies=how):
            label = pl.format(f"{{}}-{stratum}-{{}}", pl.col("province").cast(pl.String), pl.col("psu").cast(pl.String))
            frame = block.with_columns(psu=label, stratum=pl.format(f"{{}}-{stratum}", "province"))
            parts.append(summed(definition, frame))
    sums = joined(parts)
    row = np.argsort(sums.structure.stratum_of_psu, kind="stable").reshape(n, 2, PSUS)
    total = [side[row].sum(axis=(1, 2)) for side in (sums.y, sums.r)]
    order = [sums.variables.index(c.code) for c in definition.measured]
    nobody = np.zeros((0, len(order))), np.zeros(0, dtype=int)
    truth = grow(definition, (total[0] / total[1])[:, order], *nobody).value
    return Population(definition, sums, row, truth, np.array([u in (*LARGE, *MEDIUM) for u in goals.units]))


def population_layout(units: tuple[str, ...], stratum: int) -> SampleLayout:
    """Lay out all communes of the seat's district (stratum 0), or all other districts (1)."""
    n = len(units)
    one = {"units": units, "districts_in_all": (999,) * n, "respondents": (16,) * n}
    if stratum == 0:
        return SampleLayout(**one, districts=(1,) * n, communes=PSUS, communes_in_all=PSUS, certainty=1)
    return SampleLayout(**one, districts=(PSUS,) * n, certainty=0)


def summed(definition: IndexDefinition, frame: pl.DataFrame) -> PsuTotals:
    measures = {c.code: c.measure for c in definition.measured if c.measure is not None}
    design = SampleDesign(weight="weight", strata="stratum", psu="psu")
    return psu_totals(frame, recode_answers(measures, frame), design)


def joined(parts: list[PsuTotals]) -> PsuTotals:
    """Put pieces together; a PSU that lies in two pieces becomes one again."""
    names = sorted(
        {
            (p.structure.strata[h], psu)
            for p in parts
            for h, psu in zip(p.structure.stratum_of_psu, p.structure.psus, strict=True)
        }
    )
    place = {name: i for i, name in enumerate(names)}
    strata = sorted({stratum for stratum, _ in names})
    k = len(parts[0].variables)
    fields = {f: np.zeros((len(names), k)) for f in ("y", "r", "squares")} | {"n": np.zeros((len(names), k), dtype=int)}
    fields |= {"weight": np.zeros(len(names)), "n_rows": np.zeros(len(names), dtype=int)}
    for part in parts:
        s = part.structure
        at = np.array([place[s.strata[s.stratum_of_psu[i]], s.psus[i]] for i in part.psu])
        for name, held in fields.items():
            np.add.at(held, at, getattr(part, name))
    structure = SampleStructure(
        strata=tuple(strata), psus=tuple(psu for _, psu in names), fraction=np.zeros(len(strata)),
        stratum_of_psu=np.array([strata.index(stratum) for stratum, _ in names]),
    )  # fmt: skip
    unit = np.arange(len(names))
    return replace(parts[0], structure=structure, domains=((),), domain=np.zeros_like(unit), unit=unit, **fields)


def drawn(people: Population, design: str, rng: np.random.Generator) -> PsuTotals:
    """Draw PSUs of each stratum with replacement, and let provinces be the domains."""
    small, large = SETTINGS[design][0]
    rows, stratum, domain = [], [], []
    for u, is_large in enumerate(people.is_large):
        for h, n in enumerate(large if is_large else small):
            rows.append(rng.choice(people.row[u, h], n))
            stratum += [2 * u + h] * n
            domain += [u] * n
    at = np.concatenate(rows)
    count = np.bincount(stratum)
    # each stratum stands for its population: all PSUs of a stratum over those drawn
    times = (PSUS / count)[stratum][:, None]
    s = people.sums
    structure = SampleStructure(
        strata=s.structure.strata, psus=tuple(map(str, range(len(at)))), stratum_of_psu=np.array(stratum),
        fraction=np.zeros(len(count)),
    )  # fmt: skip
    return replace(
        s, structure=structure, domains=tuple((u,) for u in range(len(people.row))), domain=np.array(domain),
        unit=np.arange(len(at)), y=s.y[at] * times, r=s.r[at] * times, squares=s.squares[at] * times, n=s.n[at],
        weight=s.weight[at] * times[:, 0], n_rows=s.n_rows[at],
    )  # fmt: skip


def intervals(people: Population, totals: PsuTotals) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Low and high ends by each rule."""
    own = score(people.definition, totals, Inference()).estimates
    shared = score(people.definition, totals, Inference(variance_rule="pooled")).estimates
    found: dict[str, Estimates] = {"own": own, "pooled": shared}
    for variance, df in RULES:
        e = found[variance]
        degrees = {"domain": e.df, "design": np.full_like(e.df, totals.structure.df), "inf": np.full_like(e.df, np.inf)}
        yield interval(e.value, e.standard_error, degrees[df][:, None], LEVEL)


def covered(task: tuple[str, int, int]) -> tuple[np.ndarray, np.ndarray, int]:
    """Count, over some samples, intervals that hold the truth, and sum their widths: (rules, U, M)."""
    design, seed, n_samples = task
    people, rng = population(SETTINGS[design][1]), np.random.default_rng(seed)
    held = np.zeros((len(RULES), *people.truth.shape))
    width = np.zeros_like(held)
    for _ in range(n_samples):
        for rule, (low, high) in enumerate(intervals(people, drawn(people, design, rng))):
            held[rule] += (low <= people.truth) & (people.truth <= high)
            width[rule] += high - low
    return held, width, n_samples


def ranked(task: tuple[str, int, int]) -> np.ndarray:
    """Shares of provinces whose true rank, and of samples of which all true ranks, lie inside; support of the group."""
    design, seed, n_samples = task
    people, rng = population(SETTINGS[design][1]), np.random.default_rng(seed)
    m = people.definition.column("PAPI")
    true_rank = ranks(people.truth[None])[0][:, m]
    true_group = group_support(people.truth[None, :, m]).argmax(axis=1)
    out = []
    for _ in range(n_samples):
        totals = drawn(people, design, rng)
        found = score(people.definition, totals, Inference(variance_rule="pooled")).estimates
        top = replace(found, value=found.value[:, [m]], standard_error=found.standard_error[:, [m]])
        drawn_scores = np.concatenate(list(replicated_scores(people.definition, totals, REPLICATES, rng)))[:, :, [m]]
        found = rank_domains(drawn_scores, top, LEVEL)
        inside = (found.low[:, 0] <= true_rank) & (true_rank <= found.high[:, 0])
        joint = (found.joint_low[:, 0] <= true_rank) & (true_rank <= found.joint_high[:, 0])
        support = found.support[:, 0]
        claimed, right = support.max(axis=1), support.argmax(axis=1) == true_group
        spans = (found.high - found.low + 1).mean(), (found.joint_high - found.joint_low + 1).mean()
        out.append([inside.mean(), spans[0], joint.all(), joint.mean(), spans[1], claimed.mean(), right.mean()])
    return np.array(out)


def table(people: Population, design: str, held: np.ndarray, width: np.ndarray, n: int) -> str:
    level = np.array([c.level for c in people.definition])
    lines = [
        f"| {design}: variance, df | {' | '.join(LEVELS)} | width, times the shortest |",
        "|---|---|---|---|---|---|",
    ]
    base = min(width[r][:, level == "index"].mean() for r in range(len(RULES)))
    for rule, (variance, df) in enumerate(RULES):
        shares = [f"{held[rule][:, level == one].mean() / n:.1%}" for one in LEVELS]
        times = width[rule][:, level == "index"].mean() / base
        lines.append(f"| {variance}, {df} | {' | '.join(shares)} | {times:.2f} |")
    return "\n".join(lines)


def spread(people: Population, held: np.ndarray, n: int) -> str:
    """Say how coverage of the composite differs between provinces."""
    m = people.definition.column("PAPI")
    parts = []
    for rule in ("own", "pooled"):
        single = held[RULES.index((rule, "domain"))][:, m] / n
        halves = " and ".join(f"{single[half::2].mean():.1%}" for half in (0, 1))
        parts.append(f"{rule}: {np.quantile(single, 0.05):.1%} to {np.quantile(single, 0.95):.1%}, halves {halves}")
    return f"Composite, middle nine tenths of the provinces, df domain: {'; '.join(parts)}."


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--samples", type=int, default=2000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    began = time.perf_counter()
    for _, tendencies in SETTINGS.values():
        people = population(tendencies)
    print(f"Population: {int(people.sums.n_rows.sum())} people in {len(people.sums.n_rows)} PSUs; seed {SEED}.\n")
    with ProcessPoolExecutor(arguments.workers) as pool:  # forked: populations are not made again
        for design in SETTINGS:
            people = population(SETTINGS[design][1])
            pieces = [
                (design, SEED + s, min(100, arguments.samples - 100 * s)) for s in range(-(-arguments.samples // 100))
            ]
            done = list(pool.map(covered, pieces))
            held, width = (sum(part[i] for part in done) for i in (0, 1))
            n = sum(part[2] for part in done)
            print(table(people, design, held, width, n), "", spread(people, held, n), "", sep="\n")
        print(
            "| design | rank interval holds | its width | all joint sets hold | one holds | its width "
            "| support of the likeliest group | it is right |"
        )
        print("|---|---|---|---|---|---|---|---|")
        for design in SETTINGS:
            pieces = [(design, SEED + s, min(20, RANKED)) for s in range(RANKED // 20)]
            mean = np.concatenate(list(pool.map(ranked, pieces))).mean(axis=0)
            cells = [f"{x:.1f}" if i in (1, 4) else f"{x:.1%}" for i, x in enumerate(mean)]
            print(f"| {design} | {' | '.join(cells)} |")
    print(f"\n{time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
