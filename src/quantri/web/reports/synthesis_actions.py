"""A synthesis report is begun, its texts are written, it is frozen, and a leader decides whether others read it."""

import json
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quantri.errors import RuleViolation
from quantri.web.accounts.models import PROVINCE_LEADER, Role, User
from quantri.web.core import audit
from quantri.web.deadlines.periods import Period, periods_of
from quantri.web.plans.changes import ChangedMeanwhile
from quantri.web.plans.models import Plan
from quantri.web.reports.actions import digest
from quantri.web.reports.models import ReportDecision, SynthesisReport, TextBlock
from quantri.web.reports.synthesis import content_of_report
from quantri.web.reports.synthesis_text import SECTIONS
from quantri.web.reports.templating import keep_shipped, template_for

KINDS = ("quarter", "half_year", "year")


def periods_for(plan: Plan) -> list[Period]:
    """Periods of the plan's year on which a synthesis is made."""
    return [period for kind in KINDS for period in periods_of(kind, plan.year)]


@transaction.atomic
def begin_report(plan: Plan, period: Period, *, by: User) -> SynthesisReport:
    """Begin the report of a period; after it was frozen, a correction is another version with the texts of the last."""
    _allowed(plan, Role.COORDINATOR, by=by)
    if plan.state not in Plan.AFTER_ISSUE or plan.is_historic:
        raise RuleViolation(_("Reports are made once the plan is issued."))
    earlier = SynthesisReport.objects.filter(plan=plan, kind=period.kind, year=period.year, number=period.number)
    last = earlier.order_by("version").last()
    if last and not last.is_frozen:
        raise RuleViolation(_("A draft of this report is there already. Go on with it, or freeze it."))
    try:
        with transaction.atomic():
            report = SynthesisReport.objects.create(
                plan=plan, kind=period.kind, year=period.year, number=period.number, period_vi=period.name_vi,
                period_en=period.name_en, starts_on=period.starts_on, ends_on=period.ends_on,
                version=last.version + 1 if last else 1, made_by=str(by),
            )  # fmt: skip
    except IntegrityError:
        raise RuleViolation(_("A draft of this report is there already. Go on with it, or freeze it.")) from None
    texts = texts_of(last) if last else {}
    TextBlock.objects.bulk_create(
        TextBlock(report=report, key=k, number=1, text=t.text, written_by=t.written_by) for k, t in texts.items()
    )
    audit.record("synthesis.begun", report, by=by, version=report.version)
    return report


@transaction.atomic
def write_text(report: SynthesisReport, key: str, *, text: str, seen: int, by: User) -> None:
    """Add a revision of a text; refused when another one was saved since the person began to type."""
    report = _draft(report, by=by)
    before = texts_of(report).get(key)
    if seen != (before.number if before else 0):
        raise ChangedMeanwhile(before.text if before else "")
    if before and before.text == text:
        return
    TextBlock.objects.create(report=report, key=key, number=seen + 1, text=text, written_by=str(by))
    audit.record("synthesis.written", report, by=by, key=key, before=before and before.text, after=text)


@transaction.atomic
def freeze_report(report: SynthesisReport, *, by: User) -> SynthesisReport:
    """Freeze figures and texts as they are now; nothing in the report changes afterwards."""
    report = _draft(report, by=by)
    content = json.loads(json.dumps(current_content(report), ensure_ascii=False))  # nothing but what JSON holds
    report.content, report.sha256, report.state = content, digest(content), SynthesisReport.State.FROZEN
    report.frozen_at, report.frozen_by = timezone.now(), str(by)
    report.template = template_for(report.plan.province, "bao-cao")
    report.shipped = None if report.template else keep_shipped("bao-cao")
    report.save(update_fields=["content", "sha256", "state", "frozen_at", "frozen_by", "template", "shipped"])
    audit.record(
        "synthesis.frozen", report, by=by, before={"state": "draft"}, after={"state": "frozen"}, sha256=report.sha256
    )
    return report


@transaction.atomic
def decide_publication(report: SynthesisReport, kind: str, *, reason: str, by: User) -> ReportDecision:
    """Make a frozen report public, or take it back; a leader decides, and the decision is kept."""
    _allowed(report.plan, PROVINCE_LEADER, by=by)
    report = SynthesisReport.objects.select_for_update().get(pk=report.pk)
    publishes = kind == ReportDecision.Kind.PUBLISH
    if not report.is_frozen:
        raise RuleViolation(_("A report is frozen before it is published."))
    if publishes == report.is_public:
        raise RuleViolation(_("The report is public already.") if publishes else _("The report is not public."))
    if publishes and not report.plan.is_public:
        raise RuleViolation(_("The plan itself is not public. Publish the plan first."))
    before = report.published_at and report.published_at.isoformat()
    report.published_at = timezone.now() if publishes else None
    report.save(update_fields=["published_at"])
    decision = ReportDecision.objects.create(report=report, kind=kind, reason=reason, decided_by=str(by))
    after = report.published_at and report.published_at.isoformat()
    audit.record(f"synthesis.{kind}", report, by=by, before=before, after=after, reason=reason)
    return decision


def texts_of(report: SynthesisReport) -> dict[str, TextBlock]:
    """Return the newest revision of each text."""
    return {
        block.key: block for block in report.texts.all() if block.key.partition("-")[0] in SECTIONS
    }  # by number: the last one stays


def current_content(report: SynthesisReport) -> dict[str, Any]:
    """Return the frozen content, or of a draft what would be frozen now."""
    if report.content is not None:
        return report.content
    texts = {key: block.text for key, block in texts_of(report).items()}
    return content_of_report(report, texts, today=timezone.localdate())


def _draft(report: SynthesisReport, *, by: User) -> SynthesisReport:
    _allowed(report.plan, Role.COORDINATOR, by=by)
    report = SynthesisReport.objects.select_for_update().select_related("plan__province").get(pk=report.pk)
    if report.is_frozen:
        raise RuleViolation(_("This report is frozen. A correction is a new version of it."))
    return report


def _allowed(plan: Plan, role: str, *, by: User) -> None:
    if not by.holds(plan.province_id, role):
        raise PermissionDenied
