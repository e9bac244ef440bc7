"""One stage of a draw: from each stratum of each unit above, the units that are taken."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from quantri.engine.listing import NAMED, PLACE, SIZE, STRATUM, WITHIN, count_in
from quantri.engine.selection import Listing, Selection, everything, simple_random, systematic
from quantri.engine.stages import Stage
from quantri.errors import QuantriError, placed, refuse

INNER = "__inner"  # key of a unit that was taken, for the stage below


@dataclass(frozen=True, kw_only=True)
class StageDraw:
    """What one stage took, and what it did in numbers of units.

    Parameters
    ----------
    unit : str
    taken : polars.DataFrame
        One row for each unit taken, those of `list_units` with ``certainty``, ``listed``, ``probability`` and ``turn``
        (0, or the turn of a substitute).
    groups : int
        Strata inside units of the stage above, each drawn from on its own.
    listed, lacking : int
        Units in those groups; substitutes that were asked for and are not there.
    too_large : tuple of str
        Units that became certain because their expected hits reach 1.
    """

    unit: str
    taken: pl.DataFrame
    groups: int
    listed: int
    lacking: int
    too_large: tuple[str, ...]

    @property
    def reserve(self) -> int:
        """Number of substitutes."""
        return int((self.taken["turn"] > 0).sum())

    @property
    def drawn(self) -> int:
        """Number of units that are no substitutes."""
        return self.taken.height - self.reserve

    @property
    def named(self) -> int:
        """Number of units that the design takes with certainty."""
        return int(self.taken[NAMED].sum())


def draw_stage(units: pl.DataFrame, stage: Stage, *, rng: np.random.Generator) -> StageDraw:
    """Draw from each stratum of each unit above.

    Parameters
    ----------
    units : polars.DataFrame
        As `list_units` gives them; their order is the order of a systematic draw.
    stage : Stage
    rng : numpy.random.Generator

    Returns
    -------
    StageDraw

    Raises
    ------
    DataError, DesignError
        If a stratum cannot be drawn from; one line for each, with its place.

    Examples
    --------
    >>> stage = Stage(unit="village", method="srs", take=1)
    >>> rows = pl.DataFrame({"village": ["a", "b"]}).with_columns(__within=pl.lit(0), __place=pl.lit(""))
    >>> from quantri.engine.listing import list_units
    >>> draw_stage(list_units(rows, stage), stage, rng=np.random.default_rng(1)).drawn
    1
    """
    parts: list[pl.DataFrame] = []
    faults: list[QuantriError] = []
    lacking = 0
    groups = units.partition_by(WITHIN, *stage.strata, maintain_order=True)
    for group in groups:
        try:
            listing = _listing(group, stage)
        except QuantriError as fault:
            place = " › ".join(part for part in (group[PLACE][0], group[STRATUM][0]) if part)
            faults.append(placed("{place}: {fault}", fault, place=place) if place else fault)
            continue
        selection = _select(listing, stage.method, rng)
        lacking += listing.reserve - len(selection.reserve)
        parts.append(_taken(group, selection))
    refuse(faults)
    taken = pl.concat(parts).with_row_index(INNER)
    is_large = pl.col("certainty") & ~pl.col(NAMED) & (pl.col("turn") == 0)
    too_large = taken.filter(is_large)[stage.unit].to_list() if stage.size else []
    return StageDraw(
        unit=stage.unit, taken=taken, groups=len(groups), listed=units.height, lacking=lacking,
        too_large=tuple(map(str, too_large)),
    )  # fmt: skip


def _listing(group: pl.DataFrame, stage: Stage) -> Listing:
    return Listing(
        size=group[SIZE].to_numpy(), named=group[NAMED].to_numpy(),
        take=0 if stage.take is None else count_in(stage.take, "take", group, stage),
        reserve=count_in(stage.reserve, "reserve", group, stage),
    )  # fmt: skip


def _select(listing: Listing, method: str, rng: np.random.Generator) -> Selection:
    if method == "all":
        return everything(listing)
    return simple_random(listing, rng=rng) if method == "srs" else systematic(listing, rng=rng)


def _taken(group: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    certain = selection.certain
    positions = np.concatenate([selection.drawn, selection.reserve])
    turn = np.concatenate([np.zeros(len(selection.drawn), np.int64), np.arange(1, len(selection.reserve) + 1)])
    listed = np.where(certain, certain.sum(), (~certain).sum())
    return group[positions].with_columns(
        certainty=pl.Series(certain[positions]), listed=pl.Series(listed[positions]),
        probability=pl.Series(selection.probability[positions]), turn=pl.Series(turn),
    )  # fmt: skip
