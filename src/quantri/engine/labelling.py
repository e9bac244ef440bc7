"""Value labels of SPSS and Stata in the place of codes: a definition that names answers by what they say."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

from quantri.engine.definition import Component, IndexDefinition
from quantri.engine.measure import Code, Measure
from quantri.engine.microdata import Microdata
from quantri.errors import DataError, DefinitionError, QuantriError, placed, refuse
from quantri.said import Said, listed
from quantri.text import nfc

SHOWN = 12


def coded(definition: IndexDefinition, data: Microdata) -> IndexDefinition:
    """Put codes in the place of the value labels that a definition names.

    Parameters
    ----------
    definition : IndexDefinition
        ``values``, ``missing`` and ``not_asked`` of its measures may name an answer by its label.
    data : Microdata
        Its labels say which code each label has; without any the definition stays as it is.

    Returns
    -------
    IndexDefinition

    Raises
    ------
    DataError
        If a question has labels and none is the one named, or two questions of a measure give it other codes; all
        faults together.
    DefinitionError
        If a label is that of a code which is declared beside it.

    Notes
    -----
    Labels are compared in NFC without outer or double spaces, letter for letter. What can be read as a number is always
    a code, and so is a text that stands in a column of text without being a label there. Several codes of one label
    all get what is said of the label.

    Examples
    --------
    >>> import polars as pl
    >>> measure = Measure(questions=("q1",), values={"Có": 1.0, "Không": 0.0}, missing=("Không biết",))
    >>> top = Component(code="A", level="index", name_vi="A", name_en="A", bounds=(0, 1), worst=0, best=1,
    ...                 measure=measure)
    >>> tree = IndexDefinition(code="demo", year=2026, name_vi="A", name_en="A", components=(top,))
    >>> labels = {"q1": {1: "Có", 2: "Không", 8: "Không biết"}}
    >>> found = coded(tree, Microdata(frame=pl.LazyFrame({"q1": [1, 2, 8]}), name="a.sav", labels=labels)).top.measure
    >>> found.values, found.missing
    ({'1': 1.0, '2': 0.0}, (8,))
    """
    if not data.labels:
        return definition
    texts = {column for column, kind in data.frame.collect_schema().items() if not kind.is_numeric()}
    components: list[Component] = []
    faults: list[QuantriError] = []
    for component in definition:
        try:
            components.append(_component(component, data.labels, texts))
        except (DataError, DefinitionError) as fault:
            faults += placed("{file}: {fault}", fault, file=data.name).faults
    refuse(faults)
    return replace(definition, components=tuple(components))


def _component(component: Component, labels: Mapping[str, Mapping[Code, str]], texts: Collection[str]) -> Component:
    measure = component.measure
    if measure is None or not any(labels.get(question) for question in measure.questions):
        return component
    found = _Labels(questions={q: labels.get(q, {}) for q in measure.questions}, texts=frozenset(texts))
    try:
        return replace(component, measure=_measure(measure, found))
    except (DataError, DefinitionError) as fault:
        raise placed("{code}: {fault}", fault, code=component.code) from None


class _Labels:
    """Value labels of the questions of one measure."""

    def __init__(self, *, questions: Mapping[str, Mapping[Code, str]], texts: frozenset[str]) -> None:
        self.questions = {q: {code: _tidy(text) for code, text in own.items()} for q, own in questions.items()}
        self.texts = texts

    def codes(self, named: Code) -> tuple[Code, ...]:
        """Codes that bear a label; a code itself is what it is."""
        if not isinstance(named, str) or _is_code(named):
            return (named,)
        found = {question: self._in(question, named) for question in self.questions}
        (first, codes), *others = found.items()
        for question, own in others:
            if set(own) != set(codes):
                raise DataError(
                    "label {label!r} is {codes} in {first!r} and {own} in {question!r}; write the codes, or recode",
                    label=named, codes=listed(codes), first=first, own=listed(own), question=question,
                )  # fmt: skip
        return codes

    def _in(self, question: str, named: str) -> tuple[Code, ...]:
        own = self.questions[question]
        found = tuple(code for code, text in own.items() if text == _tidy(named))
        if named in own or (question in self.texts and not found):
            return (named,)
        if found:
            return found
        known = listed([repr(text) for text in own.values()], SHOWN) if own else Said("none")
        raise DataError(
            "question {question!r} has no label {label!r}; its labels are: {known}",
            question=question, label=named, known=known,
        )  # fmt: skip


def _measure(measure: Measure, labels: _Labels) -> Measure:
    faults: list[QuantriError] = []
    values: dict[str, float] = {}
    lists: dict[str, list[Code]] = {"missing": [], "not_asked": []}
    for named, worth in measure.values.items():
        for code in _codes(labels, named, faults):
            if values.setdefault(str(code), worth) != worth:
                faults.append(DefinitionError("measure: code {code} is declared twice; give it one meaning", code=code))
    for field, own in lists.items():
        own += [code for named in getattr(measure, field) for code in _codes(labels, named, faults)]
    refuse(faults)
    missing, not_asked = (tuple(dict.fromkeys(own)) for own in lists.values())
    return replace(measure, values=values, missing=missing, not_asked=not_asked)


def _codes(labels: _Labels, named: Code, faults: list[QuantriError]) -> Iterator[Code]:
    try:
        yield from labels.codes(named)
    except DataError as fault:
        faults.append(fault)


def _is_code(text: str) -> bool:
    """Whether a text is a number, or one of Stata's missing values."""
    if len(text) == 2 and text.startswith(".") and text[1].isalpha():
        return True
    try:
        float(text)
    except ValueError:
        return False
    return True


def _tidy(text: str) -> str:
    return " ".join(nfc(text).split())
