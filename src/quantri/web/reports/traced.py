"""A figure of a report: its value, and the rows that it comes from."""

from collections.abc import Iterable
from typing import Any

from quantri.web.indices.models import Release

Content = dict[str, Any]


def traced(value: object, rows: Iterable[tuple[str, object, str]], sha256: str = "") -> Content:
    """Give a figure with its rows: the kind of row, its key, its name."""
    found = [{"model": model, "key": key, "name": name} for model, key, name in rows]
    return {"value": value, "rows": found, "sha256": sha256}


def counted(rows: Iterable[tuple[str, object, str]]) -> Content:
    """Give the number of some rows as a figure."""
    found = list(rows)
    return traced(len(found), found)


def released(value: float | None, release: Release | None, code: str) -> Content:
    """Give a published score with its release; what an edition that is not here would tell has no row."""
    if release is None:
        return traced(value, ())
    return traced(value, [("indices.release", release.pk, f"{release}, {code}")], release.results_sha256)
