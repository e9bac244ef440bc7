"""Which components of two editions may be compared, and why not."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from quantri.engine.definition import Component, IndexDefinition
from quantri.errors import DefinitionError

COMPARABLE = ("yes", "doubtful", "no")  # from best to worst


@dataclass(frozen=True, kw_only=True)
class Link:
    """What is known about comparing a component of one edition with one of the next.

    Parameters
    ----------
    from_year, to_year : int
        Consecutive editions.
    from_code, to_code : str
    comparable : {'yes', 'doubtful', 'no'}
    reason_vi, reason_en : str
        Why; empty for a plain yes.

    Examples
    --------
    >>> Link(from_year=2018, to_year=2019, from_code="D1", to_code="D1", comparable="doubtful").comparable
    'doubtful'
    """

    from_year: int
    to_year: int
    from_code: str
    to_code: str
    comparable: str
    reason_vi: str = ""
    reason_en: str = ""
    certainty: str = ""

    def __post_init__(self) -> None:
        if self.comparable not in COMPARABLE:
            raise DefinitionError(
                "link {from_year} {from_code} to {to_year} {to_code}: "
                "comparable must be yes, doubtful or no, not {found!r}",
                from_year=self.from_year, from_code=self.from_code, to_year=self.to_year, to_code=self.to_code,
                found=self.comparable,
            )  # fmt: skip


class Links:
    """The links between the editions of one index.

    Parameters
    ----------
    definitions : iterable of IndexDefinition
        Editions of one index, one a year.
    declared : iterable of Link
        Links that people have declared.

    Notes
    -----
    Two consecutive editions that hold the same code with the same concept, bounds and parts and no
    declared link are comparable, doubtful where the answers are measured otherwise; any other pair without a link is
    not. A break in a part makes its
    parent at least doubtful. Over several editions the worst link of the path counts.

    Examples
    --------
    >>> from quantri.engine.definition import Component
    >>> def edition(year, high):
    ...     top = Component(code="T", level="index", name_vi="T", name_en="T", bounds=(1, high))
    ...     return IndexDefinition(code="demo", year=year, name_vi="T", name_en="T", components=(top,))
    >>> links = Links([edition(2022, 10), edition(2023, 10), edition(2024, 8)], [])
    >>> links.path("T", 2022, 2023).comparable, links.path("T", 2022, 2024).comparable
    ('yes', 'no')
    """

    def __init__(self, definitions: Iterable[IndexDefinition], declared: Iterable[Link]) -> None:
        self._definitions = {d.year: d for d in definitions}
        self._years = sorted(self._definitions)
        self._declared = {(d.from_year, d.to_year, d.from_code): d for d in declared if d.from_code == d.to_code}
        self._steps: dict[tuple[str, int, int], Link] = {}

    def path(self, code: str, from_year: int, to_year: int) -> Link:
        """Worst link of a component between two editions; reasons are joined in order of years.

        Years after the newest edition count as if its frame went on, so they add no link.
        """
        if from_year > to_year:
            raise DefinitionError(
                "{code}: compare from an earlier year, not from {from_year} to {to_year}",
                code=code, from_year=from_year, to_year=to_year,
            )  # fmt: skip
        years = [y for y in self._years if from_year <= y <= to_year]
        steps = [self._step(code, a, b) for a, b in pairwise(years)]
        broken = [s for s in steps if s.comparable != "yes"]
        return Link(
            from_year=from_year, to_year=to_year, from_code=code, to_code=code,
            comparable=max((s.comparable for s in steps), key=COMPARABLE.index, default="yes"),
            reason_vi="; ".join(_dated(s, s.reason_vi) for s in broken),
            reason_en="; ".join(_dated(s, s.reason_en) for s in broken),
        )  # fmt: skip

    def _step(self, code: str, before: int, after: int) -> Link:
        key = (code, before, after)
        if key not in self._steps:
            self._steps[key] = self._judge(code, before, after)
        return self._steps[key]

    def _judge(self, code: str, before: int, after: int) -> Link:
        own = self._declared.get((before, after, code)) or self._undeclared(code, before, after)
        parts = [c.code for c in self._definitions[after].children(code)] if code in self._definitions[after] else []
        broken = [step for step in (self._step(p, before, after) for p in parts) if step.comparable != "yes"]
        if own.comparable != "yes" or not broken:
            return own
        names = ", ".join(step.to_code for step in broken)
        return Link(
            from_year=before, to_year=after, from_code=code, to_code=code, comparable="doubtful",
            reason_vi=f"chứa thay đổi của {names}", reason_en=f"contains the change of {names}",
        )  # fmt: skip

    def _undeclared(self, code: str, before: int, after: int) -> Link:
        old, new = self._definitions[before], self._definitions[after]
        link = {"from_year": before, "to_year": after, "from_code": code, "to_code": code}
        if code not in old or code not in new:
            vi, en = f"không có trong bộ chỉ số năm {before if code not in old else after}", "not in both editions"
        elif old[code].bounds != new[code].bounds:
            vi, en = "thang điểm thay đổi", "the scale changed"
        elif old[code].concept != new[code].concept:
            vi, en = "cùng ký hiệu nhưng nội dung khác", "the code has another meaning"
        elif _parts(old, code) != _parts(new, code):
            vi, en = "các nội dung thành phần thay đổi", "the parts changed"
        elif _measured(old[code]) != _measured(new[code]):
            vi, en = "cách đo thay đổi", "it is measured otherwise"
            return Link(**link, comparable="doubtful", reason_vi=vi, reason_en=en)  # type: ignore[arg-type]
        else:
            return Link(**link, comparable="yes")  # type: ignore[arg-type]
        return Link(**link, comparable="no", reason_vi=vi, reason_en=en)  # type: ignore[arg-type]


def same_tree(before: IndexDefinition, after: IndexDefinition) -> bool:
    """Whether two editions hold the same components, made in the same way, so that a change can be split over parts."""
    return [_made(c) for c in before] == [_made(c) for c in after]


def _made(c: Component) -> tuple[object, ...]:
    return c.code, c.parent, c.bounds, c.rollup, c.component_weight, c.unseen, c.measure, c.worst, c.best


def _measured(c: Component) -> tuple[object, ...]:
    return c.measure, c.worst, c.best


def _parts(definition: IndexDefinition, code: str) -> set[str]:
    return {c.concept for c in definition.children(code) if c.level != "indicator"}


def _dated(step: Link, reason: str) -> str:
    return f"{step.from_year}→{step.to_year}: {reason}"
