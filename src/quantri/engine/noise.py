"""What the last bits of a sum say is nothing: equal values that were added up in another order."""

import numpy as np

from quantri.engine.design import FloatArray

NOISE = 1e-12  # of the size of what was added or taken off


def without_noise(difference: FloatArray, size: FloatArray) -> FloatArray:
    """Set differences and errors to 0 that are nothing but rounding of values of this size; NaN stays.

    Parameters
    ----------
    difference : ndarray of float
    size : ndarray of float
        Of the values behind it, any shape that fits.

    Examples
    --------
    >>> without_noise(np.array([0.3 - 0.1 * 3, 0.2]), np.array([0.3, 0.3])).tolist()
    [0.0, 0.2]
    """
    return np.asarray(np.where(np.abs(difference) <= NOISE * np.abs(size), 0.0, difference))


def noise_of(values: FloatArray, axis: int) -> FloatArray:
    """Give the largest difference along an axis that is nothing but rounding; the axis is kept with length 1.

    Examples
    --------
    >>> noise_of(np.array([[2.0, -4.0, np.nan]]), axis=1).tolist()
    [[4e-12]]
    """
    known = np.where(np.isfinite(values), np.abs(values), 0.0)
    return np.asarray(NOISE * known.max(axis=axis, keepdims=True, initial=0.0))
