import pytest

from quantri.engine.definition import Component, IndexDefinition
from quantri.errors import DefinitionError


def component(code: str, parent: str | None = None, **fields: object) -> Component:
    values = {"level": "dimension", "name_vi": code, "name_en": code, "bounds": (1.0, 10.0)} | fields
    return Component(code=code, parent=parent, **values)


def definition(*components: Component) -> IndexDefinition:
    return IndexDefinition(code="demo", year=2024, name_vi="Thử", name_en="Demo", components=components)


def test_a_loop_cannot_be_written():
    with pytest.raises(DefinitionError, match="A: define its parent 'B' above it"):
        definition(component("A", "B"), component("B", "A"))


def test_an_unknown_parent_is_named():
    with pytest.raises(DefinitionError, match="define its parent 'X' above it"):
        definition(component("T"), component("A", "X"))


def test_a_code_given_twice_is_refused():
    with pytest.raises(DefinitionError, match="T: defined twice"):
        definition(component("T"), component("T"))


def test_bounds_that_do_not_rise_are_refused():
    with pytest.raises(DefinitionError, match=r"D1: bounds must rise, not \(10, 1\)"):
        component("D1", bounds=(10, 1))


def test_bounds_that_are_no_numbers_are_refused():
    with pytest.raises(DefinitionError, match="bounds must rise"):
        component("D1", bounds=(float("nan"), 1.0))


def test_two_tops_are_refused():
    with pytest.raises(DefinitionError, match="one component has no parent"):
        definition(component("A"), component("B"))


def test_an_unknown_component_is_answered_with_the_known_ones():
    with pytest.raises(DefinitionError, match="no component 'D9'; choose one of T, A"):
        definition(component("T"), component("A", "T")).column("D9")
