"""The sample design: which columns say how respondents were drawn, and the choices that variance needs."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from quantri.errors import DesignError

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
LonelyPolicy = Literal["fail", "remove", "certainty", "adjust", "average"]
DfRule = Literal["domain", "design", "inf"]
VarianceRule = Literal["own", "pooled"]
LONELY_POLICIES: tuple[str, ...] = get_args(LonelyPolicy)
DF_RULES: tuple[str, ...] = get_args(DfRule)
VARIANCE_RULES: tuple[str, ...] = get_args(VarianceRule)


@dataclass(frozen=True, kw_only=True)
class SampleDesign:
    """Columns of the microdata that say how respondents were drawn.

    Parameters
    ----------
    weight : str, optional
        Sampling weight, above 0. When None it follows from `fpc` and `fpc2`, and is 1 without them.
    strata, psu, ssu : str, optional
        Stratum, primary sampling unit and second-stage unit; each respondent is a PSU of its own when `psu` is None.
    is_nested : bool
        Whether PSU labels are unique only within their stratum.
    fpc, fpc2 : str, optional
        Finite population at the first and second stage: sampling fractions when no value exceeds 1, else the number of
        units in the stratum (in the PSU at the second stage).
    respondent : str, optional
        Column that names each respondent, none of whom may stand there twice; it plays no part in any sum.

    Raises
    ------
    DesignError
        If one column is needed by another that is not given.

    Examples
    --------
    >>> SampleDesign(weight="w", strata="province", psu="district").columns
    ('w', 'province', 'district')
    """

    weight: str | None = None
    strata: str | None = None
    psu: str | None = None
    is_nested: bool = False
    fpc: str | None = None
    ssu: str | None = None
    fpc2: str | None = None
    respondent: str | None = None

    def __post_init__(self) -> None:
        if (self.ssu is None) != (self.fpc2 is None):
            raise DesignError("a second stage needs both its unit (--ssu) and its finite population (--fpc2)")
        if self.ssu is not None and (self.psu is None or self.fpc is None):
            raise DesignError("a second stage needs --psu and --fpc; without --fpc it adds nothing to the variance")
        if self.is_nested and self.psu is None:
            raise DesignError("--nest says how PSU labels are to be read, and needs --psu")

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that sums read."""
        named = (self.weight, self.strata, self.psu, self.fpc, self.ssu, self.fpc2)
        return tuple(dict.fromkeys(name for name in named if name is not None))


@dataclass(frozen=True, kw_only=True)
class Inference:
    """The choices by which an estimate gets its standard error and interval; each is written into the result.

    Parameters
    ----------
    confidence_level : float
        Between 0 and 1.
    df_rule : {'domain', 'design', 'inf'}
        PSUs minus strata among those that hold the domain, or of the whole design, or the normal.
    variance_rule : {'own', 'pooled'}
        Each domain's own variance, or one smoothed over the domains.
    lonely : {'fail', 'remove', 'certainty', 'adjust', 'average'}
        What a stratum with one PSU adds: nothing is known (an error); nothing (`remove`, `certainty`); its distance
        from the grand mean; the average of the other strata.
    lonely_domains : bool
        Whether a stratum of several PSUs of which a domain holds one counts as lonely too.

    Raises
    ------
    DesignError
        If a choice is unknown, or two of them contradict each other.

    Examples
    --------
    >>> Inference().lonely
    'fail'
    """

    confidence_level: float = 0.95
    df_rule: str = "domain"
    variance_rule: str = "own"
    lonely: str = "fail"
    lonely_domains: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.confidence_level < 1:
            raise DesignError(
                "confidence must lie between 0 and 1, such as 0.95, not {found}", found=self.confidence_level
            )
        for name, value, allowed in (
            ("df", self.df_rule, DF_RULES),
            ("variance", self.variance_rule, VARIANCE_RULES),
            ("lonely", self.lonely, LONELY_POLICIES),
        ):
            if value not in allowed:
                raise DesignError(
                    "{name} must be one of {choices}, not {value!r}", name=name, choices=", ".join(allowed), value=value
                )
        if self.lonely_domains and self.lonely not in ("adjust", "average"):
            raise DesignError("lonely domains go only with adjust or average, not with {lonely}", lonely=self.lonely)


@dataclass(frozen=True, kw_only=True)
class SampleStructure:
    """The drawn units of a design: what variance needs to know of it, once rows have been summed.

    Parameters
    ----------
    strata : tuple of str
        H labels.
    psus : tuple of str
        P labels, sorted within their stratum.
    stratum_of_psu : ndarray of int, shape (P,)
    fraction : ndarray of float, shape (H,)
        Share of the stratum's PSUs that were drawn; 0 without a finite population.
    psu_of_ssu : ndarray of int, shape (S,), optional
        The second stage, when there is one.
    fraction2 : ndarray of float, shape (P,), optional
        Share of the PSU's second-stage units that were drawn.

    Examples
    --------
    >>> structure = SampleStructure(strata=("a", "b"), psus=("1", "2", "3"), stratum_of_psu=np.array([0, 0, 1]),
    ...                             fraction=np.zeros(2))
    >>> structure.n_psus.tolist(), structure.lonely_strata
    ([2, 1], ('b',))
    """

    strata: tuple[str, ...]
    psus: tuple[str, ...]
    stratum_of_psu: IntArray
    fraction: FloatArray
    psu_of_ssu: IntArray | None = None
    fraction2: FloatArray | None = None

    @property
    def n_psus(self) -> IntArray:
        """Drawn PSUs of each stratum, shape (H,)."""
        return np.bincount(self.stratum_of_psu, minlength=len(self.strata))

    @property
    def lonely_strata(self) -> tuple[str, ...]:
        """Labels of the strata with one PSU, certainty strata left out."""
        lonely = (self.n_psus == 1) & (self.fraction < 1 - 1e-7)
        return tuple(self.strata[h] for h in np.flatnonzero(lonely))

    @property
    def expansion(self) -> FloatArray:
        """Population units that each drawn unit stands for: weights where none are given; 1 when not known.

        Shape (S,) with a second stage, else (P,).
        """
        drawn = np.where(self.fraction > 0, self.fraction, 1.0)[self.stratum_of_psu]
        if self.psu_of_ssu is None or self.fraction2 is None:
            return np.asarray(1 / drawn)
        return np.asarray(1 / (drawn * self.fraction2)[self.psu_of_ssu])

    @property
    def df(self) -> int:
        """PSUs minus strata."""
        return len(self.psus) - len(self.strata)
