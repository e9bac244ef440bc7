"""Random index definitions for Hypothesis, and a plain reading of measures to hold the fast one against."""

import math
from collections.abc import Mapping
from operator import eq, gt, ne

from hypothesis import strategies as st

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.measure import Measure

SCALES = (
    {"1": 1.0, "2": 0.0},
    {"1": 0.0, "2": 1.0},
    {"1": 4.0, "2": 3.0, "3": 2.0, "4": 1.0},
    {"1": 0.0, "2": 0.25, "3": 0.5, "4": 0.75, "5": 1.0},
    {"yes": 1.0, "no": 0.0},
)
COMPARE = {"==": eq, "!=": ne, ">": gt}


@st.composite
def measures(draw: st.DrawFn, name: str, earlier: tuple[str, ...] = ()) -> tuple[Measure, float, float]:
    """Draw a measure of questions called after `name`, with the worst and best that fit it."""
    combine = draw(st.sampled_from(("first", "any", "all", "sum", "mean", "share", "ratio")))
    n = 2 if combine == "ratio" else draw(st.integers(1, 3))
    values = draw(st.sampled_from(SCALES))
    if combine in ("any", "all", "share"):
        values = draw(st.sampled_from([scale for scale in SCALES if min(scale.values()) == 0]))
    if combine == "ratio":
        values = {}
    text = "yes" in values
    low, high = (
        (0.0, 1.0) if combine in ("any", "all", "share", "ratio") else (min(values.values()), max(values.values()))
    )
    if combine == "sum":
        low, high = low * n, high * n
    if combine in ("first", "mean") and draw(st.booleans()):
        values, text, low, high = {}, False, 1.0, 7.0
    worst, best = (low, high) if draw(st.booleans()) else (high, low)
    skip = draw(
        st.sampled_from(("", f"f_{name} == 1", f"not f_{name} in (1, 2)", f"f_{name} != 2 and g > 3", *earlier))
    )
    measure = Measure(
        questions=tuple(f"q_{name}_{k}" for k in range(n)), combine=combine, values=values, only_if=skip,
        missing=draw(st.sampled_from(((), ("dk",)) if text else ((), (888,), (888, 999)))),
        not_asked=draw(st.sampled_from(((), ("na",)) if text else ((), (-999999,)))),
    )  # fmt: skip
    return measure, worst, best


@st.composite
def definitions(draw: st.DrawFn) -> IndexDefinition:
    """Draw a tree of an index, one to three parts and one to three measured leaves in each."""
    rollup = draw(st.sampled_from(("sum", "arithmetic", "geometric")))
    components = [component("T", "index", None, (0, 100), rollup=rollup)]
    earlier: tuple[str, ...] = ()
    for p in range(draw(st.integers(1, 3))):
        inner = draw(st.sampled_from(("arithmetic", "geometric")))
        unseen = draw(st.sampled_from((0.0, 0.25))) if inner == "arithmetic" else 0.0
        part = f"P{p}"
        components.append(component(part, "dimension", "T", (p / 3, p + 2.5), rollup=inner, unseen=unseen))
        weights = draw(st.lists(st.integers(1, 4), min_size=1, max_size=3))
        weighted = draw(st.booleans())
        for k, weight in enumerate(weights):
            measure, worst, best = draw(measures(f"{p}{k}", earlier))
            share = (1 - unseen) * weight / sum(weights) if weighted else None
            leaf = component(
                f"{part}.{k}", "indicator", part, tuple(sorted((worst, best))),
                component_weight=share, measure=measure, worst=worst, best=best,
            )  # fmt: skip
            components.append(leaf)
            if "1" in measure.values and measure.combine != "ratio":
                earlier = (f"{measure.questions[0]} == 1",)
    return IndexDefinition(code="drawn", year=2024, name_vi="Thử", name_en="Drawn", components=tuple(components))


def component(code: str, level: str, parent: str | None, bounds: tuple[float, ...], **more) -> Component:
    """Make a component whose name is its code."""
    return Component(code=code, level=level, name_vi=code, name_en=code, parent=parent, bounds=bounds, **more)


def value(measure: Measure, row: Mapping[str, object]) -> tuple[float, float] | None:
    """Read one respondent's value plainly: what is added above and below; None when not in the base."""
    if measure.only_if and holds(measure.only_if, row) is not True:
        return None
    asked = [row[q] for q in measure.questions if row[q] not in measure.not_asked]
    known = [worth(measure, answer) for answer in asked if answer is not None and answer not in measure.missing]
    if not known or (measure.combine in ("sum", "ratio") and len(known) < len(asked)):
        return None
    if measure.combine == "ratio":
        return known[0], known[1]
    if measure.combine in ("any", "all"):
        decided = [(v > 0) == (measure.combine == "any") for v in known]
        if not any(decided) and len(known) < len(asked):
            return None
        return float(any(decided) == (measure.combine == "any")), 1.0
    whole = {"first": known[0], "sum": sum(known), "mean": math.fsum(known) / len(known)}
    return whole.get(measure.combine, sum(v > 0 for v in known) / len(known)), 1.0


def worth(measure: Measure, answer: object) -> float:
    """What an answer counts."""
    return measure.values[str(answer)] if measure.values else float(answer)


def holds(condition: str, row: Mapping[str, object]) -> bool | None:
    """Evaluate a condition with null as unknown, by Python itself."""
    names = {name: row[name] for name in row if name in condition}
    try:
        return eval(condition, {"__builtins__": {}}, names)  # noqa: S307  (conditions of our own)
    except TypeError:
        return None
