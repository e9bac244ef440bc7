from pathlib import Path

import pytest

from quantri.cli import tables
from quantri.errors import DataError


class TornTable:
    """Writes a part, then finds the disk full."""

    def write_csv(self, path: Path) -> None:
        path.write_text("half", "utf-8")
        raise OSError(28, "No space left on device")


def test_a_write_that_fails_leaves_what_was_there_and_nothing_half_made(tmp_path):
    out = tmp_path / "sample.csv"
    out.write_text("before", "utf-8")
    with pytest.raises(DataError, match=r"sample.csv: cannot be written \(No space left on device\)"):
        tables.write_csv_table(TornTable(), out)
    assert out.read_text("utf-8") == "before" and list(tmp_path.iterdir()) == [out]


def test_numbers_are_read_as_numbers_unless_a_leading_zero_would_be_lost(tmp_path):
    (tmp_path / "d.csv").write_text("\ufeffcode,n,w,note\n01,1,1.5,\n02,-2,3,x\n", "utf-8")
    got = tables.read_data(tmp_path / "d.csv")
    assert got.rows() == [("01", 1, 1.5, None), ("02", -2, 3.0, "x")]
