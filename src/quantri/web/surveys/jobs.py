"""What the worker does with an uploaded round: score it and keep a draft; the file goes when the job ends."""

from datetime import date

from django.db import transaction

from quantri.engine.design import SampleDesign
from quantri.web.accounts.models import User
from quantri.web.core import jobs
from quantri.web.core.models import Job
from quantri.web.places.models import Province
from quantri.web.surveys.actions import keep_draft
from quantri.web.surveys.scored import Domain
from quantri.web.surveys.scoring import Report, score_file

KIND = "surveys.score"


def province_names(year: int) -> dict[str, Domain]:
    """Give the names of provinces by their official codes at the end of a year."""
    day = date(year, 12, 31)
    found = {province.code: province.name_on(day) for province in Province.objects.on(day).prefetch_related("names")}
    return {code: Domain(label=code, name_vi=n.name_vi, name_en=n.name_en) for code, n in found.items()}


def score_upload(job: Job, report: Report) -> None:
    """Score the file of a job and keep the scores as a draft of who sent it."""
    asked = job.arguments
    found = score_file(
        jobs.path_of(job), asked["definition"], SampleDesign(**asked["design"]), asked["domain"] or None,
        lonely=asked["lonely"], names=province_names(asked["year"]), report=report,
    )  # fmt: skip
    report(90, "keeping")
    with transaction.atomic():
        row = keep_draft(found, name=asked["name"], by=User.objects.get(pk=job.actor_key))
        jobs.finish(job, row.key)
