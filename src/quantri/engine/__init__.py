"""Quantri's engine: index trees from weighted, clustered microdata, with errors carried to every component.

The way of the data, from top to bottom:

>>> import polars as pl
>>> from quantri.engine import *
>>> definition = read_definition('''
... [index]
... code = "demo"
... year = 2026
... name_vi = "Minh họa"
... name_en = "Demonstration"
... [[component]]
... code = "T"
... level = "index"
... name_vi = "Chỉ số"
... name_en = "Index"
... bounds = [1, 10]
... rollup = "arithmetic"
... [[component]]
... code = "A"
... parent = "T"
... level = "indicator"
... name_vi = "Hài lòng"
... name_en = "Satisfied"
... worst = 0
... best = 1
... [component.measure]
... questions = ["q1"]
... values = { 1 = 1, 2 = 0 }
... missing = [888, 999]
... ''', "demo.toml")
>>> answers = pl.DataFrame({"q1": [1, 2, 1, 1, 2, 888, 1, 2], "psu": [1, 1, 2, 2, 3, 3, 4, 4]})
>>> totals = psu_totals(answers, recode_answers({"A": definition["A"].measure}, answers), SampleDesign(psu="psu"))
>>> found = score(definition, totals, Inference())
>>> found.estimates.value.round(3).tolist(), found.estimates.standard_error.round(3).tolist()
([[6.143, 0.571]], [[1.559, 0.173]])
"""

from importlib import import_module
from typing import Any

# Names of the public interface and where they live; imported when asked for, since polars takes a tenth of a second.
_PUBLIC = {
    "Inference": "design",
    "SampleDesign": "design",
    "bootstrap": "resample",
    "coherence": "sensitivity",
    "compare_rounds": "differences",
    "detectable_change": "power",
    "jackknife": "resample",
    "load_archive": "loading",
    "load_definition": "loading",
    "means": "estimate",
    "needed_sample": "power",
    "psu_totals": "totals",
    "rank_domains": "ranking",
    "read_definition": "loading",
    "read_microdata": "microdata",
    "recode_answers": "recode",
    "replicated_scores": "ranking",
    "score": "scoring",
    "under_other_choices": "sensitivity",
}
__all__ = list(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
