"""What a sample can show: the smallest change that it detects, and the sample that a change needs."""

import numpy as np
from scipy.special import ndtri, stdtrit

from quantri.engine.design import FloatArray
from quantri.errors import DesignError


def detectable_change(
    standard_error: FloatArray, df: FloatArray, *, confidence_level: float = 0.95, power: float = 0.8
) -> FloatArray:
    """Smallest true change that a second round of the same design finds with the given power.

    Parameters
    ----------
    standard_error : ndarray of float
        Of one round's score, in points.
    df : ndarray of float
        Degrees of freedom of one round; a test of two rounds has twice as many.
    confidence_level : float
        1 minus the level of the two-sided test.
    power : float
        Chance of finding it.

    Returns
    -------
    ndarray of float
        In points; NaN without a standard error.

    Raises
    ------
    DesignError
        If the power does not lie between 0 and 1.

    Notes
    -----
    ``√2 · SE · (t + z)``, with the quantiles of the test and of the power [1]_. Both rounds count as independent and as
    precise as this one.

    References
    ----------
    .. [1] Lohr (2022), Sampling: Design and Analysis, 3rd ed., on sample size for comparisons.

    Examples
    --------
    >>> detectable_change(np.array([0.1]), np.array([np.inf])).round(3).tolist()
    [0.396]
    """
    if not 0 < power < 1:
        raise DesignError("power must lie between 0 and 1, such as 0.8, not {power}", power=power)
    share = (1 + confidence_level) / 2
    finite = np.where(np.isfinite(df) & (df > 0), 2 * df, 1.0)
    times = np.where(np.isinf(df), ndtri(share), stdtrit(finite, share))
    times = np.where(df > 0, times, np.nan)
    return np.asarray(np.sqrt(2) * standard_error * (times + ndtri(power)))


def needed_sample(n: FloatArray, detectable: FloatArray, change: float) -> FloatArray:
    """Respondents that each round needs to detect `change`, when `n` respondents detect `detectable`.

    The design stays the same and only grows: more PSUs of the same kind, not more interviews in each.

    Raises
    ------
    DesignError
        If the change is not above 0.

    Examples
    --------
    >>> needed_sample(np.array([200.0]), np.array([0.4]), 0.2).tolist()
    [800.0]
    """
    if not 0 < change < np.inf:
        raise DesignError("the change to be detected must be above 0, not {change}", change=change)
    return np.asarray(np.ceil(n * (detectable / change) ** 2))


def detectable_with(n: FloatArray, detectable: FloatArray, size: float) -> FloatArray:
    """Smallest change that `size` respondents detect in each round, when `n` respondents detect `detectable`.

    The design stays the same and only grows or shrinks, as in `needed_sample`.

    Raises
    ------
    DesignError
        If the size is not above 0.

    Examples
    --------
    >>> detectable_with(np.array([200.0]), np.array([0.4]), 800).tolist()
    [0.2]
    """
    if not size > 0:
        raise DesignError("the number of respondents must be above 0, not {size}", size=size)
    return np.asarray(detectable * np.sqrt(n / size))
