"""The demonstration goes: plans, exercises and time limits with all that hangs on them, accounts, agencies, files."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models, transaction

from quantri.web.accounts.models import Agency, AgencyName, Headship, Subordination, User
from quantri.web.appraisal.models import Exercise, Proof
from quantri.web.core import audit
from quantri.web.core.audit import Actor
from quantri.web.core.models import Message
from quantri.web.core.uploads import path_of
from quantri.web.deadlines.models import Clock
from quantri.web.inspections.models import Attachment, Finding
from quantri.web.plans.models import Plan
from quantri.web.portal.logins import demonstration_accounts, end_logins, logins_file
from quantri.web.reports.frozen_files import key_of
from quantri.web.reports.keeping import forget_files
from quantri.web.reports.models import Snapshot, SynthesisReport
from quantri.web.surveys.models import SurveyRound
from quantri.web.tasks.models import Evidence

OF_AN_AGENCY = (AgencyName, Headship, Subordination)  # rows that belong to an agency and go with it


@dataclass(frozen=True, kw_only=True)
class Demonstration:
    """What the demonstration made, or what of it was removed; `kept` are agencies and accounts that others name."""

    plans: tuple[str, ...] = ()
    exercises: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    rounds: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.plans or self.exercises or self.limits or self.rounds or self.accounts or self.agencies)


def found_demonstration() -> Demonstration:
    """Say what there is."""
    return Demonstration(
        plans=_names(Plan.objects.filter(is_demonstration=True)),
        exercises=_names(Exercise.objects.filter(is_demonstration=True)),
        limits=_names(_limits()),
        rounds=_names(_rounds()),
        accounts=_names(demonstration_accounts()),
        agencies=_names(Agency.objects.filter(is_demonstration=True)),
    )


@transaction.atomic
def remove_demonstration(*, by: Actor) -> Demonstration:
    """Remove it, each plan, account and agency with its audit entry; what real rows name is only ended and kept."""
    plans, exercises = (model.objects.filter(is_demonstration=True) for model in (Plan, Exercise))
    documents = list(Snapshot.objects.filter(plan__in=plans).values_list("sha256", flat=True))
    reports = SynthesisReport.objects.filter(plan__in=plans).exclude(sha256="").defer("content")
    documents += [key_of(report) for report in reports.select_related("template", "shipped")]
    evidence = Evidence.objects.filter(progress__period__plan__in=plans).exclude(sha256="")
    pictures = set(evidence.values_list("sha256", flat=True)) | _pictures_of_inspections(plans)
    pictures |= set(Proof.objects.filter(entry__exercise__in=exercises).values_list("sha256", flat=True))
    _remove_clocks(plans)
    names = {"plans": _removed_whole(plans, "plan.removed", by=by)}
    names["exercises"] = _removed_whole(exercises, "exercise.removed", by=by)
    names["limits"] = _removed_whole(_limits(), "clock.removed", by=by)
    rounds, kept_rounds = _remove_free(_rounds(), "round.removed", by=by)
    accounts, kept_accounts = _remove_accounts(by=by)
    agencies, kept_agencies = _remove_agencies(by=by)
    transaction.on_commit(lambda: _remove_files(documents, pictures), robust=True)
    return Demonstration(
        **names, rounds=rounds, accounts=accounts, agencies=agencies,
        kept=kept_rounds + kept_accounts + kept_agencies,
    )  # fmt: skip


def _removed_whole(rows: models.QuerySet, action: str, *, by: Actor) -> tuple[str, ...]:
    """Remove rows with all that hangs on them; return their names."""
    names = _names(rows)
    for row in rows:
        audit.record(action, row, by=by)
    _remove_with_dependents(rows)
    return names


def _remove_clocks(plans: models.QuerySet) -> None:
    """Remove the clocks of answers to inspections; a clock names what it counts for by key alone."""
    keys = Finding.objects.filter(visit__programme__plan__in=plans).values_list("pk", flat=True)
    Clock.objects.filter(subject=Finding._meta.label_lower, subject_key__in=[str(key) for key in keys]).delete()


def _pictures_of_inspections(plans: models.QuerySet) -> set[str]:
    findings = Finding.objects.filter(visit__programme__plan__in=plans)
    files = Attachment.objects.filter(models.Q(finding__in=findings) | models.Q(answer__finding__in=findings))
    return set(files.values_list("sha256", flat=True))


def _limits() -> models.QuerySet:
    return Clock.objects.of_law().filter(is_demonstration=True).select_related("rule", "agency")


def _rounds() -> models.QuerySet:
    """Find the rounds that the package brought: their respondents are made up."""
    return SurveyRound.objects.filter(origin=SurveyRound.Origin.PACKAGE)


def _remove_accounts(*, by: Actor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """End the accounts; those that no other row names go altogether, with their memberships and messages."""
    end_logins()
    accounts = User.objects.filter(pk__in=list(demonstration_accounts().values_list("pk", flat=True)))
    Message.objects.filter(recipient_key__in=[str(user.pk) for user in accounts]).delete()
    for user in accounts:
        user.memberships.all().delete()
    return _remove_free(accounts, "account.removed", by=by)


def _remove_agencies(*, by: Actor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove the agencies that no other row names, with their own names, heads and places; the lowest go first."""
    lowest_first = Agency.objects.filter(is_demonstration=True).annotate(height=models.Count("superiorities"))
    agencies = list(lowest_first.order_by("height", "name_vi"))
    free: set[int] = set()
    for agency in agencies:
        if not _is_named_elsewhere(agency, besides=free):
            free.add(agency.pk)
    for own in OF_AN_AGENCY:
        own.objects.filter(agency__in=free).delete()
    gone, kept = ([a for a in agencies if (a.pk in free) is is_free] for is_free in (True, False))
    for agency in gone:
        audit.record("agency.removed", agency, by=by)
        agency.delete()
    return _names(gone), _names(kept)


