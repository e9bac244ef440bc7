"""Small samples and trees that tests of the microdata engine share; all of it is made up."""

import numpy as np
import polars as pl

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.design import SampleDesign
from quantri.engine.measure import Measure
from quantri.engine.recode import recode_answers
from quantri.engine.totals import PsuTotals, psu_totals

CLUSTERS = SampleDesign(weight="w", strata="h", psu="p")


def sample(seed: int = 1, n: int = 240, n_strata: int = 3, n_psus: int = 4) -> pl.DataFrame:
    """People in PSUs within strata: two yes-no questions, a number, skewed weights, some answers missing."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, n_strata, n)
    psu = stratum * n_psus + np.concatenate([np.arange(n_psus), rng.integers(0, n_psus, n)])[:n]
    lift = rng.normal(0, 0.15, n_strata * n_psus)[psu]
    answers = {
        f"q{i}": pl.Series(np.where(rng.random(n) < 0.4 + 0.1 * i + lift, 1, 2)).scatter(
            np.flatnonzero(rng.random(n) < 0.1), 888 if i else None
        )
        for i in range(2)
    }
    return pl.DataFrame(
        {"h": stratum, "p": psu, "w": rng.lognormal(0, 0.5, n), "g": rng.integers(0, 2, n), **answers,
         "x": rng.normal(5, 2, n)}
    )  # fmt: skip


def yes_no(question: str) -> Measure:
    return Measure(questions=(question,), values={"1": 1, "2": 0}, missing=(888,))


def tree(rollup: str = "arithmetic", **first: object) -> IndexDefinition:
    """An index of one dimension with three measured leaves."""
    named = {"name_vi": "minh họa", "name_en": "demonstration"}
    top = Component(code="T", level="index", bounds=(1, 10), rollup="sum", **named)
    part = Component(code="D", level="dimension", parent="T", bounds=(1, 10), rollup=rollup, **named)
    leaf = {"level": "indicator", "parent": "D", **named}
    leaves = (
        Component(code="A", measure=yes_no("q0"), bounds=(0, 1), **{"worst": 0, "best": 1, **first}, **leaf),
        Component(code="B", measure=yes_no("q1"), bounds=(0, 1), worst=0, best=1, **leaf),
        Component(code="C", measure=Measure(questions=("x",)), bounds=(-5, 15), worst=-5, best=15, **leaf),
    )
    return IndexDefinition(code="demo", year=2024, components=(top, part, *leaves), **named)


def summed(
    frame: pl.DataFrame, definition: IndexDefinition | None = None, design: SampleDesign = CLUSTERS, by: tuple = ()
) -> PsuTotals:
    measures = {c.code: c.measure for c in (definition or tree()).measured}
    return psu_totals(frame, recode_answers(measures, frame), design, domains=by)
