"""The migrations of plans run on tables that hold plans, in a database of their own, and can be undone."""

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

def at(*to):
    MigrationExecutor(connection).migrate(list(to))
    return MigrationExecutor(connection).loader.project_state(list(to)).apps

tasks = ("tasks", "0002_dated_assignments_and_ended_tasks")
before = ("plans", "0002_withdrawn_drafts_legal_bases_and_issue"), tasks
after = ("plans", "0006_bases_frozen_targets_and_dated_owners"), tasks
old = at(*before)
province = old.get_model("places", "Province").objects.create(key="vn0-0", code="00")
agency = old.get_model("accounts", "Agency").objects.create(province=province, name_vi="S\\u1edf N\\u1ed9i v\\u1ee5")
plans = old.get_model("plans", "Plan").objects
facts = {"province": province, "base_unit": province, "base_year": 2024, "year": 2026}
draft = plans.create(title="draft", **facts)
plans.create(title="issued", number="15/KH-UBND", issued_on=date(2026, 3, 2), **facts)
plans.create(title="gone", number="15/KH-UBND", issued_on=date(2026, 3, 1), ended_at=timezone.now(), **facts)
old.get_model("plans", "ComponentOwner").objects.create(plan=draft, code="D1", agency=agency)
new = at(*after)
states = {p.title: [p.state, p.number_year] for p in new.get_model("plans", "Plan").objects.all()}
owner = new.get_model("plans", "ComponentOwner").objects.get()
back = at(*before).get_model("plans", "Plan").objects.exclude(number="").count()
print(json.dumps({"states": states, "owner": [owner.part, owner.valid_to], "back": back}))
"""


def test_plans_with_a_number_become_issued_owners_stay_and_the_way_back_loses_no_number(tmp_path):
    found = walked(tmp_path, WALK)
    assert found["states"] == {"draft": ["draft", None], "issued": ["issued", 2026], "gone": ["issued", 2026]}
    assert (found["owner"], found["back"]) == (["lead", None], 2)