def _is_named_elsewhere(agency: Agency, *, besides: set[int]) -> bool:
    """Say whether a row names an agency that is neither its own nor of agencies that go before it."""
    rows = [r for r in _dependents(Agency.objects.filter(pk=agency.pk)) if r.model not in (Agency, *OF_AN_AGENCY)]
    below = Subordination.objects.filter(above=agency).exclude(agency__in=besides)
    children = agency.children.exclude(pk__in=besides)
    return any(related.exists() for related in (below, children, *rows))


def _remove_free(rows: models.QuerySet, action: str, *, by: Actor) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove the rows that no other row names; return the names of those that went, and of the others."""
    gone, kept = [], []
    for row in rows:
        if any(related.exists() for related in _dependents(type(row).objects.filter(pk=row.pk))):
            kept.append(str(row))
            continue
        audit.record(action, row, by=by)
        gone.append(str(row))
        row.delete()
    return tuple(gone), tuple(kept)


def _remove_with_dependents(rows: models.QuerySet) -> None:
    """Remove rows after those that name them, whatever app these belong to."""
    for related in _dependents(rows):
        _remove_with_dependents(related)
    rows.delete()


def _dependents(rows: models.QuerySet) -> list[models.QuerySet]:
    """Rows that name one of these, by each relation; not those that go along by themselves, such as sessions."""
    keys = list(rows.values_list("pk", flat=True))
    fields = rows.model._meta.get_fields(include_hidden=True)
    relations = [r for r in fields if r.auto_created and not r.concrete and (r.one_to_many or r.one_to_one)]
    relations = [r for r in relations if r.on_delete is not models.CASCADE]
    return [r.related_model.objects.filter(**{f"{r.field.name}__in": keys}) for r in relations] if keys else []


def _remove_files(documents: list[str], pictures: set[str]) -> None:
    for sha256 in documents:
        forget_files(sha256)
    kept = (model.objects.values_list("sha256", flat=True) for model in (Evidence, Attachment, Proof))
    for sha256 in pictures.difference(*kept):
        path_of(sha256).unlink(missing_ok=True)
    logins_file().unlink(missing_ok=True)


def _names(rows: Iterable[models.Model]) -> tuple[str, ...]:
    return tuple(str(row) for row in rows)
