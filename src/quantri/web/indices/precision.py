"""The precision with which an edition was published, to which what is computed from it is rounded."""

import numpy as np

from quantri.engine.results import EditionResults

MOST = 9


def printed_digits(edition: EditionResults) -> int:
    """Count the decimals of an edition's most exact published score."""
    scores = edition.scores[~edition.derived & ~np.isnan(edition.scores)]
    exact = (n for n in range(2, MOST) if np.allclose(np.round(scores, n), scores, rtol=0, atol=1e-9))
    return next(exact, MOST)


def as_printed(value: float | None, digits: int) -> float | None:
    """Round a difference of scores to the digits of the scores."""
    return None if value is None else round(value, digits)
