"""Make the small samples that Quantri and R both analyse; run again, it writes the same bytes."""

from pathlib import Path

import numpy as np
import polars as pl

DATA = Path(__file__).parent / "data"
SEED = 20190327


def answers(rng: np.random.Generator, shift: np.ndarray) -> pl.DataFrame:
    """Answers of n respondents, whose level rises with their PSU's `shift`; each variable misses other rows."""
    n = len(shift)
    return pl.DataFrame(
        {
            "y": (20 + 3 * shift + 4 * rng.normal(size=n)).round(2),
            "z": with_gaps(rng, (5 + shift + rng.normal(size=n)).round(2), 0.15),
            "x": with_gaps(rng, (10 + shift + rng.exponential(4, size=n)).round(2), 0.05),
            "s": rng.choice([1, 2, 3, 4, 5, 888, 999], size=n, p=[0.1, 0.2, 0.25, 0.2, 0.1, 0.1, 0.05]),
            "yes": rng.choice([1, 2, 888], size=n, p=[0.5, 0.4, 0.1]),
            "kind": with_gaps(rng, rng.choice(["blue", "green", "red"], size=n, p=[0.5, 0.3, 0.2]), 0.06),
            "sex": rng.choice(["f", "m"], size=n),
        }
    )


def with_gaps(rng: np.random.Generator, column: np.ndarray, share: float) -> list[object]:
    return [None if gap else value for gap, value in zip(rng.random(len(column)) < share, column.tolist(), strict=True)]


def clusters(rng: np.random.Generator, sizes: list[int], taken: dict[str, int]) -> pl.DataFrame:
    """One row a respondent: the stratum, a PSU label unique in all and one unique only within its stratum."""
    rows, label = [], 0
    for stratum, n_psus in taken.items():
        for local in range(1, n_psus + 1):
            label += 1
            size = int(rng.choice(sizes))
            rows += [(stratum, f"p{label:02d}", local)] * size
    return pl.DataFrame(rows, schema=["stratum", "psu", "local"], orient="row")


def psu_shift(rng: np.random.Generator, sample: pl.DataFrame) -> np.ndarray:
    codes = np.unique(sample["psu"].to_numpy(), return_inverse=True)[1]
    return rng.normal(size=codes.max() + 1)[codes]


def skewed_weights(rng: np.random.Generator, n: int) -> pl.Series:
    return pl.Series("weight", rng.lognormal(3, 0.7, size=n).round(3))


def by_stratum(sample: pl.DataFrame, name: str, values: dict[str, object]) -> pl.Series:
    return sample["stratum"].replace_strict(values).alias(name)


def simple_random(rng: np.random.Generator) -> pl.DataFrame:
    n, population = 120, 900
    fixed = pl.DataFrame({"weight": [population / n] * n, "population": [population] * n})
    area = pl.Series("area", rng.choice(["delta", "hill"], size=n))
    return pl.concat([fixed, area.to_frame(), answers(rng, rng.normal(size=n))], how="horizontal")


def stratified(rng: np.random.Generator) -> pl.DataFrame:
    taken, population = {"a": 20, "b": 35, "c": 50, "d": 15}, {"a": 80, "b": 500, "c": 1000, "d": 60}
    sample = pl.DataFrame({"stratum": [s for s, n in taken.items() for _ in range(n)]})
    shift = rng.normal(size=sample.height) + by_stratum(sample, "shift", {"a": 0, "b": 1, "c": 2, "d": 3}).to_numpy()
    return sample.with_columns(
        by_stratum(sample, "population", population),
        by_stratum(sample, "fraction", {s: taken[s] / population[s] for s in taken}),
        by_stratum(sample, "weight", {s: round(population[s] / taken[s], 6) for s in taken}),
        by_stratum(sample, "area", {"a": "delta", "b": "hill", "c": "delta", "d": "hill"}),
    ).hstack(answers(rng, shift))


