"""What reading microdata costs, in each format, beside a plain Polars scan of the same columns.

.venv/bin/python benchmarks/reading.py [--rows 1000000]

Each reading sums every column in a process of its own: processor time, and the most memory that the process held.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import polars.selectors as cs

KINDS = ("parquet", "csv", "sav", "zsav", "dta", "xlsx")
N_ANSWERS = 20
NARROW = 2  # answers in the workbook: Excel users have few columns, or no patience


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--measure", nargs=2, metavar=("HOW", "FILE"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measure(arguments.measure[0], Path(arguments.measure[1]))))
        return
    with tempfile.TemporaryDirectory() as folder:
        compare(Path(folder), arguments.rows)


def compare(folder: Path, n_rows: int) -> None:
    print("| file | MB | plain scan of | s | MB | `read_microdata`: s | times | MB | times |")
    print("|---|---|---|---|---|---|---|---|---|")
    answers = make(n_rows)
    for kind in KINDS:
        held = answers.select(answers.columns[: 4 + NARROW]) if kind == "xlsx" else answers
        path, base = folder / f"answers.{kind}", folder / ("base.csv" if kind == "csv" else "base.parquet")
        write(held, path)
        write(held, base)
        plain, ours = measured("plain", base), measured("ours", path)
        more = {key: ours[key] / plain[key] for key in ours}
        print(
            f"| {n_rows:,} × {held.width} `.{kind}` | {path.stat().st_size / 2**20:.0f} | `{base.suffix}` | "
            f"{plain['seconds']:.2f} | {plain['megabytes']:.0f} | {ours['seconds']:.2f} | {more['seconds']:.1f} | "
            f"{ours['megabytes']:.0f} | {more['megabytes']:.1f} |",
            flush=True,
        )


def measured(how: str, path: Path) -> dict[str, float]:
    """Take the best of three, or the only one where a reading is slow."""
    found: list[dict[str, float]] = []
    while len(found) < 3 and sum(one["seconds"] for one in found) < 30:
        command = [sys.executable, __file__, "--measure", how, str(path)]
        found.append(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return min(found, key=lambda one: one["seconds"])


def measure(how: str, path: Path) -> dict[str, float]:
    import quantri.engine.microdata as microdata

    started = time.process_time()
    if how == "ours":
        frame = microdata.read_microdata(path).frame
    else:
        frame = pl.scan_csv(path) if path.suffix == ".csv" else pl.scan_parquet(path)
    frame.select(cs.numeric().sum(), cs.string().n_unique()).collect(engine="streaming")
    seconds = time.process_time() - started
    return {"seconds": seconds, "megabytes": peak_megabytes()}


def peak_megabytes() -> float:
    """Most memory that this process held; Linux alone tells it without that of the process which started this one."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def make(n_rows: int) -> pl.DataFrame:
    """Answers with the types that surveys have: an id, a province's name, a PSU, a weight and codes with gaps."""
    rng = np.random.default_rng(2019)
    names = np.array(["Hà Nội", "Huế", "Đà Nẵng", "An Giang", "Cà Mau"])
    columns: dict[str, np.ndarray] = {
        "id": np.arange(n_rows, dtype=np.int32), "province": names[rng.integers(0, 5, n_rows)],
        "psu": rng.integers(1, 3000, n_rows, dtype=np.int16), "weight": rng.lognormal(size=n_rows).round(4),
    }  # fmt: skip
    for n in range(N_ANSWERS):
        columns[f"q{n + 1}"] = rng.integers(0, 6, n_rows, dtype=np.int8)
    answers = pl.DataFrame(columns)
    return answers.with_columns(pl.when(pl.col(f"q{n + 1}") > 0).then(pl.col(f"q{n + 1}")) for n in range(N_ANSWERS))


def write(answers: pl.DataFrame, path: Path) -> None:
    import pyreadstat

    if path.suffix == ".parquet":
        answers.write_parquet(path)
    elif path.suffix == ".csv":
        answers.write_csv(path)
    elif path.suffix == ".dta":
        pyreadstat.write_dta(answers, path)
    elif path.suffix == ".xlsx":
        write_workbook(answers, path)
    else:
        pyreadstat.write_sav(answers, path, compress=path.suffix == ".zsav", row_compress=path.suffix == ".sav")


def write_workbook(answers: pl.DataFrame, path: Path) -> None:
    """Take the envelope from openpyxl and write the sheet ourselves: a million rows through it take minutes."""
    import openpyxl

    openpyxl.Workbook().save(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new:
        for name, content in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                new.writestr(name, content)
        with new.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for line in sheet_lines(answers):
                sheet.write(line.encode())


def sheet_lines(answers: pl.DataFrame) -> Iterator[str]:
    yield '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    for row in (answers.columns, *answers.iter_rows()):
        cells = (
            f'<c t="str"><v>{v}</v></c>' if isinstance(v, str) else f"<c><v>{v}</v></c>" if v is not None else "<c/>"
            for v in row
        )
        yield f"<row>{''.join(cells)}</row>"
    yield "</sheetData></worksheet>"


if __name__ == "__main__":
    main()
