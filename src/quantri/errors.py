"""What can go wrong, in words that say where, what was found and how to mend it."""

from collections.abc import Sequence


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


class DefinitionFaults(DefinitionError):
    """Several faults of one definition; its text has a line for each."""

    def __init__(self, faults: Sequence[QuantriError]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[QuantriError, ...]:
        """The single faults, in the order of the definition."""
        return self._faults


class DesignError(QuantriError, ValueError):
    """A sample design cannot be used as described."""


class DataError(QuantriError, ValueError):
    """A file, a table or a name in a request does not hold what it must."""


class RuleViolation(QuantriError):
    """An action is against a rule of the domain; the text is translated and shown."""


def refuse(faults: Sequence[DefinitionError]) -> None:
    """Raise what was found, if anything: one fault as itself, several together."""
    if faults:
        raise faults[0] if len(faults) == 1 else DefinitionFaults(faults)
