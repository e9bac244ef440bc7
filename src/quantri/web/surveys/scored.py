"""A scored round as one small file: estimates of domains with their uncertainty, and no respondent."""

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.design import FloatArray, IntArray, SampleStructure
from quantri.engine.estimate import Estimates
from quantri.engine.groups import GROUPS, cuts, group
from quantri.engine.loading import read_definition
from quantri.engine.ranking import ranks
from quantri.engine.scoring import Scores
from quantri.engine.totals import PsuTotals
from quantri.engine.variance import Strays
from quantri.errors import DataError

FORMAT = 1
DIGITS = {"value": 6, "low": 6, "high": 6, "standard_error": 4, "design_effect": 4, "support": 3, "df": 6}
WHOLE = ("n", "rank_low", "rank_high", "joint_low", "joint_high")
LARGEST = 40_000_000  # bytes, unpacked


@dataclass(frozen=True, kw_only=True)
class Domain:
    """What a round gives scores of, such as a province: its label in the data and its names."""

    label: str
    name_vi: str
    name_en: str


@dataclass(frozen=True, kw_only=True)
class ScoredRound:
    """Scores of M components in D domains; arrays of shape (D, M), but `df` (D,) and `support` (D, M, 4).

    `facts` says how they were made: checksums, version, seeds, sample size, rules.
    """

    facts: dict[str, Any]
    definition_text: str
    domains: tuple[Domain, ...]
    arrays: dict[str, FloatArray | IntArray]
    notes: dict[str, dict[str, str]]

    @cached_property
    def definition(self) -> IndexDefinition:
        return read_definition(self.definition_text, "definition")

    @property
    def is_synthetic(self) -> bool:
        return bool(self.facts["synthetic"])

    def row(self, label: str) -> int | None:
        """Place of a domain in every array."""
        return self._rows.get(label)

    @cached_property
    def _rows(self) -> dict[str, int]:
        return {domain.label: d for d, domain in enumerate(self.domains)}

    @cached_property
    def rank(self) -> IntArray:
        """Ranks, shape (D, M); 0 without a score."""
        return ranks(self.arrays["value"][None])[0]

    @cached_property
    def cuts(self) -> FloatArray:
        """The three cuts of the groups of each component, shape (M, 3)."""
        return np.array([cuts(self.arrays["value"][:, m]) for m in range(len(self.definition.components))])

    def group(self, d: int, m: int) -> str | None:
        """Group of a domain on a component."""
        value = self.arrays["value"][d, m]
        return None if np.isnan(value) else group(float(value), self.cuts[m])

    def support(self, d: int, m: int) -> dict[str, float]:
        """Bootstrap support of each group."""
        return dict(zip(GROUPS, map(float, self.arrays["support"][d, m]), strict=True))

    def known(self, name: str, make: Callable[["ScoredRound"], Any]) -> Any:
        """Give what is made from the round, made once."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]

    @cached_property
    def _made(self) -> dict[str, Any]:
        return {}

    def components(self, *levels: str) -> list[Component]:
        return [c for c in self.definition if c.level in levels]

    @cached_property
    def scores(self) -> Scores:
        """The same for the engine, without what drawn units added: what a frozen round no longer holds."""
        held, size = self.arrays, self.arrays["value"].shape
        blank = np.zeros((0, size[1]))
        nobody = np.zeros(0, dtype=np.int64)
        return Scores(
            definition=self.definition, domains=tuple(d.label for d in self.domains), totals=_no_totals(size[0]),
            design_effect=held["design_effect"],
            notes={(label, code): note for label, some in self.notes.items() for code, note in some.items()},
            estimates=Estimates(
                value=held["value"], standard_error=held["standard_error"], low=held["low"], high=held["high"],
                n=held["n"], df=held["df"], influence=blank, present=blank > 0,
                strays=Strays(domain=nobody, distance=blank, n_domains=size[0]),
            ),
        )  # fmt: skip


def packed(found: ScoredRound) -> bytes:
    """Write a round; equal rounds give equal bytes."""
    content = {
        "format": FORMAT, "facts": found.facts, "definition": found.definition_text,
        "domains": [[d.label, d.name_vi, d.name_en] for d in found.domains],
        "arrays": {name: _listed(values, DIGITS.get(name)) for name, values in sorted(found.arrays.items())},
        "notes": found.notes,
    }  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return gzip.compress(text.encode(), compresslevel=9, mtime=0)


def unpacked(content: bytes) -> ScoredRound:
    """Read a round that `packed` wrote."""
    try:
        found = json.loads(gzip.decompress(content))
    except (OSError, EOFError, ValueError) as fault:
        raise DataError("the file of a scored round is damaged; load it again") from fault
    if found["format"] != FORMAT:
        raise DataError(
            "the file of a scored round has format {found}, this version reads {known}; update Quantri",
            found=found["format"], known=FORMAT,
        )  # fmt: skip
    return ScoredRound(
        facts=found["facts"], definition_text=found["definition"], notes=found["notes"],
        domains=tuple(Domain(label=a, name_vi=b, name_en=c) for a, b, c in found["domains"]),
        arrays={
            name: np.array(values, dtype=np.int64 if name in WHOLE else np.float64)
            for name, values in found["arrays"].items()
        },
    )  # fmt: skip


def sha256(content: bytes) -> str:
    """Checksum by which a round is known again."""
    return hashlib.sha256(content).hexdigest()


def _listed(values: FloatArray | IntArray, digits: int | None) -> Any:
    """Give nested lists; a number that is none becomes null."""
    if values.ndim > 1:
        return [_listed(part, digits) for part in values]
    if digits is None:
        return values.tolist()
    return [float(f"{v:.{digits}g}") if np.isfinite(v) else None for v in values.tolist()]


def _no_totals(n_domains: int) -> PsuTotals:
    blank, nothing = np.zeros((0, 0)), np.zeros(0, dtype=np.int64)
    structure = SampleStructure(strata=(), psus=(), stratum_of_psu=nothing, fraction=np.zeros(0))
    return PsuTotals(
        variables=(), structure=structure, domains=tuple(() for _ in range(n_domains)), domain=nothing, unit=nothing,
        y=blank, r=blank, squares=blank, n=blank.astype(np.int64), weight=np.zeros(0), n_rows=nothing,
    )  # fmt: skip
