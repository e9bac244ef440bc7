"""The definition of the edition in a sheet: the known one, or a new one made from the newest before it."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from quantri.engine.definition import Component, IndexDefinition
from quantri.text import fold
from quantri.web.indices.sheets.cells import written_bound
from quantri.web.indices.sheets.faults import Findings
from quantri.web.indices.sheets.labels import without_number
from quantri.web.indices.sheets.layout import Line

_SCALE = re.compile(r"^\s*(\d+(?:[.,]\d+)?)\s*[-–—]\s*(\d+(?:[.,]\d+)?)(?!\s*[%\d])")
_SAME_NAME = 0.6
_SAME_BOUND = 0.01


def known_definition(
    base: IndexDefinition, lines: Mapping[str, Line], sheet: str, findings: Findings
) -> IndexDefinition:
    """Return the definition of a known edition; whatever the sheet has too much, too little or otherwise is a fault."""
    for code, line in lines.items():
        if code not in base:
            text = _("%(code)s is no component of %(index)s %(year)s; correct its number, or check the year.")
            findings.fault(line.where, text % {"code": code, "index": base.code.upper(), "year": base.year})
    for component in base:
        if component.code in lines:
            _check_scale(component, lines[component.code], findings)
        elif component.parent is not None:
            text = _("No line with scores of %(code)s (%(name)s); add it, or check its number and the year.")
            findings.fault(sheet, text % {"code": component.code, "name": component.name_vi})
    return base


def _check_scale(component: Component, line: Line, findings: Findings) -> None:
    printed = printed_bounds(line.scale)
    if printed and not _agree(component, printed):
        text = _("The printed scale of %(code)s is %(scale)s, not %(low)s-%(high)s as in that edition; check the year.")
        low, high = (written_bound(bound) for bound in component.bounds)
        findings.fault(line.where, text % {"code": component.code, "scale": line.scale, "low": low, "high": high})


def printed_bounds(scale: str) -> tuple[float, float] | None:
    """Read a printed scale of points.

    Examples
    --------
    >>> printed_bounds("0.25-2.5 điểm/points"), printed_bounds("0%-100%")
    ((0.25, 2.5), None)
    """
    match = _SCALE.match(scale)
    if not match:
        return None
    low, high = (float(bound.replace(",", ".")) for bound in match.groups())
    return (low, high) if low < high else None


def _agree(component: Component, printed: tuple[float, float]) -> bool:
    """Compare with the printed scale; of the index only the upper end, because 10-80 is printed for 8-80."""
    pairs = list(zip(component.bounds, printed, strict=True))
    return all(abs(own - other) <= _SAME_BOUND for own, other in (pairs if component.parent else pairs[1:]))


@dataclass(frozen=True, kw_only=True)
class NewEdition:
    """A year that is not known yet: what it takes over, and what its sheet says."""

    base: IndexDefinition
    year: int
    lines: Mapping[str, Line]
    source: str
    findings: Findings

    def definition(self) -> IndexDefinition:
        """Make the definition: what the sheet has, with the meaning that the codes had before where the names agree."""
        components = [self._top()]
        for dimension in self._codes(parts=False):
            parts = [code for code in self._codes(parts=True) if code.split(".")[0] == dimension]
            components.append(self._dimension(dimension, has_parts=bool(parts)))
            components += [self._part(code, components[-1], len(parts)) for code in parts]
        self._say_dropped()
        return IndexDefinition(
            code=self.base.code, year=self.year, name_vi=self.base.name_vi, name_en=self.base.name_en,
            official=self.base.official, synthetic=self.base.synthetic, sources=(self.source,),
            components=tuple(components),
        )  # fmt: skip

    def _codes(self, *, parts: bool) -> list[str]:
        codes = [code for code in self.lines if code != self.base.top.code and ("." in code) is parts]
        return sorted(codes, key=lambda code: [int(n) for n in code[1:].split(".")])

    def _top(self) -> Component:
        old = self.base.top
        n = len(self._codes(parts=False)) or 1  # without any the parts are faults anyway
        first = next(c for c in self.base if c.parent == old.code).bounds
        new = _component(old, code=old.code, parent=None, bounds=(first[0] * n, first[1] * n))
        line = self.lines.get(old.code)
        printed = printed_bounds(line.scale) if line else None
        if line and printed and not _agree(new, printed):
            text = _("The printed scale %(scale)s does not fit %(n)s dimensions; the bounds follow the dimensions.")
            self.findings.remark(line.where, text % {"scale": line.scale, "n": n})
        return new

    def _dimension(self, code: str, *, has_parts: bool) -> Component:
        usual = next(c for c in self.base if c.parent == self.base.top.code).bounds
        return self._made(code, self.base.top.code, usual, "sum" if has_parts else None)

    def _part(self, code: str, dimension: Component, n_parts: int) -> Component:
        low, high = (round(bound / n_parts, 2) for bound in dimension.bounds)
        return self._made(code, dimension.code, (low, high), None)

    def _made(self, code: str, parent: str, usual: tuple[float, float], rollup: str | None) -> Component:
        line = self.lines[code]
        bounds = printed_bounds(line.scale) or usual
        names = without_number(line.label_vi or line.label_en), without_number(line.label_en or line.label_vi)
        old = next((component for component in self.base if component.code == code), None)
        if old and ("." not in code or _same_names(old, names)):
            self._say_bounds(old, bounds, line)
            kept = old.bounds if _agree(old, bounds) else bounds
            return _component(old, code=code, parent=parent, bounds=kept, rollup=rollup)
        text = (
            _("%(code)s bears other names than in %(year)s; it counts as something new, so check what it means.")
            if old
            else _("%(code)s is new since %(year)s; its name is as printed.")
        )
        self.findings.remark(line.where, text % {"code": code, "year": self.base.year})
        return Component(
            code=code, level="sub_dimension" if "." in code else "dimension", name_vi=names[0], name_en=names[1],
            bounds=bounds, concept=f"{code}-{self.year}", parent=parent, rollup=rollup,
        )  # fmt: skip

    def _say_bounds(self, old: Component, bounds: tuple[float, float], line: Line) -> None:
        if not _agree(old, bounds):
            text = _("The scale of %(code)s is %(low)s-%(high)s now; it was %(old_low)s-%(old_high)s in %(year)s.")
            low, high, old_low, old_high = (written_bound(bound) for bound in (*bounds, *old.bounds))
            self.findings.remark(
                line.where,
                text % {"code": old.code, "low": low, "high": high, "old_low": old_low, "old_high": old_high,
                        "year": self.base.year},
            )  # fmt: skip

    def _say_dropped(self) -> None:
        for old in self.base:
            if old.parent is not None and old.code not in self.lines:
                text = _("%(code)s (%(name)s) of %(year)s is not in the sheet; the new edition goes without it.")
                named = {"code": old.code, "name": old.name_vi, "year": self.base.year}
                self.findings.remark(self.source, text % named)


def _component(
    old: Component, *, code: str, parent: str | None, bounds: tuple[float, float], rollup: str | None = "sum"
) -> Component:
    return Component(
        code=code, level=old.level, name_vi=old.name_vi, name_en=old.name_en, bounds=bounds, concept=old.concept,
        parent=parent, rollup=rollup,
    )  # fmt: skip


def _same_names(old: Component, printed: Iterable[str]) -> bool:
    """Tell whether any printed name is the known one but for typos; else the code may have another meaning."""
    return any(
        SequenceMatcher(None, fold(name), fold(own)).ratio() >= _SAME_NAME
        for name in printed
        for own in (old.name_vi, old.name_en)
    )


def to_toml(definition: IndexDefinition) -> str:
    """Write a definition as the package's own files are written."""
    lines = ["[index]", f"code = {_quoted(definition.code)}", f"year = {definition.year}"]
    lines += [f"name_vi = {_quoted(definition.name_vi)}", f"name_en = {_quoted(definition.name_en)}"]
    lines += [f"official = {str(definition.official).lower()}", f"synthetic = {str(definition.synthetic).lower()}"]
    lines += [f"sources = [{', '.join(_quoted(source) for source in definition.sources)}]"]
    for component in definition:
        lines += ["", "[[component]]", *_block(component)]
    return "\n".join(lines) + "\n"


def _block(component: Component) -> list[str]:
    texts = {
        "code": component.code, "parent": component.parent, "level": component.level,
        "name_vi": component.name_vi, "name_en": component.name_en,
    }  # fmt: skip
    lines = [f"{field} = {_quoted(text)}" for field, text in texts.items() if text is not None]
    low, high = component.bounds
    lines += [f"bounds = [{low:g}, {high:g}]", f"concept = {_quoted(component.concept)}"]
    if component.rollup:
        lines.append(f"rollup = {_quoted(component.rollup)}")
    if component.component_weight is not None:
        lines.append(f"component_weight = {component.component_weight!r}")
    return lines


def _quoted(text: str) -> str:
    """Quote for TOML, whose basic strings are JSON's but for one control letter."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
