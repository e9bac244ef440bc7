"""The plan of 2019 as a demonstration copy, and accounts to try Quantri with."""

import secrets
import tomllib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from quantri.engine.loading import DATA
from quantri.web.accounts.actions import add_member, end_account, ensure_agency, renew_password
from quantri.web.accounts.models import Agency, Role, User
from quantri.web.core.audit import System
from quantri.web.indices.archive import archive
from quantri.web.places.models import Province
from quantri.web.plans.decisions import publish_demonstration
from quantri.web.plans.history import record_historic_plan
from quantri.web.plans.models import ContactPoint, Plan
from quantri.web.reports.actions import freeze_publication
from quantri.web.tasks.history import ToldTask, record_historic_tasks

SYSTEM = System("demonstration")
LOGINS = {"dieuphoi": (Role.COORDINATOR, "Sở Nội vụ"), "lanhdao": (Role.LEADER, "UBND tỉnh")}
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


@transaction.atomic
def ensure_logins(province: Province) -> dict[str, str]:
    """Make the demonstration's accounts; return name and password of each, kept in the data folder."""
    kept = settings.DATA_DIR / "demo-logins.txt"
    words = dict(line.split() for line in kept.read_text(encoding="utf-8").splitlines()) if kept.exists() else {}
    for username, (role, agency_name) in LOGINS.items():
        if User.objects.filter(username=username).exists() and username in words:
            continue
        words[username] = secrets.token_urlsafe(9)
        existing = User.objects.filter(username=username).first()
        if existing:
            renew_password(existing, words[username], by=SYSTEM)
            continue
        agency = ensure_agency(province, _named(agency_name, province), by=SYSTEM, is_demonstration=True)
        add_member(agency, role, username=username, password=words[username], full_name=str(role.label), by=SYSTEM)
    kept.touch(mode=0o600)
    kept.write_text("".join(f"{name} {word}\n" for name, word in words.items()), encoding="utf-8")
    return words


@transaction.atomic
def end_logins() -> int:
    """End the demonstration's accounts, which a configured site must not have; return how many there were."""
    found = User.objects.filter(
        username__in=LOGINS, is_active=True, memberships__agency__is_demonstration=True
    ).distinct()  # fmt: skip
    for user in found:
        end_account(user, by=SYSTEM)
    return len(found)


def _named(agency_name: str, province: Province) -> str:
    return f"{agency_name} {province.latest.name_vi}" if agency_name.startswith("UBND") else agency_name
