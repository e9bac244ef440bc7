"""Back-test of the outlook, as a table for docs/explanation/outlook.md.

.venv/bin/python benchmarks/backtest.py
"""

import math

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
