"""The rows of a frame as the units of one stage, each checked to be one thing."""

from collections.abc import Mapping

import polars as pl

from quantri.engine.columns import check_filled, numbers, positive_numbers, rows_at, sort_key, truths
from quantri.engine.naming import no_column
from quantri.engine.stages import Count, DrawDesign, Stage
from quantri.errors import DataError, DesignError, refuse
from quantri.said import SHOWN, Said

WITHIN, PLACE = "__within", "__place"  # key and full name of the unit of the stage above
NAMED, SIZE, STRATUM = "__named", "__size", "__stratum"


def check_frame(frame: pl.DataFrame, design: DrawDesign) -> pl.DataFrame:
    """Refuse a frame that a design cannot draw from; make sizes and prior weights numbers, certainty a truth.

    Raises
    ------
    DataError
        If columns are missing (one line each), a name is empty, a size not above 0, or a unit of the last stage stands
        in two rows.
    DesignError
        If the frame has no rows.

    Examples
    --------
    >>> design = DrawDesign(stages=(Stage(unit="village", method="srs", take=1),))
    >>> check_frame(pl.DataFrame({"village": ["a", "a"]}), design)
    Traceback (most recent call last):
    quantri.errors.DataError: village 'a' stands in rows 1, 2 below the header, and 0 others repeat too; keep one each
    """
    refuse([no_column(c, frame.columns) for c in design.columns if c not in frame.columns])
    if not frame.height:
        raise DesignError("the frame has no rows, so nothing can be drawn from it")
    read = {}
    for stage in design.stages:
        for column in (stage.unit, *stage.strata):
            check_filled(frame[column])
        if stage.size:
            read[stage.size] = pl.Series(
                positive_numbers(frame[stage.size], Said("size {column!r}", column=stage.size))
            )
        if stage.certainty:
            read[stage.certainty] = pl.Series(
                truths(frame[stage.certainty], Said("certainty {column!r}", column=stage.certainty))
            )
    if (prior := design.prior_weight) is not None:
        read[prior] = pl.Series(positive_numbers(frame[prior], Said("prior weight {column!r}", column=prior)))
    _check_repeated(frame, [stage.unit for stage in design.stages])
    return frame.with_columns(**read)


def list_units(rows: pl.DataFrame, stage: Stage) -> pl.DataFrame:
    """Gather the units of a stage from the rows of a checked frame.

    Parameters
    ----------
    rows : polars.DataFrame
        Rows inside the units drawn so far; ``__within`` and ``__place`` are the key and the full name of the unit that
        each lies in.
    stage : Stage

    Returns
    -------
    polars.DataFrame
        One row a unit, sorted by the unit above, the strata, the declared order and the name, so that the order of
        the frame does not matter: ``__within``, ``__place``, the unit, its strata and counts, ``__stratum`` (text),
        ``__named`` (bool), ``__size`` (float, above 0; 1 where the stage has no size).

    Raises
    ------
    DataError
        If one unit differs between its rows in its stratum, certainty, order or count.

    Examples
    --------
    >>> rows = pl.DataFrame({"village": ["b", "a", "b"], "people": [90.0, 70.0, 30.0]})
    >>> rows = rows.with_columns(__within=pl.lit(0), __place=pl.lit(""))
    >>> stage = Stage(unit="village", method="pps_systematic", size="people", take=1)
    >>> list_units(rows, stage).select("village", "__size").rows()
    [('a', 70.0), ('b', 120.0)]
    """
    own = (*stage.strata, stage.certainty, stage.take, stage.reserve, *stage.order)
    columns = [c for c in dict.fromkeys(c for c in own if isinstance(c, str)) if c != stage.unit]
    for column in columns:
        _check_constant(rows, stage.unit, column)
    firsts = [pl.col(c).first() for c in (PLACE, *columns)]
    label = (
        pl.concat_str([pl.col(c).cast(pl.String) for c in stage.strata], separator="/") if stage.strata else pl.lit("")
    )
    named = pl.col(stage.certainty) if stage.certainty else pl.lit(stage.method == "all")
    units = rows.group_by(WITHIN, stage.unit).agg(*firsts, _size(rows, stage).alias(SIZE))
    units = units.with_columns(label.alias(STRATUM), named.alias(NAMED))
    keys = (*stage.strata, *stage.order, stage.unit)
    return units.sort(WITHIN, *(sort_key(units[c]) for c in keys), *(pl.col(c).cast(pl.String) for c in keys))


