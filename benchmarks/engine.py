"""Speed and memory of scoring: python benchmarks/engine.py [--rows 14500 …] [--r] [--svy PYTHON] [--bootstrap].

The same Parquet file (zstd, Int8 answers with codes 1, 2 and gaps, Float64 weights; 63 provinces, 92 indicators) is
decoded and summed by Polars alone, scored by the engine and, with --r, by R `survey` as an expert and as its manual
would; with --svy, by the svy of another interpreter, leaves only. Everything is made up.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from quantri.engine.definition import IndexDefinition
from quantri.engine.design import Inference, SampleDesign
from quantri.engine.loading import read_definition
from quantri.engine.ranking import replicated_scores
from quantri.engine.recode import recode_answers
from quantri.engine.scoring import Scores, score
from quantri.engine.totals import psu_totals

QUESTIONS, PROVINCES = 92, 63
DESIGN = SampleDesign(weight="w", strata="stratum", psu="psu")
FOLDER = Path(tempfile.gettempdir()) / "quantri-benchmark"


def made(rows: int) -> Path:
    """Make a file of answers, a million rows at a time, unless it is there."""
    path = FOLDER / f"answers-{rows}.parquet"
    if not path.exists():
        FOLDER.mkdir(exist_ok=True)
        rng, parts = np.random.default_rng(1), []
        for start in range(0, rows, 1_000_000):
            n = min(1_000_000, rows - start)
            psu = np.sort(rng.integers(0, PROVINCES * 8, n)).astype(np.int32)
            columns: dict[str, object] = {
                "province": (psu // 8).astype(np.int16), "stratum": (psu // 4).astype(np.int16), "psu": psu,
                "w": rng.lognormal(0, 0.5, n),
            }  # fmt: skip
            for k in range(QUESTIONS):
                answer = rng.integers(1, 3, n).astype(np.int8)
                columns[f"q{k}"] = pl.Series(answer).set(pl.Series(rng.random(n) < 0.05), None)
            parts.append(path.with_suffix(f".{len(parts)}"))
            pl.DataFrame(columns).write_parquet(parts[-1], compression="zstd")
        pl.scan_parquet(parts).sink_parquet(path, compression="zstd", row_group_size=250_000)
        for part in parts:
            part.unlink()
    return path


def tree() -> IndexDefinition:
    """Eight dimensions of about three sub-dimensions of four indicators."""
    lines = ['[index]\ncode="benchmark"\nyear=2026\nname_vi="đo tốc độ"\nname_en="benchmark"\nsynthetic=true']

    def add(code: str, level: str, parent: str, rest: str) -> None:
        above = f'parent="{parent}"\n' if parent else ""
        lines.append(f'[[component]]\ncode="{code}"\nlevel="{level}"\n{above}name_vi="x"\nname_en="x"\n{rest}')

    add("T", "index", "", 'bounds=[8,80]\nrollup="sum"')
    for d in range(8):
        add(f"D{d}", "dimension", "T", 'bounds=[1,10]\nrollup="sum"')
    for k in range(QUESTIONS):
        sub = f"D{k % 8}.{k // 8 % 3}"
        if k < 24:
            add(sub, "sub_dimension", sub[:2], 'bounds=[0.33,3.33]\nrollup="arithmetic"')
        measure = f'[component.measure]\nquestions=["q{k}"]\nvalues={{ 1 = 1, 2 = 0 }}\nmissing=[88, 99]'
        add(f"q{k}", "indicator", sub, f"worst=0\nbest=1\n{measure}")
    return read_definition("\n".join(lines), "benchmark.toml")


def decoded(path: Path) -> pl.DataFrame:
    """Decode and sum the same columns: the limit."""
    return pl.scan_parquet(path).select(pl.all().sum()).collect(engine="streaming")


def scored(path: Path, definition: IndexDefinition) -> Scores:
    frame = pl.scan_parquet(path)
    measures = {c.code: c.measure for c in definition.measured}
    totals = psu_totals(frame, recode_answers(measures, frame), DESIGN, domains=["province"])
    return score(definition, totals, Inference())


def median(run: Callable[[], object], times: int) -> float:
    run()
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def peak(path: Path) -> float:
    """Peak memory of a process that does nothing but score the file, in GB."""
    code = f"import engine, pathlib; engine.scored(pathlib.Path({str(path)!r}), engine.tree()); engine.say_peak()"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=Path(__file__).parent, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def say_peak() -> None:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6)


def by_r(path: Path) -> dict[str, float]:
    """Seconds that R takes; reading is left out, since Debian's R reads no Parquet."""
    table = path.with_suffix(".csv")
    pl.read_parquet(path).write_csv(table)
    script = Path(__file__).with_name("engine.R")
    done = subprocess.run(["Rscript", str(script), str(table)], capture_output=True, text=True, check=True)
    pairs = [line.split("\t") for line in done.stdout.split("\n") if "\t" in line]
    return {name: float(seconds) for name, seconds in pairs}


def by_svy(python: str, path: Path, times: int) -> dict[str, float]:
    """Seconds that svy takes for the leaves, in an interpreter of its own."""
    script = Path(__file__).with_name("svy_leaves.py")
    done = subprocess.run([python, str(script), str(path), str(times)], capture_output=True, text=True, check=True)
    version, seconds = done.stdout.split()
    return {f"svy {version}, leaves only, with reading": float(seconds)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, nargs="+", default=[14_500])
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--bootstrap", action="store_true")
    parser.add_argument("--r", action="store_true")
    parser.add_argument("--svy", metavar="PYTHON", help="an interpreter that has svy and polars")
    arguments = parser.parse_args()
    definition = tree()
    print(f"{os.cpu_count()} processors; load {os.getloadavg()[0]:.1f}; medians of {arguments.times} runs after one\n")
    print("| rows | decode and sum | score, all nodes with errors | times the limit | µs a row | peak GB |")
    print("|---|---|---|---|---|---|")
    for rows in arguments.rows:
        path = made(rows)
        limit = median(partial(decoded, path), arguments.times)
        ours = median(partial(scored, path, definition), arguments.times)
        figures = f"{limit:.3f} s | {ours:.3f} s | {ours / limit:.1f} | {ours / rows * 1e6:.2f} | {peak(path):.2f}"
        print(f"| {rows} | {figures} |")
    first = made(arguments.rows[0])
    if arguments.bootstrap:
        totals = scored(first, definition).totals

        def replicate() -> None:
            for _ in replicated_scores(definition, totals, 1000, np.random.default_rng(1)):
                pass

        print(f"\nBootstrap of the whole tree, 1,000 replicates: {median(replicate, arguments.times):.3f} s")
    if arguments.r or arguments.svy:
        ours = median(lambda: scored(first, definition), arguments.times)
        print(f"\n| {arguments.rows[0]} rows | seconds | times ours ({ours:.3f} s, with reading) |\n|---|---|---|")
        others = by_r(first) if arguments.r else {}
        others |= by_svy(arguments.svy, first, arguments.times) if arguments.svy else {}
        for name, seconds in others.items():
            print(f"| {name} | {seconds:.2f} | {seconds / ours:.0f} |")


if __name__ == "__main__":
    main()
