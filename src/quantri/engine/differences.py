"""Change between two rounds of a survey: difference, test and contributions at every component."""

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import ndtr, stdtr

from quantri.engine.comparability import Link, Links
from quantri.engine.definition import IndexDefinition
from quantri.engine.design import FloatArray, Inference, IntArray, SampleStructure
from quantri.engine.estimate import degrees_of_freedom, interval
from quantri.engine.noise import without_noise
from quantri.engine.scoring import Scores, grow
from quantri.engine.totals import PsuTotals
from quantri.engine.variance import strays
from quantri.errors import DesignError


@dataclass(frozen=True, kw_only=True)
class Differences:
    """Later minus earlier score of C common components in D common domains.

    Parameters
    ----------
    domains, codes : tuple of str
        D names and C codes, in the order of the later definition.
    before, after, value, standard_error, low, high : ndarray of float, shape (D, C)
        In points; NaN where there is none. `value` is NaN where the editions may not be compared.
    df : ndarray of float, shape (D, C)
    p, q : ndarray of float, shape (D, C)
        Two-sided p-value, and the false-discovery rate at which it counts as a finding among all tests of the answer;
        NaN where nothing is tested: scores that are not fully comparable are not.
    links : tuple of Link
        C links.

    Examples
    --------
    >>> one = np.ones((1, 1))
    >>> Differences(domains=("all",), codes=("T",), before=one, after=one, value=one * 0, standard_error=one, low=-one,
    ...             high=one, df=one, p=one, q=one, links=()).codes
    ('T',)
    """

    domains: tuple[str, ...]
    codes: tuple[str, ...]
    before: FloatArray
    after: FloatArray
    value: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray
    df: FloatArray
    p: FloatArray
    q: FloatArray
    links: tuple[Link, ...]


def compare_rounds(before: Scores, after: Scores, links: Links, inference: Inference) -> Differences:
    """Compare two rounds whose samples are independent.

    Parameters
    ----------
    before, after : Scores
        Of the same index.
    links : Links
        What may be compared between the two editions.
    inference : Inference

    Returns
    -------
    Differences

    Notes
    -----
    The variance is the sum of both; its degrees of freedom are Satterthwaite's [1]_. The false-discovery rates are
    those of Benjamini and Hochberg [2]_ over every domain and component tested.

    References
    ----------
    .. [1] Satterthwaite (1946), Biometrics Bulletin 2(6), on approximate degrees of freedom.
    .. [2] Benjamini and Hochberg (1995), J. R. Stat. Soc. B 57(1), on false discoveries.
    """
    common = _Common.of(before, after)
    errors = [s.estimates.standard_error[np.ix_(d, c)] for s, d, c in common.sides]
    dfs = [s.estimates.df[d][:, None] for s, d, _ in common.sides]
    variance = errors[0] ** 2 + errors[1] ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        df = variance**2 / (errors[0] ** 4 / dfs[0] + errors[1] ** 4 / dfs[1])
    df = np.where(np.isinf(dfs[0]) & np.isinf(dfs[1]), np.inf, df)
    return _tested(common, np.sqrt(variance), df, links, inference)


def compare_paired_rounds(before: Scores, after: Scores, links: Links, inference: Inference) -> Differences:
    """Compare two rounds that were drawn in the same PSUs, whose estimates are therefore correlated.

    Parameters
    ----------
    before, after, links, inference
        As `differences`. PSUs of equal label in strata of equal label are the same; those of one round only are kept.

    Raises
    ------
    DesignError
        If a design has a second stage, margins are known, or the finite populations of a stratum differ.

    Notes
    -----
    Both rounds' influences are summed by PSU, the earlier with a minus, and their spread is taken once.
    """
    common = _Common.of(before, after)
    joined, influence = _joined(common)
    distances = strays(influence, np.ones(influence.shape, dtype=bool), joined, inference)
    df = degrees_of_freedom(joined, inference)[:, None]
    error = np.where(np.isnan(common.change), np.nan, without_noise(np.sqrt(distances.variance), common.size))
    return _tested(common, error, np.broadcast_to(df, error.shape), links, inference)