def size_is_summed(rows: pl.DataFrame, stage: Stage) -> bool:
    """Tell whether the sizes differ between the rows of a unit, and so are counted row by row."""
    if stage.size is None:
        return False
    kinds = rows.group_by(WITHIN, stage.unit).agg(pl.col(stage.size).n_unique().alias(SIZE))
    return bool((kinds[SIZE] > 1).any())


def count_in(count: Count, field: str, group: pl.DataFrame, stage: Stage) -> int:
    """Read how many units to draw from one stratum: the number, the column's value or the table's entry.

    Raises
    ------
    DataError
        If a column does not hold one whole number for the stratum.
    DesignError
        If a table has no entry for the stratum, or two.
    """
    if isinstance(count, int):
        return count
    if isinstance(count, Mapping):
        return _entry(count, field, group, stage)
    values = numbers(group[count]).unique().to_list()
    if len(values) != 1 or values[0] is None or values[0] < 0 or values[0] != int(values[0]):
        shown = ", ".join(map(str, group[count].unique(maintain_order=True)[:SHOWN].to_list()))
        raise DataError(
            "{field} column {count!r} must hold one whole number from 0 up, not {shown}",
            field=field,
            count=count,
            shown=shown,
        )
    return int(values[0])


def _entry(table: Mapping[str, int], field: str, group: pl.DataFrame, stage: Stage) -> int:
    label = str(group[STRATUM][0])
    if label in table:
        return table[label]
    found = [key for key in dict.fromkeys(str(group[c][0]) for c in stage.strata) if key in table]
    if len(found) == 1:
        return table[found[0]]
    trouble = Said("entries {found} both fit", found=", ".join(found)) if found else Said("no entry fits")
    raise DesignError(
        "{field}: {trouble} stratum {label!r}; write one: {label!r} = NUMBER", field=field, trouble=trouble, label=label
    )


def _size(rows: pl.DataFrame, stage: Stage) -> pl.Expr:
    if stage.size is None:
        return pl.lit(1.0).first()
    return pl.col(stage.size).sum() if size_is_summed(rows, stage) else pl.col(stage.size).first()


def _check_constant(rows: pl.DataFrame, unit: str, column: str) -> None:
    kinds = rows.group_by(WITHIN, unit, maintain_order=True).agg(pl.col(column).unique(maintain_order=True))
    mixed = kinds.filter(pl.col(column).list.len() > 1)
    if mixed.height:
        found = ", ".join(map(str, mixed[column][0][:SHOWN].to_list()))
        raise DataError(
            "{n} units differ in {column!r} between their rows, first {unit!r} ({found}); "
            "give each unit one value, and two units two names",
            n=mixed.height,
            column=column,
            unit=mixed[unit][0],
            found=found,
        )


def _check_repeated(frame: pl.DataFrame, units: list[str]) -> None:
    repeated = frame.select(pl.struct(units).is_duplicated()).to_series()
    if not repeated.any():
        return
    places = repeated.arg_true()
    first = frame.row(places[0], named=True)
    same = pl.all_horizontal(pl.col(u) == first[u] for u in units)
    copies = frame.select(same.arg_true()).to_series()
    others = len(places) - len(copies)
    raise DataError(
        "{unit} {label!r} stands {rows}, and {n} others repeat too; keep one each",
        unit=units[-1],
        label=first[units[-1]],
        rows=rows_at(copies),
        n=others,
    )
