"""A seeded draw in stages from a frame: who was taken, with which probability, and what a variance must know."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from quantri.engine.listing import PLACE, STRATUM, WITHIN, check_frame, list_units, size_is_summed
from quantri.engine.stage_draw import INNER, StageDraw, draw_stage
from quantri.engine.stages import DrawDesign, Stage
from quantri.engine.weighting import base_weights
from quantri.errors import DataError, QuantriError, placed, refuse
from quantri.said import Said

ROW, CLOSED = "__row", "__closed"
BY_STAGE = ("stratum", "listed", "certainty", "probability")
OVERALL = ("probability", "base_weight", "reserve", "variance_stratum", "variance_psu", "variance_listed")


@dataclass(frozen=True, kw_only=True)
class Draw:
    """A drawn sample and how it came about.

    Parameters
    ----------
    sample : polars.DataFrame
        The frame's rows that were taken, then the columns of Notes in `draw`.
    stages : tuple of StageDraw
    notes : tuple of str
        What a user of the sample must know.
    """

    sample: pl.DataFrame
    stages: tuple[StageDraw, ...]
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
    taken = [c for c in frame.columns if c in made]
    refuse([DataError("the frame has a column {column!r}, which the draw writes; rename it", column=c) for c in taken])
    rows = check_frame(frame, design).with_columns(
        pl.int_range(pl.len()).alias(ROW),
        pl.lit(0).alias(WITHIN), pl.lit("").alias(PLACE), pl.lit(False).alias(CLOSED),
        **{name: pl.lit(None, pl.String) for name in ("variance_stratum", "variance_psu")},
        variance_listed=pl.lit(None, pl.Int64), reserve=pl.lit(0),
    )  # fmt: skip
    done: list[StageDraw] = []
    notes: list[str] = []
    for k, stage in enumerate(design.stages, 1):
        if size_is_summed(rows, stage):
            notes.append(
                Said(
                    "stage {k}: the size of each {unit} is the sum of {size} over its rows",
                    k=k,
                    unit=stage.unit,
                    size=stage.size,
                )
            )
        try:
            stage_draw = draw_stage(list_units(rows, stage), stage, rng=rng)
        except QuantriError as fault:
            raise placed("stage {k} ({unit}): {fault}", fault, k=k, unit=stage.unit) from None
        done.append(stage_draw)
        rows = _enter(rows, stage_draw.taken, stage, k)
    return Draw(sample=_finish(rows, frame, design), stages=tuple(done), notes=(*notes, *_notes(done, rows)))


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
    """Put the frame's own values beside what was drawn, in the order of the draw."""
    rows = rows.sort(WITHIN)
    stages = range(1, len(design.stages) + 1)
    steps = rows.select(f"stage_{k}_probability" for k in stages).to_numpy()
    weights = base_weights(steps, rows[design.prior_weight].to_numpy() if design.prior_weight else None)
    is_main = pl.col("reserve") == 0
    made = rows.with_columns(
        pl.when(is_main).then(pl.Series(steps.prod(axis=1))).alias("probability"),
        pl.when(is_main).then(pl.Series(weights)).alias("base_weight"),
        *(pl.col(name).replace("", None) for k in stages for name in [f"stage_{k}_stratum"]),
    ).select(*(f"stage_{k}_{part}" for k in stages for part in BY_STAGE), *OVERALL)
    return pl.concat([frame[rows[ROW]], made], how="horizontal")


def _notes(stages: list[StageDraw], rows: pl.DataFrame) -> list[str]:
    notes: list[str] = []
    for k, stage in enumerate(stages, 1):
        if stage.too_large:
            shown = ", ".join(stage.too_large[:5]) + (" …" if len(stage.too_large) > 5 else "")
            n = len(stage.too_large)
            notes.append(
                Said(
                    "stage {k}: taken with certainty because the expected hits reach 1: {n} {unit} ({shown})",
                    k=k,
                    n=n,
                    unit=stage.unit,
                    shown=shown,
                )
            )
        if stage.lacking:
            notes.append(
                Said("stage {k}: {n} substitutes fewer than asked for: the lists hold no more", k=k, n=stage.lacking)
            )
    main = rows.filter(pl.col("reserve") == 0).group_by("variance_stratum")
    alone = main.agg(pl.col("variance_psu").n_unique(), pl.col("variance_listed").first())
    n = alone.filter((pl.col("variance_psu") == 1) & (pl.col("variance_listed") > 1)).height
    if n:
        notes.append(Said("{n} variance strata hold one PSU: an estimate needs a policy for lonely PSUs", n=n))
    return notes
