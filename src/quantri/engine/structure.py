"""The drawn units of a design, from the labels of the rows: strata, PSUs, second-stage units, finite populations."""

import numpy as np
import polars as pl

from quantri.engine.design import FloatArray, IntArray, SampleDesign, SampleStructure
from quantri.errors import DesignError

Label = str | int | float | bool


def drawn_units(sums: pl.DataFrame, design: SampleDesign) -> tuple[pl.DataFrame, SampleStructure]:
    """Give each drawn unit its number, in the order of labels, and what variance needs to know of them all.

    Parameters
    ----------
    sums : polars.DataFrame
        A row for each drawn unit and domain: labels ``_s`` (stratum), ``_p`` (PSU), ``_q`` (second-stage unit); with
        finite populations ``_f`` and ``_g`` (least value in the row) and ``_f_max`` and ``_g_max``.
    design : SampleDesign
        Whose columns the messages name.

    Returns
    -------
    units : polars.DataFrame
        Labels with the number of each drawn unit, ``_unit``.
    structure : SampleStructure

    Raises
    ------
    DesignError
        If a PSU lies in two strata, or a finite population varies, mixes fractions and numbers, or is too small.

    Examples
    --------
    >>> sums = pl.DataFrame({"_s": ["a", "a"], "_p": [1, 2], "_q": [0, 0], "_f": [0.5, 0.5], "_f_max": [0.5, 0.5]})
    >>> drawn_units(sums, SampleDesign(psu="p", fpc="f"))[1].fraction.tolist()
    [0.5]
    """
    units = sums.select("_s", "_p", "_q").unique().sort("_s", "_p", "_q").with_columns(_unit=pl.int_range(pl.len()))
    psus = units.select("_s", "_p").unique(maintain_order=True)
    if design.psu and not design.is_nested:
        _refuse_psus_in_two_strata(psus, design.psu)
    strata = psus.select("_s").unique(maintain_order=True)
    stratum_of_psu = psus.join(strata.with_row_index("_h"), on="_s", how="left")["_h"].cast(pl.Int64).to_numpy()
    n_psus = np.bincount(stratum_of_psu)
    fraction = np.zeros(len(strata))
    if design.fpc:
        fraction = _fractions(sums, ["_s"], "_f", n_psus, design.fpc)
    if design.ssu is None:
        psu_of_ssu = fraction2 = None
    else:
        psu_of_ssu = units.join(psus.with_columns(_i=pl.int_range(pl.len())), on=["_s", "_p"], how="left")[
            "_i"
        ].to_numpy()
        fraction2 = _fractions(sums, ["_s", "_p"], "_g", np.bincount(psu_of_ssu), design.fpc2 or "")
    structure = SampleStructure(
        strata=_texts(strata["_s"]), psus=_texts(psus["_p"]), stratum_of_psu=stratum_of_psu,
        fraction=fraction, psu_of_ssu=psu_of_ssu, fraction2=fraction2,
    )  # fmt: skip
    return units, structure


def plain_label(label: Label) -> Label:
    """Write a whole number without a point, as which a column with gaps holds it.

    Examples
    --------
    >>> plain_label(91.0), plain_label(0.5), plain_label("91")
    (91, 0.5, '91')
    """
    return int(label) if isinstance(label, float) and label.is_integer() else label


def _texts(labels: pl.Series) -> tuple[str, ...]:
    return tuple(str(plain_label(label)) for label in labels)


def _refuse_psus_in_two_strata(psus: pl.DataFrame, column: str) -> None:
    twice = psus.filter(pl.col("_p").is_duplicated()).sort("_p", "_s")
    if len(twice):
        label = twice["_p"][0]
        first, second, *_ = twice.filter(pl.col("_p") == label)["_s"]
        raise DesignError(
            "column {column!r}: PSU {label!r} lies in strata {first!r} and {second!r}; say --nest if "
            "labels are unique only within a stratum, else mend it",
            column=column,
            label=label,
            first=first,
            second=second,
        )


def _fractions(sums: pl.DataFrame, within: list[str], key: str, n_drawn: IntArray, column: str) -> FloatArray:
    """Give the sampling fraction of each stratum (or PSU), from fractions or from numbers of units."""
    by_group = sums.group_by(within).agg(pl.col(key).min(), pl.col(f"{key}_max").max()).sort(within)
    label, size, most = by_group[within[-1]], by_group[key].to_numpy(), by_group[f"{key}_max"].to_numpy()
    if not size.min() > 0:
        raise DesignError(
            "column {column!r}: a finite population must be above 0, not {size:g}", column=column, size=size.min()
        )
    if most.max() > 1 and size.min() < 1:
        raise DesignError(
            "column {column!r} mixes fractions ({size:g}) and numbers of units ({most:g}); use one of them",
            column=column,
            size=size.min(),
            most=most.max(),
        )
    if (uneven := size != most).any():
        at = int(np.argmax(uneven))
        raise DesignError(
            "column {column!r} varies within {label!r}: {size:g} and {most:g}",
            column=column,
            label=label[at],
            size=size[at],
            most=most[at],
        )
    fraction = size if most.max() <= 1 else n_drawn / size
    if (fraction > 1 + 1e-9).any():
        at = int(np.argmax(fraction))
        raise DesignError(
            "column {column!r}: {label!r} has {n_drawn} drawn units of only {size:g}",
            column=column,
            label=label[at],
            n_drawn=n_drawn[at],
            size=size[at],
        )
    return np.asarray(fraction, dtype=np.float64)