def one_stage(rng: np.random.Generator) -> pl.DataFrame:
    """Clusters of unequal sizes, without strata."""
    sample = clusters(rng, [3, 5, 8, 14], {"all": 18}).drop("stratum", "local")
    weight = skewed_weights(rng, sample.height)
    return sample.with_columns(weight, psus=pl.lit(70)).hstack(answers(rng, psu_shift(rng, sample)))


def nested(rng: np.random.Generator) -> pl.DataFrame:
    """Strata of clusters; `local` numbers the PSUs anew in each stratum; `region` joins strata, `sex` cuts PSUs."""
    taken = {"a": 3, "b": 2, "c": 5, "d": 4, "e": 2, "f": 6}
    sample = clusters(rng, [4, 7, 10, 16], taken)
    population = {"a": 12, "b": 9, "c": 40, "d": 18, "e": 25, "f": 31}
    return sample.with_columns(
        skewed_weights(rng, sample.height),
        by_stratum(sample, "psus", population),
        by_stratum(sample, "region", {s: "east" if s in "abc" else "west" for s in taken}),
    ).hstack(answers(rng, psu_shift(rng, sample)))


def certainty(rng: np.random.Generator) -> pl.DataFrame:
    """Two strata are taken whole, one of them a single PSU; finite populations as numbers and as fractions."""
    taken, population = {"a": 1, "b": 3, "c": 4, "d": 2, "e": 5}, {"a": 1, "b": 3, "c": 16, "d": 10, "e": 20}
    sample = clusters(rng, [5, 8, 12], taken)
    return sample.with_columns(
        skewed_weights(rng, sample.height),
        by_stratum(sample, "psus", population),
        by_stratum(sample, "fraction", {s: float(taken[s] / population[s]) for s in taken}),
        by_stratum(sample, "region", {s: "east" if s in "abc" else "west" for s in taken}),
    ).hstack(answers(rng, psu_shift(rng, sample)))


def two_stage(rng: np.random.Generator) -> pl.DataFrame:
    """Households in villages; stratum d is taken whole; in some villages every household was taken.

    `house` is unique in its village alone. `psus_all` and `share_all` stand for the same draw without strata.
    """
    taken, population = {"a": 3, "b": 4, "c": 2, "d": 2}, {"a": 9, "b": 30, "c": 8, "d": 2}
    rows, label = [], 0
    for stratum, n_psus in taken.items():
        for k in range(n_psus):
            label += 1
            houses = int(rng.integers(2, 6))
            whole = label % 4 == 0
            in_village = houses if whole else houses * int(rng.integers(2, 9))
            for house in range(1, houses + 1):
                members = int(rng.integers(1, 5))
                rows += [(stratum, f"v{label:02d}", k + 1, house, population[stratum], in_village, houses)] * members
    columns = ["stratum", "psu", "local", "house", "psus", "houses", "taken"]
    sample = pl.DataFrame(rows, schema=columns, orient="row")
    return sample.with_columns(
        skewed_weights(rng, sample.height),
        by_stratum(sample, "psus_share", {s: float(taken[s] / population[s]) for s in taken}),
        houses_share=pl.col("taken") / pl.col("houses"),
        psus_all=pl.lit(60),
    ).drop("taken").hstack(answers(rng, psu_shift(rng, sample)))  # fmt: skip


