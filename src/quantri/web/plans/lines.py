"""A plan line by line: each component with its base, target, chance, owners and, when it is there, the result."""

from dataclasses import dataclass

from quantri.engine.comparability import Link
from quantri.engine.diagnosis import Standing
from quantri.engine.outlook import ComponentOutlook, Outlook
from quantri.engine.results import Archive
from quantri.engine.targets import TargetSpec, met
from quantri.web.indices.archive import Fingerprint, archive, fingerprint, standing
from quantri.web.plans.models import ComponentOwner, Ground, Plan, Target
from quantri.web.plans.outlooks import outlook_of, targets_on


@dataclass(frozen=True, kw_only=True)
class Result:
    """What was published for the target year; `reached` is None where editions cannot be compared plainly."""

    score: float | None
    derived: bool
    link: Link
    reached: bool | None
    above: bool | None


@dataclass(frozen=True, kw_only=True)
class Line:
    """One component of a plan."""

    standing: Standing
    target: Target | None
    spec: TargetSpec | None
    outlook: ComponentOutlook
    owners: tuple[ComponentOwner, ...]
    result: Result | None
    parts: tuple["Line", ...] = ()

    @property
    def code(self) -> str:
        return self.standing.component.code

    @property
    def base(self) -> float | None:
        """Score that the target starts from: as issue froze it, before that as published."""
        frozen = self.target and self.target.base_value
        return self.standing.score if frozen is None else frozen

    @property
    def is_base_corrected(self) -> bool:
        """The results were corrected after issue; the target keeps the base that it was issued with."""
        return self.base is not None and self.standing.score is not None and self.base != self.standing.score


@dataclass(frozen=True, kw_only=True)
class JointLine:
    """What is to be expected of the targets of one level: plainly, and under a condition."""

    level: str
    plain: Outlook
    marked: Outlook


@dataclass(frozen=True, kw_only=True)
class PlanSheet:
    """All lines of a plan, the index first, and the outlook of all targets together."""

    top: Line
    lines: tuple[Line, ...]
    outlook: Outlook
    has_results: bool

    @property
    def top_row(self) -> tuple[Line, ...]:
        """The index, as rows of a table."""
        return (self.top,)

    @property
    def with_part_targets(self) -> tuple[Line, ...]:
        """Dimensions of which a part has a target."""
        return tuple(line for line in self.lines if any(p.target for p in line.parts))

    @property
    def joint(self) -> tuple["JointLine", ...]:
        """The targets with a chance, level by level; those that hold only under a condition stand apart."""
        drawn = [c for c in self.outlook.components if c.reached.size]
        levels = dict.fromkeys(c.component.level for c in drawn)
        return tuple(
            JointLine(
                level=level,
                plain=self.outlook.among(c.component.code for c in drawn if c.component.level == level and not c.note),
                marked=self.outlook.among(c.component.code for c in drawn if c.component.level == level and c.note),
            )
            for level in levels
        )

    @property
    def all(self) -> tuple[Line, ...]:
        """The index, then each dimension with its parts."""
        return (self.top, *(x for line in self.lines for x in (line, *line.parts)))


def sheet_of(plan: Plan, ground: Ground | None = None, *, keys: Fingerprint | None = None) -> PlanSheet:
    """Gather a plan on one ground, its own or a further one with results; `targets` and `owners__agency` come along.

    A page with several grounds asks once which editions are current, and gives their `keys`.
    """
    ground = ground or plan
    keys = fingerprint(ground.index) if keys is None else keys
    papi = archive(ground.index, keys)
    diagnosis = standing(ground.index, ground.base_unit.key, ground.base_year, keys)
    outlook = outlook_of(plan, ground=ground, keys=keys)
    targets = {t.code: t for t in targets_on(plan, ground)}
    owners: dict[str, list[ComponentOwner]] = {}
    for owner in plan.owners.all():
        if owner.valid_to is None:
            owners.setdefault(owner.code, []).append(owner)
    by_code = {c.component.code: c for c in outlook.components}

    def line(s: Standing) -> Line:
        code, parent = s.component.code, s.component
        parts = [p for p in diagnosis.standings if p.component.parent == code] if parent.level != "index" else []
        target = targets.get(code)
        return Line(
            standing=s, target=target, spec=target.parsed if target else None, outlook=by_code[code],
            owners=tuple(owners.get(code, ())), result=_result(papi, plan, ground, target, by_code[code]),
            parts=tuple(line(p) for p in parts),
        )  # fmt: skip

    top, *rest = diagnosis.standings
    lines = tuple(line(s) for s in rest if s.component.parent == top.component.code)
    return PlanSheet(top=line(top), lines=lines, outlook=outlook, has_results=plan.year in papi.years)


def _result(
    papi: Archive, plan: Plan, ground: Ground, target: Target | None, expected: ComponentOutlook
) -> Result | None:
    code, spec = expected.component.code, expected.target
    if plan.year not in papi.years:
        return None
    before, after = papi.edition(ground.base_year), papi.edition(plan.year)
    score = after.score(ground.base_unit.key, code)
    frozen = target and target.base_value
    base = expected.base if frozen is None else frozen
    above = None
    if spec and score is not None and base is not None:
        above = met(spec, base=base, score=score, base_scores=before.column(code), scores=after.column(code))
    reached = above if expected.link.comparable == "yes" else None
    derived = (
        code in after.definition
        and ground.base_unit.key in after
        and bool(after.derived[after.row(ground.base_unit.key), after.definition.column(code)])
    )
    return Result(score=score, derived=derived, link=expected.link, above=above, reached=reached)
