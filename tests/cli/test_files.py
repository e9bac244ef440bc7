import os
from pathlib import Path

import polars as pl
import pytest

from quantri.cli.files import write_whole
from quantri.errors import DataError


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path):
    path = tmp_path / "out.csv"

    def write(draft: Path) -> None:
        draft.write_text("half", encoding="utf-8")
        assert not path.exists() and draft.suffix == ".csv"
        draft.write_text("whole", encoding="utf-8")

    write_whole(path, write)
    assert path.read_text("utf-8") == "whole"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("fault", [RuntimeError("stopped"), KeyboardInterrupt()])
def test_a_fault_leaves_the_old_file_and_no_half_of_the_new_one(tmp_path, fault):
    path = tmp_path / "out.csv"
    path.write_text("old", encoding="utf-8")

    def write(draft: Path) -> None:
        draft.write_text("half", encoding="utf-8")
        raise fault

    with pytest.raises(type(fault)):
        write_whole(path, write)
    assert path.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_place_for_no_file_is_named(tmp_path):
    with pytest.raises(DataError, match=r"none/out\.csv: cannot be written \(No such file or directory\); check"):
        write_whole(tmp_path / "none" / "out.csv", Path.touch)
    with pytest.raises(DataError, match="is a folder; name a file in it"):
        write_whole(tmp_path, Path.touch)
    with pytest.raises(DataError, match="cannot be written"):
        write_whole(tmp_path / ("x" * 300), Path.touch)


@pytest.mark.skipif(os.name == "nt", reason="links need a right of their own on Windows")
def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.csv").write_text("old", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "real.csv")
    write_whole(tmp_path / "link.csv", lambda draft: draft.write_text("new", encoding="utf-8"))
    assert (tmp_path / "link.csv").is_symlink() and (tmp_path / "real.csv").read_text("utf-8") == "new"


def test_a_disk_that_is_full_is_told_also_where_polars_wraps_its_words(tmp_path):
    def write(draft: Path) -> None:
        draft.write_text("half", encoding="utf-8")
        raise pl.exceptions.ComputeError("parquet: underlying IO error: No space left on device (os error 28)")

    with pytest.raises(DataError, match=r"out\.parquet: cannot be written \(No space left on device\); check"):
        write_whole(tmp_path / "out.parquet", write)
    assert list(tmp_path.iterdir()) == []
