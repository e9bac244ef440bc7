import pytest

from quantri.engine.definition import Component, IndexDefinition
from quantri.errors import DefinitionError


def component(code: str, parent: str | None = None, **fields: object) -> Component:
    values = {"level": "dimension", "name_vi": code, "name_en": code, "bounds": (1.0, 10.0)} | fields
    return Component(code=code, parent=parent, **values)


def definition(*components: Component) -> IndexDefinition:
    return IndexDefinition(code="demo", year=2024, name_vi="Thử", name_en="Demo", components=components)


def test_a_loop_cannot_be_written():
    with pytest.raises(DefinitionError, match=r"A: is above itself \(A, B, A\)"):
        definition(component("T"), component("A", "B"), component("B", "A"))
    with pytest.raises(DefinitionError, match=r"A: is above itself \(A, A\)"):
        definition(component("T"), component("A", "A"))


def test_a_loop_is_told_once_however_many_hang_on_it():
    ring = [component("A", "C"), component("B", "A"), component("C", "B"), component("D", "C")]
    with pytest.raises(DefinitionError) as told:
        definition(component("T"), *ring)
    assert [str(fault) for fault in told.value.faults] == [
        "A: is above itself (A, C, B, A); give one of them another parent"
    ]


def test_a_parent_below_its_child_is_named():
    with pytest.raises(DefinitionError, match="A: define its parent 'B' above it"):
        definition(component("T"), component("A", "B"), component("B", "T"))


def test_an_unknown_parent_is_named():
    with pytest.raises(DefinitionError, match="A: there is no component 'X' to be its parent"):
        definition(component("T"), component("A", "X"))


def test_a_chain_of_thousands_in_the_wrong_order_is_checked_in_a_moment():
    chain = [component(f"C{n}", f"C{n + 1}") for n in range(3000)]
    with pytest.raises(DefinitionError) as told:
        definition(component("T"), *chain)
    assert len(told.value.faults) == 3000


def test_all_faults_of_a_component_are_told():
    with pytest.raises(DefinitionError) as told:
        component("D1", level="heap", rollup="product", bounds=(10, 1), component_weight=2)
    assert len(told.value.faults) == 4


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
    with pytest.raises(DefinitionError, match="B: give it a parent; A is the top already"):
        definition(component("A"), component("B"))


def test_an_unknown_component_is_answered_with_the_known_ones():
    with pytest.raises(DefinitionError, match="no component 'D9'; choose one of T, A"):
        definition(component("T"), component("A", "T")).column("D9")
