"""The plan of 2019 as a demonstration copy."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from quantri.engine.loading import DATA
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency
from quantri.web.core import audit
from quantri.web.core.audit import System
from quantri.web.indices.archive import archive
from quantri.web.places.models import Province
from quantri.web.plans.actions import publish_demonstration
from quantri.web.plans.models import ContactPoint, Plan, Target
from quantri.web.reports.actions import freeze_publication
from quantri.web.tasks.models import Assignment, Task

SYSTEM = System("demonstration")
REASON = (
    "Bản trình diễn của một kế hoạch lịch sử đã được báo chí chính thống của tỉnh công bố ngày 4/4/2019; "
    "công khai kèm khả năng đạt để người xem thử đủ các bước."
)


@transaction.atomic
def load_historic_plan(path: Path = DATA / "plans" / "papi-an-giang-2019.toml") -> Plan | None:
    """Load a historic plan as its source tells it, published by a recorded decision; None when it is there."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    about = content["plan"]
    if Plan.objects.filter(number=about["number"], issued_on=about["issued_on"]).exists():
        return None
    plan = Plan.objects.create(
        province=Province.objects.get(key=about["province"]), base_unit=Province.objects.get(key=about["base_unit"]),
        index=about["index"], base_year=about["base_year"], year=about["year"], title=about["title"],
        title_en=about["title_en"], number=about["number"], issued_on=about["issued_on"], is_demonstration=True,
        purposes=about["purposes"], requirements=about["requirements"],
        source=content["source"] | {"published_on": content["source"]["published_on"].isoformat()},
    )  # fmt: skip
    _targets(plan, content["targets"])
    _tasks(plan, content)
    ContactPoint.objects.bulk_create(
        ContactPoint(plan=plan, published_on=content["source"]["published_on"], **row)
        for row in content["contact_point"]
    )
    audit.record("plan.made", plan, by=SYSTEM, source=about["number"])
    publish_demonstration(plan, reason=REASON, by=SYSTEM)
    freeze_publication(plan, by=SYSTEM)
    return plan


def _targets(plan: Plan, targets: dict[str, str]) -> None:
    definition = archive(plan.index).edition(plan.base_year).definition
    for component in definition:
        spec = targets.get(component.code)
        if spec is None and component.level == "sub_dimension":
            spec = targets["every_sub_dimension"]
        if spec:
            Target.objects.create(plan=plan, code=component.code, spec=spec)


def _tasks(plan: Plan, content: dict[str, Any]) -> None:
    agencies = {
        row["code"]: ensure_agency(
            plan.base_unit, row["name_vi"], by=SYSTEM, name_en=row["name_en"], kind=row["kind"],
            valid_to=row.get("valid_to"), is_demonstration=True,
        )
        for row in content["agency"]
    }  # fmt: skip
    for row in content["task"]:
        task = Task.objects.create(
            plan=plan, number=row["number"], title=row["title"], title_en=row["title_en"],
            components=row.get("components", []), remark=row.get("remark", ""), source=plan.number,
        )  # fmt: skip
        _assign(task, row, agencies)


def _assign(task: Task, row: dict[str, Any], agencies: dict[str, Agency]) -> None:
    for part, names in (
        (Assignment.Part.LEAD, row["leads"]),
        (Assignment.Part.COORDINATING, row.get("coordinating", ())),
    ):
        for code in names:
            Assignment.objects.create(task=task, agency=agencies[code], part=part)
