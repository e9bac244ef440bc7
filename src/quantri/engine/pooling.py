"""Standard errors smoothed over domains, for designs that leave each domain few degrees of freedom."""

from dataclasses import replace

import numpy as np

from quantri.engine.design import FloatArray, Inference
from quantri.engine.estimate import Estimates, interval


def pooled(estimates: Estimates, inference: Inference, unit_variance: FloatArray | None = None) -> Estimates:
    """Replace each domain's variance by one pooled over the domains, statistic by statistic.

    Parameters
    ----------
    estimates : Estimates
        M statistics of D domains with their own variances.
    inference : Inference
        For the level of the interval and the rule of the degrees of freedom.
    unit_variance : ndarray of float, shape (D, M), optional
        Variance of one answer in the domain; NaN where none is known. With it the *design effect* is pooled; without it
        the variance that one respondent contributes.

    Returns
    -------
    Estimates
        Domains whose own variance cannot be estimated get one too. Degrees of freedom are the sum over the domains.

    Notes
    -----
    With own variances v over d degrees of freedom, n respondents and unit variances s²:
    ``v̂ = s²/n · Σ d (v n/s²) / Σ d``. This is a generalised variance function with one parameter for each statistic
    [1]_. It is right as far as domains share a design; where one domain was drawn quite otherwise, its error is
    smoothed towards the others'.

    References
    ----------
    .. [1] Wolter (2007), Introduction to Variance Estimation, ch. 7, on generalised variance functions.

    Examples
    --------
    >>> from quantri.engine.variance import Strays
    >>> one = np.ones((2, 1))
    >>> own = Estimates(value=one, standard_error=np.array([[1.0], [3.0]]), low=one, high=one, n=np.array([[50], [50]]),
    ...                 df=np.array([2.0, 2.0]), influence=one, present=one > 0,
    ...                 strays=Strays(domain=np.zeros(0, dtype=int), distance=np.zeros((0, 1)), n_domains=2))
    >>> pooled(own, Inference()).standard_error.round(4).tolist()
    [[2.2361], [2.2361]]
    """
    n = np.where(estimates.n > 0, estimates.n, np.nan)
    unit_variance = np.full(n.shape, np.nan) if unit_variance is None else unit_variance
    size = np.where(np.isfinite(unit_variance), unit_variance, 1.0)
    per_answer = size / n
    df = np.where(np.isfinite(estimates.df), estimates.df, 1.0)[:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        effect = estimates.standard_error**2 / per_answer
        held = np.isfinite(effect) & (df > 0)
        common = np.where(held, df * effect, 0.0).sum(axis=0) / np.where(held, df, 0.0).sum(axis=0)
    error = np.where(np.isnan(estimates.value), np.nan, np.sqrt(common * per_answer))
    total = np.where(held, df, 0.0).sum(axis=0)
    shared = np.full_like(total, np.inf) if inference.df_rule == "inf" else total
    low, high = interval(estimates.value, error, np.broadcast_to(shared, error.shape), inference.confidence_level)
    spread = np.full(len(estimates.df), float(shared.min()) if shared.size else np.nan)
    return replace(estimates, standard_error=error, low=low, high=high, df=spread)
