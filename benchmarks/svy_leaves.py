"""Seconds that svy takes for the mean of every leaf in every province, from the file: svy_leaves.py FILE TIMES.

Run by an interpreter that has svy and polars; `engine.py --svy PYTHON` calls it beside the others.
"""

import statistics
import sys
import time

import polars as pl
import svy

path, times = sys.argv[1], int(sys.argv[2])


def run() -> None:
    frame = pl.read_parquet(path)
    leaves = [name for name in frame.columns if name.startswith("q")]
    frame = frame.with_columns(pl.col(leaves).cast(pl.Float64))
    sample = svy.Sample(data=frame, design=svy.Design(stratum="stratum", psu="psu", wgt="w"))
    for leaf in leaves:
        sample.estimation.mean(leaf, by="province", drop_nulls=True)


run()
seconds = []
for _ in range(times):
    began = time.perf_counter()
    run()
    seconds.append(time.perf_counter() - began)
print(svy.__version__ if hasattr(svy, "__version__") else "?", statistics.median(seconds), sep="\t")
