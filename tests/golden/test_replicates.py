"""With R's own replicate weights the replicate variances are those of R; our jackknife makes the same by itself."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from quantri.engine.definition import IndexDefinition
from quantri.engine.design import SampleDesign
from quantri.engine.loading import load_definition
from quantri.engine.recode import recode_answers
from quantri.engine.resample import Replicates, jackknife, replicated_means, replicated_sums
from quantri.engine.row_replicates import given_replicates
from quantri.engine.scoring import grow
from quantri.engine.totals import PsuTotals, psu_totals
from quantri.engine.variables import ratio_of, variables_of

HERE = Path(__file__).parent
EXPECTED = json.loads((HERE / "expected.json").read_text("utf-8"))
CASES, JACKKNIFE = EXPECTED["replicates"], EXPECTED["jackknife"]
DESIGN = SampleDesign(weight="weight", strata="stratum", psu="psu")
Case = dict[str, Any]
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])


@pytest.fixture(scope="module")
def nested() -> pl.DataFrame:
    return pl.read_csv(HERE / "data" / "nested.csv")


@pytest.fixture(scope="module")
def sample(nested: pl.DataFrame) -> PsuTotals:
    plain = variables_of(nested.lazy(), ["y", "z", "kind"])
    survey = variables_of(nested.lazy(), ["s"], ["888", "999"])
    return psu_totals(nested, [*plain, *survey, ratio_of(nested.lazy(), "z", "x")], DESIGN)


@pytest.fixture(scope="module")
def tree() -> IndexDefinition:
    return load_definition(HERE / "data" / "tree-2024.toml")


@pytest.fixture(scope="module")
def leaves(nested: pl.DataFrame, tree: IndexDefinition) -> PsuTotals:
    measures = {leaf.code: leaf.measure for leaf in tree.measured if leaf.measure}
    return psu_totals(nested, recode_answers(measures, nested), DESIGN)


def of_r(case: Case, nested: pl.DataFrame, totals: PsuTotals) -> np.ndarray:
    """Multipliers (B, L) of the rows of totals, from R's replicate weights of respondents."""
    weights = pl.read_csv(HERE / "data" / case["file"], infer_schema_length=None).to_numpy()
    row_of_psu = {label: row for row, label in enumerate(nested["psu"])}
    rows = [row_of_psu[totals.structure.psus[i]] for i in totals.psu]
    return (weights / nested["weight"].to_numpy()[:, None])[rows].T


def variance(case: Case, value: np.ndarray, replicate: np.ndarray) -> np.ndarray:
    scale = case["scale"] * np.array(case["rscales"])
    made = Replicates(value=value, replicate=replicate, scale=scale)
    return made.variance(around="value" if case["mse"] else "mean")[0]


def grown(tree: IndexDefinition, means: np.ndarray) -> np.ndarray:
    """Every node under each set of weights (B, 1, M), from the leaves' means (B, 1, K)."""
    nobody = np.zeros((0, means.shape[2]))
    return grow(tree, means[:, 0], nobody, np.zeros(0, dtype=np.int64)).value[:, None]


@each_case
def test_rows_with_the_replicate_weights_of_r(case: Case, nested: pl.DataFrame) -> None:
    weights = pl.read_csv(HERE / "data" / case["file"], infer_schema_length=None)
    weights = weights.rename({name: f"replicate {i}" for i, name in enumerate(weights.columns)})
    frame = pl.concat([nested, weights], how="horizontal")
    batches = variables_of(frame.lazy(), ["y", "z", "kind"])
    scale = case["scale"] * np.array(case["rscales"])
    _, found = given_replicates(frame, batches, "weight", weights.columns, scale)
    names = tuple(name for batch in batches for name in batch.variables)
    means = [row for row in case["rows"] if row["stat"] == "mean" and row["var"] in names]
    assert len(means) >= 4
    assert_as_r(means, names, found.value[0], found.variance(around="value" if case["mse"] else "mean")[0])


def assert_as_r(expected: list[Case], names: tuple[str, ...], value: np.ndarray, found: np.ndarray) -> None:
    for row in expected:
        at = names.index(row.get("var") or row["code"])
        assert value[at] == pytest.approx(row["estimate"], rel=1e-9), row
        assert np.sqrt(found[at]) == pytest.approx(row["se"], rel=1e-9), row


@each_case
def test_means_under_the_replicate_weights_of_r(case: Case, nested: pl.DataFrame, sample: PsuTotals) -> None:
    multipliers = of_r(case, nested, sample)
    full = replicated_means(sample, np.ones_like(multipliers[:1]))[0]
    found = variance(case, full, replicated_means(sample, multipliers))
    means = [row for row in case["rows"] if row["stat"] != "total"]
    assert len(means) == 7
    assert_as_r(means, sample.variables, full[0], found)


@each_case
def test_totals_under_the_replicate_weights_of_r(case: Case, nested: pl.DataFrame, sample: PsuTotals) -> None:
    multipliers = of_r(case, nested, sample)
    full = replicated_sums(sample, np.ones_like(multipliers[:1]))[0][0]
    found = variance(case, full, replicated_sums(sample, multipliers)[0])
    assert_as_r([row for row in case["rows"] if row["stat"] == "total"], sample.variables, full[0], found)


@each_case
def test_a_domain_under_the_replicate_weights_of_r(case: Case, nested: pl.DataFrame) -> None:
    east = psu_totals(nested, variables_of(nested.lazy(), ["y"]), DESIGN, domains=["region"])
    multipliers = of_r(case, nested, east)
    full = replicated_means(east, np.ones_like(multipliers[:1]))[0]
    found = variance(case, full, replicated_means(east, multipliers))
    assert east.domains[0] == ("east",)
    assert_as_r(case["east"], east.variables, full[0], found)


@each_case
def test_every_node_of_a_tree_under_the_replicate_weights_of_r(
    case: Case, nested: pl.DataFrame, leaves: PsuTotals, tree: IndexDefinition
) -> None:
    multipliers = of_r(case, nested, leaves)
    order = [leaves.variables.index(leaf.code) for leaf in tree.measured]
    full = grown(tree, replicated_means(leaves, np.ones_like(multipliers[:1]))[..., order])[0]
    found = variance(case, full, grown(tree, replicated_means(leaves, multipliers)[..., order]))
    assert len(case["nodes"]) == len(tree.components)
    assert_as_r(case["nodes"], tuple(c.code for c in tree), full[0], found)


@pytest.mark.parametrize("case", JACKKNIFE, ids=lambda case: case["id"])
def test_our_jackknife_is_that_of_r(case: Case) -> None:
    frame = pl.read_csv(HERE / "data" / f"{case['data']}.csv")
    named = {"is_nested" if name == "nest" else name: value for name, value in case["options"].items()}
    batches = [*variables_of(frame.lazy(), ["y", "z"]), ratio_of(frame.lazy(), "z", "x")]
    totals = psu_totals(frame, batches, SampleDesign(**named))
    multipliers, scale = jackknife(totals)
    for stat, of in (("mean", replicated_means), ("total", lambda *given: replicated_sums(*given)[0])):
        full = of(totals, np.ones_like(multipliers[:1]))[0]
        found = variance({"scale": 1.0, "rscales": scale, **case}, full, of(totals, multipliers))
        assert_as_r(
            [row for row in case["rows"] if (row["stat"] == "total") == (stat == "total")],
            totals.variables,
            full[0],
            found,
        )
