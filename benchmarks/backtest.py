"""Back-test of the outlook, as a table for docs/explanation/outlook.md.

.venv/bin/python benchmarks/backtest.py [src/quantri/data/backtest.json]

A file that is named gets its figures; the page on the method reads that of the package.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np

from quantri.engine.backtest import Trial, Verdict, trials, verdict
from quantri.engine.loading import load_archive

HEAD = (
    "| level | years ahead | base years | trials | skill | no change | mean change | 50 % | 80 % | 95 % |",
    "|---|---|---|---|---|---|---|---|---|---|",
)
LEVELS = ("index", "dimension", "sub_dimension")


def main() -> None:
    archive = load_archive("papi")
    made = list(trials(archive, range(2013, 2024), (1, 2), rng=np.random.default_rng(2019)))
    print("\n".join(HEAD))
    for level in LEVELS:
        for horizon in (1, 2):
            _print(level, horizon, [t for t in made if (t.level, t.horizon) == (level, horizon)])
    _print("all", 0, made)
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(figures(made), indent=1) + "\n", encoding="utf-8")


def figures(made: list[Trial]) -> dict[str, object]:
    """Figures of all trials together that pages and documents tell; shares are 0–1."""
    v = verdict("all", 0, made)
    by_year = {
        str(year): round(float(np.mean([t.inside[50] for t in made if t.base_year == year])), 4)
        for year in sorted({t.base_year for t in made})
    }
    return {
        "n_trials": v.n_trials, "n_base_years": v.n_years, "skill": round(v.skill, 4),
        "coverage": {str(level): round(share, 4) for level, share in v.coverage.items()},
        "coverage_50_by_base_year": by_year,
        "coverage_50_from_2019": round(float(np.mean([t.inside[50] for t in made if t.base_year >= 2019])), 4),
    }  # fmt: skip


def _print(level: str, horizon: int, made: list[Trial]) -> None:
    v: Verdict = verdict(level, horizon, made)
    skill = f"{v.skill:.0%}{_error(v.skill_error)}"
    others = f"{v.skill_no_change:.0%} | {v.skill_mean_change:.0%}"
    coverage = " | ".join(f"{v.coverage[p]:.3f}{_error(v.coverage_error[p], 3)}" for p in (50, 80, 95))
    print(f"| {level} | {horizon or '1–2'} | {v.n_years} | {v.n_trials} | {skill} | {others} | {coverage} |")


def _error(value: float, digits: int = 0) -> str:
    if math.isnan(value):
        return ""
    return f" ± {value:.3f}" if digits else f" ± {value:.0%}"


if __name__ == "__main__":
    main()
