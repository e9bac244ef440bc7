import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people import signed_in
from quantri.web.tasks.actions import TaskDraft, add_tasks


def queries(client, address: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


@pytest.mark.parametrize("tail", ["targets/", "owners/", "tasks/", "about/", "end/", "document/"])
def test_a_page_of_the_plan_asks_no_more_for_thirty_tasks_than_for_three(plan, coordinator, tail):
    client, address = signed_in(coordinator), f"/plans/{plan.pk}/{tail}"
    counts = []
    for n in (3, 27):
        add_tasks(plan, [TaskDraft(title=f"Việc {n}", leads=(f"Sở {k}",)) for k in range(n)], by=coordinator)
        queries(client, address)  # the first call also makes what the process then keeps
        counts.append(queries(client, address))
    assert counts[0] == counts[1] <= 20
