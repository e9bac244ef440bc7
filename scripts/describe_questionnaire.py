"""Write docs/reference/demonstration-questionnaire.md: python scripts/describe_questionnaire.py."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "src" / "quantri" / "data" / "indices" / "demo"
PAGE = ROOT / "docs" / "reference" / "demonstration-questionnaire.md"
HEAD = """# Demonstration questionnaires

Made by `scripts/describe_questionnaire.py` from `src/quantri/data/indices/demo/*.toml`.

**They are ours and serve to show the software.** The first hangs on PAPI's published tree, because that tree is known.
Its indicators, questions, weights and codes are not PAPI's: nothing of PAPI's questionnaire is copied here. Scores made
with it never mix with PAPI's series. Each leaf says in its name that it is a demonstration question
(câu hỏi minh họa).

A definition may carry the wording of its questions beside the tree: `[[question]]` with `code`, `text_vi`, `text_en`
and `scale`, and `[scale.NAME]` with the answers in both languages. Scoring does not read them; people do.
"""
COMBINED = {
    "first": "first known answer", "any": "any of them", "all": "all of them", "sum": "sum", "mean": "mean",
    "share": "share of them", "ratio": "first divided by second",
}  # fmt: skip


def page() -> str:
    parts = [HEAD]
    for path in (DEMO / "papi-demo.toml", DEMO / "satisfaction-demo.toml"):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        parts.append(f"## `{path.name}`: {content['index']['name_en']}\n\n{content['index']['name_vi']}.\n")
        parts += [scales(content), tree(content)]
    return "\n".join(parts).rstrip() + "\n"


def scales(content: dict[str, Any]) -> str:
    rows = []
    for name, scale in content["scale"].items():
        answers = "; ".join(f"{code} = {vi} / {scale['en'][code]}" for code, vi in scale["vi"].items())
        rows.append(f"| `{name}` | {answers} |")
    return "\n".join(["| answers | codes |", "|---|---|", *rows])


def tree(content: dict[str, Any]) -> str:
    asked = {question["code"]: question for question in content["question"]}
    lines: list[str] = []
    table, placed = False, set[str]()
    for c in content["component"]:
        if "measure" not in c:
            table = False
            lines += ["", f"### {c['code']} {c['name_vi']} / {c['name_en']}", "", how(c)]
            continue
        if not table:
            table = True
            lines += ["", "| indicator | questions | counts |", "|---|---|---|"]
        codes = c["measure"]["questions"]
        placed |= set(codes)
        wording = "<br>".join(
            f"`{q}` ({asked[q]['scale']}) {asked[q]['text_vi']} / {asked[q]['text_en']}" for q in codes
        )
        lines.append(f"| `{c['code']}` {c['name_vi']} / {c['name_en']} | {wording} | {counts(c)} |")
    lines += ["", "### Questions that only decide what is asked next", ""]
    lines += [f"- `{q['code']}` {q['text_vi']} / {q['text_en']}" for q in asked.values() if q["code"] not in placed]
    return "\n".join([*lines, ""])


def how(c: dict[str, Any]) -> str:
    kind = {"sum": "sum of its parts", "arithmetic": "weighted mean", "geometric": "geometric mean"}[c["rollup"]]
    weight = f"; weight {c['component_weight']:g} in its parent" if "component_weight" in c else ""
    unseen = f"; {c['unseen']:g} of it is not seen and counts as the lowest" if "unseen" in c else ""
    return f"{c['bounds'][0]:g} to {c['bounds'][1]:g} points, {kind}{unseen}{weight}."


def counts(c: dict[str, Any]) -> str:
    measure = c["measure"]
    parts = [f"{c['worst']:g} worst, {c['best']:g} best"]
    if len(measure["questions"]) > 1:
        parts.insert(0, COMBINED[measure["combine"]])
    if "values" in measure:
        parts.append(", ".join(f"{code} → {value:g}" for code, value in measure["values"].items()))
    parts.append(f"no answer: {', '.join(map(str, measure['missing']))}")
    if "only_if" in measure:
        parts.append(f"asked if `{measure['only_if']}`, else {measure['not_asked'][0]}")
    if "component_weight" in c:
        parts.append(f"weight {c['component_weight']:g}")
    return "; ".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)} written")