def false_discovery_rates(p: FloatArray) -> FloatArray:
    """Benjamini and Hochberg's adjusted p-values, any shape; NaN stays NaN and does not count as a test.

    Examples
    --------
    >>> false_discovery_rates(np.array([0.01, 0.02, np.nan, 0.5])).round(3).tolist()
    [0.03, 0.03, nan, 0.5]
    """
    q = np.full(p.shape, np.nan)
    known = np.isfinite(p)
    order = np.argsort(p[known])
    tests = order.size
    adjusted = p[known][order] * tests / np.arange(1, tests + 1)
    adjusted = np.minimum(np.minimum.accumulate(adjusted[::-1])[::-1], 1.0)
    found = np.empty(tests)
    found[order] = adjusted
    q[known] = found
    return q


def contributions(definition: IndexDefinition, before: FloatArray, after: FloatArray) -> FloatArray:
    """Split the change of every component into what each measured leaf brought, in points.

    Parameters
    ----------
    definition : IndexDefinition
        Of both rounds, with fixed goalposts.
    before, after : ndarray of float, shape (K,)
        Means of the measured leaves of one domain, in their own units.

    Returns
    -------
    ndarray of float, shape (K, M)
        They sum over leaves to the change of each component, to 1e-6 where means are geometric, else exactly.

    Notes
    -----
    Each leaf's change times the mean slope on the straight way from before to after, by Gauss-Legendre in five points:
    the split of Aumann and Shapley [1]_, which does not depend on an order of the leaves.

    References
    ----------
    .. [1] Aumann and Shapley (1974), Values of Non-Atomic Games.

    Examples
    --------
    >>> from quantri.engine.definition import Component
    >>> from quantri.engine.measure import Measure
    >>> part = {"level": "indicator", "name_vi": "x", "name_en": "x", "bounds": (0, 1), "parent": "T"}
    >>> part |= {"worst": 0, "best": 1}
    >>> top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(0, 10), rollup="arithmetic")
    >>> parts = [Component(code=q, measure=Measure(questions=(q,)), **part) for q in "ab"]
    >>> tree = IndexDefinition(code="demo", year=2024, name_vi="T", name_en="T", components=(top, *parts))
    >>> contributions(tree, np.array([0.5, 0.5]), np.array([0.7, 0.4]))[:, 0].round(9).tolist()
    [1.0, -0.5]
    """
    nodes, weights = np.polynomial.legendre.leggauss(5)
    eye, one_domain = np.eye(len(before)), np.zeros(len(before), dtype=np.int64)
    slope = np.zeros((len(before), len(definition.components)))
    for at, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        point = before + at * (after - before)
        slope += weight * grow(definition, point[None], eye, one_domain).influence
    return np.asarray(without_noise(after - before, np.maximum(np.abs(before), np.abs(after)))[:, None] * slope)


@dataclass(frozen=True, kw_only=True)
class _Common:
    """Both rounds with the rows and columns that they share."""

    sides: tuple[tuple[Scores, IntArray, IntArray], tuple[Scores, IntArray, IntArray]]
    domains: tuple[str, ...]
    codes: tuple[str, ...]

    @classmethod
    def of(cls, before: Scores, after: Scores) -> "_Common":
        domains = tuple(d for d in after.domains if d in before.domains)
        codes = tuple(c.code for c in after.definition if c.code in before.definition)
        first, second = (
            (
                scores,
                np.array([scores.domains.index(d) for d in domains], dtype=np.int64),
                np.array([scores.definition.column(c) for c in codes], dtype=np.int64),
            )
            for scores in (before, after)
        )
        return cls(sides=(first, second), domains=domains, codes=codes)

    @property
    def values(self) -> tuple[FloatArray, FloatArray]:
        first, second = (s.estimates.value[np.ix_(d, c)] for s, d, c in self.sides)
        return first, second

    @property
    def change(self) -> FloatArray:
        before, after = self.values
        return without_noise(after - before, self.size)

    @property
    def size(self) -> FloatArray:
        return np.fmax(*map(np.abs, self.values))


