"""A plan and its revisions are one chain, however often the plan was revised."""

import pytest

from quantri.web.plans.chain import carried_out, chain_of, line_of
from quantri.web.plans.issuing import close_plan
from quantri.web.plans.models import Plan
from quantri.web.plans.revising import start_revision
from quantri.web.tasks.models import Task
from revising import Chain, revised_twice


@pytest.fixture
def plans(consulted_plan, coordinator) -> Chain:
    return revised_twice(consulted_plan, by=coordinator)


def test_each_plan_of_a_chain_knows_all_the_others_from_the_first_on(plans):
    assert [set(chain_of(plan.pk)) for plan in plans] == [set(plans)] * 3
    assert [set(line_of(plan.pk)) for plan in plans] == [set(plans[:1]), set(plans[:2]), set(plans)]


def test_a_plan_that_was_never_revised_stands_alone(issued_plan):
    assert list(chain_of(issued_plan.pk)) == list(line_of(issued_plan.pk)) == [issued_plan]
    assert list(carried_out()) == list(Plan.objects.in_force()) == [issued_plan]


def test_a_revision_in_the_making_follows_its_chain_and_is_no_part_of_it(plans, coordinator):
    draft = start_revision(plans.third, by=coordinator)
    assert set(line_of(draft.pk)) == {*plans, draft}
    assert set(chain_of(plans.first.pk)) == set(plans)


def test_the_plans_that_plans_in_force_revise_are_found_at_any_distance(plans, coordinator):
    assert set(carried_out()) == set(plans)
    close_plan(plans.third, reason="Hết năm", by=coordinator)
    assert set(carried_out()) == set()


def test_a_chain_is_part_of_the_question_that_needs_it(plans, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert Task.objects.filter(plan__in=chain_of(plans.second.pk)).count() == 4
