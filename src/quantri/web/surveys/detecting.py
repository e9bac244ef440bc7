"""What a sample can detect: the smallest change for a size, and the size for a change."""

from dataclasses import dataclass

import numpy as np

from quantri.engine.power import detectable_with, needed_sample
from quantri.web.surveys.lines import detectable
from quantri.web.surveys.scored import ScoredRound

SIZES = (0.5, 1, 2, 4, 8)  # times this round's sample


@dataclass(frozen=True, kw_only=True)
class Detecting:
    """Of one domain and component; None where the round has no standard error."""

    n: int
    detectable: float
    at_size: float
    needed: int
    sizes: tuple[tuple[int, float], ...]


def detecting(found: ScoredRound, d: int, m: int, size: int, change: float) -> Detecting | None:
    """Say what `size` respondents detect, and how many a `change` needs."""
    n, smallest = int(found.arrays["n"][d, m]), detectable(found, d, m)
    if not n or not smallest:
        return None
    held, least = np.array([float(n)]), np.array([smallest])
    sizes = [round(n * times) for times in SIZES]
    return Detecting(
        n=n, detectable=smallest, at_size=float(detectable_with(held, least, size)[0]),
        needed=int(needed_sample(held, least, change)[0]),
        sizes=tuple((some, float(detectable_with(held, least, some)[0])) for some in sizes),
    )  # fmt: skip
