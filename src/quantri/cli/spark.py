"""Microdata that lie in a cluster: a Spark session, and a file of answers as its frame."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quantri.engine.files.columns import name_columns
from quantri.errors import DataError

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MASTER = "local[2]"
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "OFF",  # a fault is one line, ours
    "spark.sql.codegen.maxFields": "2000",  # above it Spark interprets each row: slower by a multiple
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
}
_CSV: dict[str, Any] = {
    "header": True, "inferSchema": True, "mode": "FAILFAST", "encoding": "UTF-8", "quote": '"', "escape": '"',
}  # fmt: skip
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


def session(master: str = MASTER) -> "SparkSession":
    """Start Spark, or go on with the session that this process has.

    Parameters
    ----------
    master : str
        ``local[2]`` runs in this machine on two threads and listens on the loopback address alone; ``spark://…``,
        ``yarn`` or ``k8s://…`` is a cluster.

    Raises
    ------
    DataError
        If pyspark is not installed, Java is missing, or the master does not answer.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise DataError(
            "--engine spark needs pyspark and pyarrow; install them into .venv: pip install 'pyspark>=4' pyarrow"
        ) from None
    if master.startswith("local"):
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")  # Java reads it when it starts
    builder = SparkSession.builder.appName("quantri").master(master)
    for key, value in (_SETTINGS | (_LOOPBACK if master.startswith("local") else {})).items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except (PySparkException, OSError) as fault:
        raise DataError(
            "Spark cannot start at {master} ({reason}); install Java 17 (Debian: openjdk-17-jre-headless) "
            "and check the address of the master",
            master=master,
            reason=_first_line(str(fault)),
        ) from None


def read_frame(path: Path | str, spark: "SparkSession | None" = None) -> "DataFrame":
    """Read answers into a Spark frame, lazily, with NaN as null.

    Parameters
    ----------
    path : Path or str
        A file or folder of Parquet, or UTF-8 CSV with a header and commas, that every worker can reach.
    spark : SparkSession, optional
        Where to read; when not given, `session` at the master that ``QUANTRI_SPARK_MASTER`` names, or here.

    Raises
    ------
    DataError
        If the format is another one, nothing lies there, it cannot be read, or names of columns clash.
    """
    place = str(path)
    kind = Path(place).suffix.lower()
    if kind not in (".parquet", ".pq", ".csv", ""):
        raise DataError(
            "{place}: Spark reads Parquet and CSV; write the answers as Parquet, or leave --engine out", place=place
        )
    spark = spark or session(os.environ.get("QUANTRI_SPARK_MASTER", MASTER))
    with working(place):
        frame = spark.read.csv(place, **_CSV) if kind == ".csv" else spark.read.parquet(place)
        return _clean(frame, Path(place).name)


@contextmanager
def working(place: str) -> Iterator[None]:
    """Turn what Spark raises while it reads or sums into a DataError that names the file."""
    from py4j.protocol import Py4JJavaError  # type: ignore[import-untyped]
    from pyspark.errors import PySparkException

    try:
        yield
    except Py4JJavaError as fault:
        raise _unreadable(place, str(fault.java_exception.getMessage())) from None
    except PySparkException as fault:
        raise _unreadable(place, str(fault)) from None


def _unreadable(place: str, reason: str) -> DataError:
    return DataError(
        "{place}: Spark cannot read it ({reason}); check the file, and that every worker reaches it",
        place=place,
        reason=_first_line(reason),
    )


def _clean(frame: "DataFrame", name: str) -> "DataFrame":
    """Name columns in NFC, and put null in the place of NaN."""
    from pyspark.sql import functions as f

    named = name_columns(frame.columns, name)
    frame = frame.toDF(*(next(iter(name_columns([raw], name)), raw) for raw in frame.columns)).select(*named)
    floats = [column for column, kind in frame.dtypes if kind in ("double", "float")]
    return frame.withColumns({column: f.nanvl(column, f.lit(None)) for column in floats})


def _first_line(reason: str) -> str:
    return reason.strip().split("\n")[0][:200]
