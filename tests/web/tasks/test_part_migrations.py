"""The migration that says since when a part goes on runs on tables that hold passed parts, and can be undone."""

import pytest

from walks import walked

pytestmark = pytest.mark.own_site
WALK = """
import json
from datetime import date
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

def at(name):
    to = [("tasks", name)]
    MigrationExecutor(connection).migrate(to)
    return MigrationExecutor(connection).loader.project_state(to).apps

old = at("0006_amendments_and_changes_of_parts")
make = lambda model, **facts: old.get_model(*model.split(".")).objects.create(**facts)
province = make("places.Province", key="vn0-0", code="00")
plan = make("plans.Plan", title="x", province=province, base_unit=province, base_year=2024, year=2026)
task = make("tasks.Task", plan=plan, title="x")
first, second = (make("accounts.Agency", province=province, name_vi=name) for name in ("A", "B"))
taken = make("tasks.Assignment", task=task, agency=second, part="lead")
make("tasks.Assignment", task=task, agency=first, part="lead", valid_to=date(2026, 3, 2), continued_in=taken)
parts = at("0007_since_when_a_part_goes_on").get_model("tasks", "Assignment").objects.order_by("pk")
moments = [p.passed_at and timezone.localtime(p.passed_at).isoformat() for p in parts]
back = at("0006_amendments_and_changes_of_parts").get_model("tasks", "Assignment").objects.count()
print(json.dumps({"moments": moments, "back": back}))
"""


def test_what_passed_before_goes_on_from_the_beginning_of_its_day(tmp_path):
    found = walked(tmp_path, WALK)
    assert found == {"moments": [None, "2026-03-02T00:00:00+07:00"], "back": 2}