def lonely(rng: np.random.Generator) -> pl.DataFrame:
    """Stratum c has one PSU of six, f one of one; in b and e only one PSU holds the `camp` "south".

    `t` was answered in one PSU of a and nowhere in e; the region "east" holds no lonely stratum.
    """
    taken = {"a": 3, "b": 2, "c": 1, "d": 2, "e": 4, "f": 1}
    population = {"a": 10, "b": 4, "c": 6, "d": 2, "e": 15, "f": 1}
    sample = clusters(rng, [6, 9, 13], taken)
    alone = (pl.col("stratum") == "b") & (pl.col("local") == 1) | (pl.col("stratum") == "e") & (pl.col("local") > 1)
    mute = (pl.col("stratum") == "a") & (pl.col("local") > 1) | (pl.col("stratum") == "e")
    answered = answers(rng, psu_shift(rng, sample))
    camp = pl.Series("camp", rng.choice(["north", "south"], size=sample.height))
    return sample.hstack(answered).with_columns(
        camp,
        skewed_weights(rng, sample.height),
        by_stratum(sample, "psus", population),
        by_stratum(sample, "fraction", {s: float(taken[s] / population[s]) for s in taken}),
        by_stratum(sample, "region", {s: "east" if s in "abd" else "west" for s in taken}),
    ).with_columns(
        camp=pl.when(alone).then(pl.lit("north")).otherwise("camp"),
        t=pl.when(~mute).then(pl.col("y").round(1)),
    )  # fmt: skip


def lonely_houses(rng: np.random.Generator) -> pl.DataFrame:
    """Two stages; one village has one household of five, and one has one of one; `camp` leaves one of a village."""
    houses = {"v1": (3, 9), "v2": (1, 5), "v3": (2, 4), "v4": (1, 1), "v5": (4, 11), "v6": (3, 12)}
    stratum = {"v1": "a", "v2": "a", "v3": "a", "v4": "b", "v5": "b", "v6": "b"}
    rows = []
    for village, (n, population) in houses.items():
        for house in range(1, n + 1):
            for _ in range(int(rng.integers(2, 6))):
                camp = "north" if village == "v3" and house == 2 else str(rng.choice(["north", "south"]))
                psus = {"a": 8, "b": 12}[stratum[village]]
                rows.append((stratum[village], village, house, psus, population, camp))
    sample = pl.DataFrame(rows, schema=["stratum", "psu", "house", "psus", "houses", "camp"], orient="row")
    return sample.with_columns(skewed_weights(rng, sample.height)).hstack(answers(rng, psu_shift(rng, sample)))


def rounds(rng: np.random.Generator) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Two rounds in the same PSUs but one, with other respondents; read as independent, they share nothing."""
    taken = {"a": 4, "b": 3, "c": 5}
    frame = clusters(rng, [1], taken)
    shift = rng.normal(size=frame.height)

    def visit(rise: float) -> pl.DataFrame:
        repeats = rng.choice([5, 8, 11], size=frame.height)
        rows = np.repeat(np.arange(frame.height), repeats)
        sample = frame[rows].with_columns(
            skewed_weights(rng, len(rows)),
            by_stratum(frame[rows], "region", {"a": "east", "b": "west", "c": "west"}),
        )
        return sample.hstack(answers(rng, shift[rows] + rise))

    return visit(0.0), visit(0.5).filter(pl.col("psu") != "p12")


def calibration(rng: np.random.Generator) -> pl.DataFrame:
    """Strata of clusters with age, sex and household size, to be weighted to known totals (see survey.R)."""
    sample = clusters(rng, [6, 10, 14], {"a": 4, "b": 3, "c": 5})
    age = pl.Series("age", rng.choice(["18-34", "35-54", "55+"], size=sample.height, p=[0.25, 0.4, 0.35]))
    house_size = pl.Series("house_size", rng.integers(1, 8, size=sample.height))
    data = sample.with_columns(skewed_weights(rng, sample.height), age, house_size)
    data = data.hstack(answers(rng, psu_shift(rng, sample)))
    return data.with_columns(cell=pl.col("sex") + " " + pl.col("age"))


def main() -> None:
    rng = np.random.default_rng(SEED)
    one_a_file = simple_random, stratified, one_stage, nested, certainty, two_stage, lonely, lonely_houses, calibration
    for make in one_a_file:
        make(rng).write_csv(DATA / f"{make.__name__}.csv")
    before, after = rounds(rng)
    before.write_csv(DATA / "before.csv")
    after.write_csv(DATA / "after.csv")


if __name__ == "__main__":
    main()
