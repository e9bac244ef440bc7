"""What can go wrong, in words that say where, what was found and how to mend it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class QuantriError(Exception):
    """Anything that a user can mend; its text is one sentence for a person.

    The English sentence is `template` filled with `fields`; kept apart, they can be said in another language.

    Examples
    --------
    >>> str(QuantriError("{code}: defined twice", code="D1"))
    'D1: defined twice'
    """

    def __init__(self, template: str = "", /, **fields: object) -> None:
        super().__init__(template.format(**fields) if fields else template)
        self.template = template
        self.fields = fields

    @property
    def faults(self) -> "tuple[QuantriError, ...]":
        """The single faults that this one is made of: itself."""
        return (self,)


class DefinitionError(QuantriError, ValueError):
    """An index definition, or a link between editions, contradicts itself."""


class DesignError(QuantriError, ValueError):
    """A sample design cannot be used as described."""


class DataError(QuantriError, ValueError):
    """A file, a table or a name in a request does not hold what it must."""


class RuleViolation(QuantriError):
    """An action is against a rule of the domain; the text is translated and shown."""


class _Faults(QuantriError):
    """Several faults of one thing; the text has a line for each."""

    def __init__(self, faults: Sequence[QuantriError]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[QuantriError, ...]:
        """The single faults, in the order in which they were found."""
        return self._faults


class DefinitionFaults(_Faults, DefinitionError):
    """Several faults of one definition."""


class DesignFaults(_Faults, DesignError):
    """Several faults of one design."""


class DataFaults(_Faults, DataError):
    """Several faults of one table."""


_SEVERAL = {DefinitionError: DefinitionFaults, DesignError: DesignFaults, DataError: DataFaults}


def refuse(faults: Sequence[QuantriError]) -> None:
    """Raise what was found, if anything: one fault as itself, several together, as errors of the first one's kind."""
    if faults:
        raise faults[0] if len(faults) == 1 else _SEVERAL[_kind(faults[0])](faults)


def placed(template: str, fault: QuantriError, /, **where: object) -> QuantriError:
    """Say of a fault, or of each of several, where it was found; the template has a field `fault`.

    Examples
    --------
    >>> str(placed("{file}: {fault}", DataError("no rows"), file="a.csv"))
    'a.csv: no rows'
    """
    kind = _kind(fault)
    lines = [kind(template, fault=single, **where) for single in fault.faults]
    return lines[0] if len(lines) == 1 else _SEVERAL[kind](lines)


@contextmanager
def in_file(name: str) -> Iterator[None]:
    """Say of what goes wrong inside in which file that is.

    Examples
    --------
    >>> with in_file("a.csv"):
    ...     raise DesignError("stratum 7 has one sampled unit")
    Traceback (most recent call last):
    quantri.errors.DesignError: a.csv: stratum 7 has one sampled unit
    """
    try:
        yield
    except (DataError, DesignError) as fault:
        raise placed("{file}: {fault}", fault, file=name) from None


def _kind(fault: QuantriError) -> type[QuantriError]:
    return next(kind for kind in _SEVERAL if isinstance(fault, kind))
