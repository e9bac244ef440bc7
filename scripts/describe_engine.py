"""Write docs/reference/python.md from the engine's docstrings: python scripts/describe_engine.py."""

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from quantri import engine

PAGE = Path(__file__).resolve().parent.parent / "docs" / "reference" / "python.md"
ANSWERED = (
    "totals.PsuTotals", "estimate.Estimates", "scoring.Scores", "ranking.Ranking", "differences.Differences",
    "sensitivity.Sensitivity", "sensitivity.Coherence",
)  # fmt: skip
HEAD = """# Python

Made by `scripts/describe_engine.py` from the docstrings. Letters in shapes: n respondents, P PSUs, S second-stage
units, H strata, D domains, L rows of totals (a domain in a drawn unit), K measured indicators or variables, M
components, B replicates. Every example runs as a test. Other modules of `quantri.engine` may change; these names are
kept, or their change stands in the changelog.

The way of the data, in one example:
"""


def page() -> str:
    parts = [HEAD, _fenced(inspect.getdoc(engine) or "")]
    parts.append("## Names\n\nEach is imported from `quantri.engine`.\n")
    parts += [_entry(name, getattr(engine, name)) for name in engine.__all__]
    parts.append("## What they answer\n")
    for place in ANSWERED:
        module, name = place.split(".")
        parts.append(_entry(name, getattr(_module(module), name)))
    return "\n".join(parts).rstrip() + "\n"


def _module(name: str) -> ModuleType:
    return import_module(f"quantri.engine.{name}")


def _fenced(doc: str) -> str:
    """Give the example of a docstring as a block."""
    lines = doc[doc.index(">>>") :].rstrip()
    return f"```python\n{lines}\n```\n"


def _entry(name: str, thing: type) -> str:
    """Describe a function, or a class with what it is made of."""
    call = "" if inspect.isclass(thing) else _call(thing)
    body = "\n".join(_lines(inspect.getdoc(thing) or ""))
    module = thing.__module__.removeprefix("quantri.engine.")
    return f"### `{name}`\n\n`{module}.{name}{call}`\n\n{body.strip()}\n"


def _call(thing: type) -> str:
    """Give the parameters by name alone; their types stand in the docstring."""
    parts, starred = [], False
    for parameter in inspect.signature(thing).parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            parts.append("*")
            starred = True
        default = "" if parameter.default is parameter.empty else f"={parameter.default!r}"
        parts.append(parameter.name + default)
    return f"({', '.join(parts)})"


def _lines(doc: str) -> Iterator[str]:
    """Turn numpydoc into Markdown: titles bold, parameters a list, examples a block."""
    title, lines = "", doc.replace("``", "`").splitlines()
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if re.fullmatch(r"-{3,}", line):
            continue
        if re.fullmatch(r"-{3,}", after):
            title = line
            yield from (f"**{title}**", "") if title != "Examples" else ("", "```python")
        elif title == "Examples":
            yield line
        elif title in ("Parameters", "Returns", "Yields", "Raises") and line and not line.startswith(" "):
            yield f"- `{line}`"
        elif title == "References":
            yield re.sub(r"^\.\. (\[\d+\])", r"\1", line)
        else:
            yield line.replace("]_", "]")
    if title == "Examples":
        yield "```"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
