"""Microdata files to frames."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl


@dataclass(frozen=True, kw_only=True)
class Microdata:
    """A file's rows."""

    frame: pl.LazyFrame
    name: str


def read_microdata(path: Path, columns: Sequence[str] | None = None) -> Microdata:
    """Read."""
    frame = pl.scan_parquet(path) if path.suffix == ".parquet" else pl.scan_csv(path, infer_schema_length=None)
    return Microdata(frame=frame, name=path.name)


def sha256(path: Path) -> str:
    """Hash."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
