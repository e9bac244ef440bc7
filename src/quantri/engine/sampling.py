"""A seeded draw in stages from a frame: who was taken, with which probability, and what a variance must know."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from quantri.engine.listing import (
    NAMED,
    PLACE,
    SIZE,
    STRATUM,
    WITHIN,
    check_frame,
    count_in,
    list_units,
    size_is_summed,
)
from quantri.engine.selection import Listing, Selection, everything, simple_random, systematic
from quantri.engine.stages import DrawDesign, Stage
from quantri.engine.weighting import base_weights
from quantri.errors import DataError, QuantriError

CLOSED, INNER = "__closed", "__inner"
BY_STAGE = ("stratum", "listed", "certainty", "probability")
OVERALL = ("probability", "base_weight", "reserve", "variance_stratum", "variance_psu", "variance_listed")


@dataclass(frozen=True, kw_only=True)
class DrawnStage:
    """What one stage did, in numbers of units.

    Parameters
    ----------
    unit : str
    groups : int
        Strata inside units of the stage above, each drawn from on its own.
    listed, drawn, named, reserve : int
        Units in those groups; drawn from them; drawn because the design names them; substitutes.
    too_large : tuple of str
        Units that became certain because their expected hits reach 1.
    """

    unit: str
    groups: int
    listed: int
    drawn: int
    named: int
    reserve: int
    too_large: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A drawn sample and how it came about.

    Parameters
    ----------
    sample : polars.DataFrame
        The frame's rows that were taken, then the columns of Notes in `draw`.
    stages : tuple of DrawnStage
    notes : tuple of str
        What a user of the sample must know.
    """

    sample: pl.DataFrame
    stages: tuple[DrawnStage, ...]
    notes: tuple[str, ...]


def draw(frame: pl.DataFrame, design: DrawDesign, *, rng: np.random.Generator) -> Draw:
    """Draw a sample in stages.

    Parameters
    ----------
    frame : polars.DataFrame
        One row for each unit of the last stage, in any order, with the columns that the design names.
    design : DrawDesign
    rng : numpy.random.Generator

    Returns
    -------
    Draw

    Raises
    ------
    DataError
        If a column is missing, a name empty, a size not above 0, or a unit of the last stage stands in two rows.
    DesignError
        If a stratum holds fewer units than are to be drawn, or nothing would stand for it.

    Notes
    -----
    Columns added, for each stage *k*: ``stage_k_stratum``; ``stage_k_listed``, units of the group that chance could
    take (of a certainty unit: those that are certain); ``stage_k_certainty``; ``stage_k_probability``, given the unit
    above. Then ``probability``, their product; ``base_weight``, its inverse times the prior weight; ``reserve``, 0 or
    the turn of a substitute, whose probability and weight are null until it stands for someone.

    ``variance_stratum``, ``variance_psu``, ``variance_listed``: a unit taken with certainty varies nothing, so it is a
    stratum of its own and the PSU is the first unit below that chance took. ``variance_listed`` may be used as the
    finite population only if that stage gave all units one probability. With systematic draws the PSUs count as if
    drawn at random, which is cautious where the order stratifies.

    References
    ----------
    .. [1] Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, chapter 4.

    Examples
    --------
    >>> frame = pl.DataFrame({"village": ["a", "a", "b", "b", "c"], "person": [1, 2, 3, 4, 5]})
    >>> stages = (Stage(unit="village", method="srs", take=2), Stage(unit="person", method="srs", take=1))
    >>> got = draw(frame, DrawDesign(stages=stages), rng=np.random.default_rng(2))
    >>> got.sample.select("village", "stage_1_listed", "base_weight").rows()
    [('a', 3, 3.0), ('c', 3, 1.5)]
    """
    made = {*OVERALL, *(f"stage_{k}_{part}" for k in range(1, len(design.stages) + 1) for part in BY_STAGE)}
    if taken := [c for c in frame.columns if c in made]:
        raise DataError("\n".join(f"the frame has a column {c!r}, which the draw writes; rename it" for c in taken))
    rows = check_frame(frame, design).with_columns(
        pl.lit(0).alias(WITHIN), pl.lit("").alias(PLACE), pl.lit(False).alias(CLOSED),
        **{name: pl.lit(None, pl.String) for name in ("variance_stratum", "variance_psu")},
        variance_listed=pl.lit(None, pl.Int64), reserve=pl.lit(0),
    )  # fmt: skip
    done: list[DrawnStage] = []
    notes: list[str] = []
    for k, stage in enumerate(design.stages, 1):
        if size_is_summed(rows, stage):
            notes.append(f"stage {k}: the size of each {stage.unit} is the sum of {stage.size} over its rows")
        try:
            units = list_units(rows, stage)
            drawn, groups = _draw_groups(units, stage, rng)
        except QuantriError as fault:
            raise type(fault)(f"stage {k} ({stage.unit}): {fault}") from None
        done.append(_summary(drawn, units, stage, groups))
        rows = _enter(rows, drawn, stage, k)
    return Draw(sample=_finish(rows, frame, design), stages=tuple(done), notes=(*notes, *_notes(done, rows)))


def _draw_groups(units: pl.DataFrame, stage: Stage, rng: np.random.Generator) -> tuple[pl.DataFrame, int]:
    """Draw from each stratum of each unit above; one row for each unit that was taken."""
    parts = []
    groups = units.partition_by(WITHIN, *stage.strata, maintain_order=True)
    for group in groups:
        try:
            selection = _select(group, stage, rng)
        except QuantriError as fault:
            place = " › ".join(part for part in (group[PLACE][0], group[STRATUM][0]) if part)
            raise type(fault)(f"{place}: {fault}" if place else str(fault)) from None
        parts.append(_taken(group, selection))
    return pl.concat(parts).with_row_index(INNER), len(groups)


