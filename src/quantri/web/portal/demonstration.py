"""The plan of 2019 as a demonstration copy."""

import tomllib
from pathlib import Path
from typing import Any

from django.db import transaction

from quantri.engine.loading import DATA
from quantri.web.accounts.actions import ensure_agency
from quantri.web.accounts.models import Agency
from quantri.web.core.audit import System
from quantri.web.indices.archive import archive
from quantri.web.places.models import Province
from quantri.web.plans.decisions import publish_demonstration
from quantri.web.plans.history import record_historic_plan
from quantri.web.plans.models import ContactPoint, Plan
from quantri.web.reports.actions import freeze_publication
from quantri.web.tasks.history import ToldTask, record_historic_tasks

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
    source = content["source"] | {"published_on": content["source"]["published_on"].isoformat()}
    plan = record_historic_plan(
        Plan(
            province=Province.objects.get(key=about["province"]),
            base_unit=Province.objects.get(key=about["base_unit"]),
            index=about["index"], base_year=about["base_year"], year=about["year"], title=about["title"],
            title_en=about["title_en"], number=about["number"], issued_on=about["issued_on"], is_demonstration=True,
            purposes=about["purposes"], requirements=about["requirements"], source=source,
        ),
        targets=_targets(about, content["targets"]),
        contact_points=[
            ContactPoint(published_on=content["source"]["published_on"], **row) for row in content["contact_point"]
        ],
        by=SYSTEM,
    )  # fmt: skip
    record_historic_tasks(plan, _tasks(content, _agencies(plan, content["agency"])), by=SYSTEM)
    publish_demonstration(plan, reason=REASON, by=SYSTEM)
    freeze_publication(plan, by=SYSTEM)
    return plan


def _targets(about: dict[str, Any], targets: dict[str, str]) -> dict[str, str]:
    """Targets by component; what is asked of every sub-dimension is written out."""
    definition = archive(about["index"]).edition(about["base_year"]).definition
    every = {c.code: targets["every_sub_dimension"] for c in definition if c.level == "sub_dimension"}
    return {c.code: spec for c in definition if (spec := (every | targets).get(c.code))}


def _agencies(plan: Plan, rows: list[dict[str, Any]]) -> dict[str, Agency]:
    return {
        row["code"]: ensure_agency(
            plan.base_unit, row["name_vi"], by=SYSTEM, name_en=row["name_en"], kind=row["kind"],
            valid_to=row.get("valid_to"), is_demonstration=True,
        )
        for row in rows
    }  # fmt: skip


def _tasks(content: dict[str, Any], agencies: dict[str, Agency]) -> list[ToldTask]:
    return [
        ToldTask(
            number=row["number"], title=row["title"], title_en=row["title_en"], remark=row.get("remark", ""),
            components=tuple(row.get("components", ())), leads=tuple(agencies[code] for code in row["leads"]),
            coordinating=tuple(agencies[code] for code in row.get("coordinating", ())),
        )
        for row in content["task"]
    ]  # fmt: skip
