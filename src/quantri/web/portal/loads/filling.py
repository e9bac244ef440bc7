"""Fill an empty site, province by province; each province is one transaction."""

from collections.abc import Iterator

from django.db import transaction

from quantri.web.accounts.models import Agency, User
from quantri.web.places.models import Province
from quantri.web.plans.models import Plan
from quantri.web.portal.loads.agencies import fill_agencies
from quantri.web.portal.loads.classing import fill_classing
from quantri.web.portal.loads.figures import fill_figures
from quantri.web.portal.loads.inspections import fill_programme
from quantri.web.portal.loads.plans import fill_periods, fill_plan, fill_tasks
from quantri.web.portal.loads.reports import fill_reports
from quantri.web.portal.loads.sizes import Load, share
from quantri.web.portal.loads.trail import fill_trail


def is_empty() -> bool:
    """Say whether nobody works here yet."""
    return not any(model.objects.exists() for model in (Agency, User, Plan))


def fill(load: Load) -> Iterator[tuple[str, int, int]]:
    """Make everything; yield what is being made, how much of it is there, and of how much."""
    sizes = load.sizes
    provinces = list(Province.objects.on(load.today).named()[: sizes.provinces])
    for n, province in enumerate(provinces):
        with transaction.atomic():
            _fill_province(load, province, n, len(provinces))
        yield "provinces", n + 1, len(provinces)
    for done in fill_trail(load, sizes.entries if load.subjects else 0):
        yield "entries", done, sizes.entries


def _fill_province(load: Load, province: Province, n: int, of: int) -> None:
    sizes, bodies = load.sizes, fill_agencies(load, province)
    tasks, reports = share(sizes.tasks, of, n), share(sizes.reports, of, n)
    for k in range(sizes.plans):
        plan, wanted = fill_plan(load, province, bodies, k + 1), load.reports + share(reports, sizes.plans, k)
        periods, parts = fill_periods(load, plan), []
        for some in fill_tasks(load, plan, bodies, share(tasks, sizes.plans, k)):
            parts += some
        fill_reports(load, parts, periods, wanted - load.reports)
        fill_programme(load, plan, bodies)
    fill_classing(load, province, bodies)
    fill_figures(load, province)
