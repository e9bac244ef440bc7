"""What can go wrong, in words that say where, what was found and how to mend it."""


class QuantriError(Exception):
    """Anything that a user can mend; its text is one sentence for a person."""


class DefinitionError(QuantriError, ValueError):
    """An index definition, or a link between editions, contradicts itself."""


class DesignError(QuantriError, ValueError):
    """A sample design cannot be used as described."""


class DataError(QuantriError, ValueError):
    """A file, a table or a name in a request does not hold what it must."""


class RuleViolation(QuantriError):
    """An action is against a rule of the domain; the text is translated and shown."""
