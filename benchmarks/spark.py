"""The same scoring on Spark and on Polars: python benchmarks/spark.py [--rows 1000000].

Starting Spark is told apart from its work. Needs Java 17 and the extra [spark].
"""

import argparse
import time

import numpy as np
import polars as pl

from engine import DESIGN, made, tree
from quantri.cli.spark import read_frame, session
from quantri.engine.design import Inference
from quantri.engine.recode import recode_answers
from quantri.engine.scoring import Scores, score
from quantri.engine.totals import psu_totals


def scored(frame: object) -> Scores:
    definition = tree()
    measures = {c.code: c.measure for c in definition.measured}
    totals = psu_totals(frame, recode_answers(measures, frame), DESIGN, domains=["province"])
    return score(definition, totals, Inference())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    path, marks = made(parser.parse_args().rows), [time.perf_counter()]
    spark = session("local[2]")
    marks.append(time.perf_counter())
    first = scored(read_frame(path, spark))
    marks.append(time.perf_counter())
    scored(read_frame(path, spark))
    marks.append(time.perf_counter())
    ours = scored(pl.scan_parquet(path))
    marks.append(time.perf_counter())
    spark.stop()
    steps = ("Spark starts", "Spark, first run", "Spark, second run", "Polars")
    for step, seconds in zip(steps, np.diff(marks), strict=True):
        print(f"| {step} | {seconds:.2f} s |")
    apart = [
        np.abs(getattr(first.estimates, x) / getattr(ours.estimates, x) - 1).max() for x in ("value", "standard_error")
    ]
    print(f"\nLargest relative difference: scores {apart[0]:.0e}, standard errors {apart[1]:.0e}")


if __name__ == "__main__":
    main()