def _select(group: pl.DataFrame, stage: Stage, rng: np.random.Generator) -> Selection:
    take = 0 if stage.take is None else count_in(stage.take, "take", group, stage)
    listing = Listing(
        size=group[SIZE].to_numpy(), named=group[NAMED].to_numpy(), take=take,
        reserve=count_in(stage.reserve, "reserve", group, stage),
    )  # fmt: skip
    if stage.method == "all":
        return everything(listing)
    return simple_random(listing, rng=rng) if stage.method == "srs" else systematic(listing, rng=rng)


def _taken(group: pl.DataFrame, selection: Selection) -> pl.DataFrame:
    certain = selection.certain
    positions = np.concatenate([selection.drawn, selection.reserve])
    turn = np.concatenate([np.zeros(len(selection.drawn), np.int64), np.arange(1, len(selection.reserve) + 1)])
    listed = np.where(certain, certain.sum(), (~certain).sum())
    return group[positions].with_columns(
        certainty=pl.Series(certain[positions]), listed=pl.Series(listed[positions]),
        probability=pl.Series(selection.probability[positions]), turn=pl.Series(turn),
    )  # fmt: skip


def _enter(rows: pl.DataFrame, drawn: pl.DataFrame, stage: Stage, k: int) -> pl.DataFrame:
    """Keep the rows of the units that were taken, and write down what the stage did to them."""
    names = {part: f"stage_{k}_{part}" for part in BY_STAGE}
    kept = drawn.select(
        WITHIN, stage.unit, INNER, "turn", pl.col(STRATUM).alias(names["stratum"]),
        *(pl.col(part).alias(names[part]) for part in BY_STAGE[1:]),
    )  # fmt: skip
    rows = rows.join(kept, on=[WITHIN, stage.unit], how="inner")
    stratum, certain = pl.col(names["stratum"]), pl.col(names["certainty"])
    above = pl.when(stratum == "").then(PLACE).otherwise(pl.concat_str(PLACE, pl.lit(" › "), stratum))
    inside = pl.concat_str(above, pl.lit(" › "), pl.col(stage.unit).cast(pl.String)).str.strip_prefix(" › ")
    # Certain so far: the stratum is overwritten by the next stage, which chance may enter.
    apart = pl.when(certain).then(pl.concat_str(above, pl.lit(" › (certain)"))).otherwise(above)
    is_open = ~pl.col(CLOSED)
    return rows.with_columns(
        pl.when(is_open).then(apart.str.strip_prefix(" › ")).otherwise("variance_stratum").alias("variance_stratum"),
        pl.when(is_open).then(inside).otherwise("variance_psu").alias("variance_psu"),
        pl.when(is_open).then(names["listed"]).otherwise("variance_listed").alias("variance_listed"),
        (pl.col(CLOSED) | ~certain).alias(CLOSED), pl.col(INNER).alias(WITHIN), pl.col("turn").alias("reserve"),
        inside.alias(PLACE),
    ).drop(INNER, "turn")  # fmt: skip


def _finish(rows: pl.DataFrame, frame: pl.DataFrame, design: DrawDesign) -> pl.DataFrame:
    steps = [f"stage_{k}_probability" for k in range(1, len(design.stages) + 1)]
    prior = rows[design.prior_weight] if design.prior_weight else None
    weights = base_weights(rows.select(steps).to_numpy(), None if prior is None else prior.to_numpy())
    overall = pl.Series("probability", rows.select(steps).to_numpy().prod(axis=1))
    stage_columns = [f"stage_{k}_{part}" for k in range(1, len(design.stages) + 1) for part in BY_STAGE]
    unless_reserve = [pl.when(pl.col("reserve") == 0).then(pl.col(c)).alias(c) for c in ("probability", "base_weight")]
    return (
        rows.with_columns(overall, pl.Series("base_weight", weights))
        .with_columns(unless_reserve)
        .sort(WITHIN)
        .select(*frame.columns, *stage_columns, *OVERALL)
    )


def _summary(drawn: pl.DataFrame, units: pl.DataFrame, stage: Stage, groups: int) -> DrawnStage:
    main = drawn.filter(pl.col("turn") == 0)
    too_large = main.filter(pl.col("certainty") & ~pl.col(NAMED)) if stage.size else main.clear()
    return DrawnStage(
        unit=stage.unit, groups=groups, listed=units.height, drawn=main.height, named=int(main[NAMED].sum()),
        reserve=drawn.height - main.height, too_large=tuple(map(str, too_large[stage.unit])),
    )  # fmt: skip


def _notes(done: list[DrawnStage], rows: pl.DataFrame) -> list[str]:
    notes = []
    for k, stage in enumerate(done, 1):
        if stage.too_large:
            shown = ", ".join(stage.too_large[:5]) + (" …" if len(stage.too_large) > 5 else "")
            n = len(stage.too_large)
            notes.append(
                f"stage {k}: taken with certainty because the expected hits reach 1: {n} {stage.unit} ({shown})"
            )
    main = rows.filter(pl.col("reserve") == 0).group_by("variance_stratum")
    alone = main.agg(pl.col("variance_psu").n_unique(), pl.col("variance_listed").first())
    n = alone.filter((pl.col("variance_psu") == 1) & (pl.col("variance_listed") > 1)).height
    if n:
        notes.append(f"{n} variance strata hold one PSU: an estimate needs a policy for lonely PSUs")
    return notes
