"""The plan of 2019 by itself shows what it does not say."""

import re

from django.urls import reverse
from django.utils import timezone

from quantri.web.plans.faults import counted, faults_of
from quantri.web.plans.lines import sheet_of
from quantri.web.tasks.models import Task
from quantri.web.tasks.works import works_of

TOLD = {
    "no_owner": 6, "no_number": 22, "no_date": 12, "no_deliverable": 12, "no_evidence": 12, "group_lead": 2,
    "lead_from_context": 3, "requested": 2, "base_lag": 1, "edition_changed": 1,
}  # fmt: skip


def test_the_rows_alone_show_exactly_these_faults(historic_plan):
    tasks = Task.objects.filter(plan=historic_plan).with_assignments()
    found = counted(faults_of(historic_plan, sheet_of(historic_plan), works_of(tasks), today=timezone.localdate()))
    assert dict(found) == TOLD


def test_the_page_tells_each_of_them(historic_plan, client):
    page = client.get(reverse("portal:plan", args=[historic_plan.pk])).content.decode()
    told = re.findall(r"<li[^>]*>([^<]*)</li>", page.split('class="fault-list"')[1].split("</ul>")[0])
    numbers = [int(n) for line in told if (n := "".join(re.findall(r"\d+", line)[:1]))]
    assert len(told) == len(TOLD)
    assert numbers == [6, 22, 12, 12, 12, 2, 3, 2, 2]  # the last one are the years between base and target