def _tested(common: _Common, error: FloatArray, df: FloatArray, links: Links, inference: Inference) -> Differences:
    years = [scores.definition.year for scores, _, _ in common.sides]
    found = tuple(links.path(code, *years) for code in common.codes)
    comparable = np.array([link.comparable for link in found])
    value = np.where(comparable == "no", np.nan, common.change)
    error = np.where(np.isnan(value), np.nan, error)
    low, high = interval(value, error, df, inference.confidence_level)
    with np.errstate(divide="ignore", invalid="ignore"):
        p = two_sided(value / error, df)
    p = np.where(comparable == "yes", p, np.nan)
    before, after = common.values
    return Differences(
        domains=common.domains, codes=common.codes, before=before, after=after, value=value, standard_error=error,
        low=low, high=high, df=df, p=p, q=false_discovery_rates(p), links=found,
    )  # fmt: skip


def two_sided(t: FloatArray, df: FloatArray) -> FloatArray:
    """Two-sided p-value of a studentised difference; NaN without degrees of freedom.

    Examples
    --------
    >>> two_sided(np.array([1.959964]), np.array([np.inf])).round(4).tolist()
    [0.05]
    """
    finite = np.where(np.isfinite(df) & (df > 0), df, 1.0)
    tail = np.where(np.isinf(df), ndtr(-np.abs(t)), stdtr(finite, -np.abs(t)))
    return np.where(df > 0, 2 * tail, np.nan)


def _joined(common: _Common) -> tuple[PsuTotals, FloatArray]:
    """Rows of both rounds in one structure, and what each adds to the differences."""
    structures = [scores.totals.structure for scores, _, _ in common.sides]
    if any(scores.totals.margins is not None for scores, _, _ in common.sides):
        raise DesignError("rounds that share PSUs are compared without margins; leave --margins or --shared-psus out")
    if any(structure.psu_of_ssu is not None for structure in structures):
        raise DesignError("rounds that share PSUs are compared by their first stage; leave --ssu and --fpc2 out")
    structure, places = _union(*structures)
    if not np.intersect1d(*places).size:
        raise DesignError(
            "no PSU of one round is in the other (such as {one!r} and {other!r}); write their labels alike, or leave "
            "--shared-psus out",
            one=structures[0].psus[0], other=structures[1].psus[0],
        )  # fmt: skip
    domain, unit, influence = [], [], []
    for (scores, domains, columns), place, sign in zip(common.sides, places, (-1.0, 1.0), strict=True):
        totals = scores.totals
        number = np.full(len(totals.domains), -1)
        number[domains] = np.arange(len(domains))
        kept = number[totals.domain] >= 0
        domain.append(number[totals.domain][kept])
        unit.append(place[totals.psu][kept])
        influence.append(sign * scores.estimates.influence[np.ix_(kept, columns)])
    domains_, units = np.concatenate(domain), np.concatenate(unit)
    order = np.lexsort((units, domains_))
    rows = len(order)
    blank = np.zeros((rows, 0))
    joined = PsuTotals(
        variables=(), structure=structure, domains=tuple((d,) for d in common.domains), domain=domains_[order],
        unit=units[order], y=blank, r=blank, squares=blank, n=blank.astype(np.int64), weight=np.ones(rows),
        n_rows=np.ones(rows, dtype=np.int64),
    )  # fmt: skip
    return joined, np.concatenate(influence)[order]


def _union(first: SampleStructure, second: SampleStructure) -> tuple[SampleStructure, tuple[IntArray, IntArray]]:
    """All PSUs of two rounds, equal labels once; and the place of each round's PSUs among them."""
    labels = [[(s.strata[h], p) for h, p in zip(s.stratum_of_psu, s.psus, strict=True)] for s in (first, second)]
    every = sorted({*labels[0], *labels[1]})
    strata = sorted({stratum for stratum, _ in every})
    fractions = [dict(zip(s.strata, s.fraction, strict=True)) for s in (first, second)]
    for stratum in set(fractions[0]) & set(fractions[1]):
        if abs(fractions[0][stratum] - fractions[1][stratum]) > 1e-9:
            raise DesignError(
                "stratum {stratum}: the rounds drew different shares of it; leave --fpc out", stratum=stratum
            )
    place = {label: i for i, label in enumerate(every)}
    structure = replace(
        first, strata=tuple(strata), psus=tuple(p for _, p in every),
        stratum_of_psu=np.array([strata.index(stratum) for stratum, _ in every]),
        fraction=np.array([(fractions[0] | fractions[1])[stratum] for stratum in strata]),
    )  # fmt: skip
    found = tuple(np.array([place[label] for label in own], dtype=np.int64) for own in labels)
    return structure, (found[0], found[1])
