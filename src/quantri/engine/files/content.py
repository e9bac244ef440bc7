"""What a file of microdata holds, whatever its format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

Code = int | float | str


@dataclass(frozen=True, kw_only=True)
class CodeRange:
    """All numbers from `low` to `high`, both included, that a file declares to be missing."""

    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class Content:
    """Rows of respondents, with what the file says about their codes.

    Parameters
    ----------
    frame : polars.LazyFrame, shape (n, columns)
        The columns asked for; names are NFC; missing is null, never NaN.
    columns : tuple of str
        Names of all columns of the file.
    labels : mapping of column to mapping of code to text
        Value labels; a Stata missing code is written ``.a``.
    missing : mapping of column to tuple of code or CodeRange
        Codes that the file declares to be missing.
    first_row : int
        Number under which people know the first respondent: 2 where the header is row 1, else 1.
    """

    frame: "pl.LazyFrame"
    columns: tuple[str, ...]
    labels: Mapping[str, Mapping[Code, str]] = field(default_factory=dict)
    missing: Mapping[str, tuple[Code | CodeRange, ...]] = field(default_factory=dict)
    first_row: int = 1


def whole(code: Code) -> Code:
    """Write a code that is a whole number without a decimal point.

    Examples
    --------
    >>> whole(888.0), whole(0.5), whole("m ")
    (888, 0.5, 'm')
    """
    if isinstance(code, str):
        return code.rstrip()
    return int(code) if code == code // 1 and abs(code) < 2**53 else code
