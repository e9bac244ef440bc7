"""How figures come in: the template, a file with its preview, and the confirmation of what the preview showed."""

import hashlib

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quantri.errors import DataError, RuleViolation
from quantri.web.accounts.access import for_roles
from quantri.web.accounts.models import Role
from quantri.web.core.once import once
from quantri.web.core.tables import XLSX
from quantri.web.core.uploads import safe_name
from quantri.web.figures.actions import keep_sheets
from quantri.web.figures.forms import FiguresForm
from quantri.web.figures.matching import Register, communes_on
from quantri.web.figures.models import Measure
from quantri.web.figures.preview import effects_of, sealed, unsealed
from quantri.web.figures.sheets import read_figures, template
from quantri.web.places.models import Province

SALT = "quantri.figures.bring"
DAY = 24 * 3600


@for_roles(Role.COORDINATOR)
@require_http_methods(["GET", "HEAD", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Show what a file holds and what it would change; nothing is kept yet."""
    province = _own(request)
    form = FiguresForm(request.POST or None, request.FILES or None, today=timezone.localdate())
    measures = list(Measure.objects.usable_in(province))
    context = {"form": form, "measures": measures, "province": province}
    if request.method != "POST" or not form.is_valid():
        return render(request, "figures/bring.html", context, status=422 if form.errors else 200)
    try:
        context |= _preview(request, province, form, measures)
    except DataError as fault:
        form.add_error("file", str(fault))
    return render(request, "figures/bring.html", context, status=200 if "sealed" in context else 422)


def _preview(request: HttpRequest, province: Province, form: FiguresForm, measures: list[Measure]) -> dict[str, object]:
    """Read the file; sealed only if no cell has a fault."""
    period, upload = form.cleaned_data["period"], form.cleaned_data["file"]
    content = upload.read()
    reading = read_figures(content, measures, Register(province, period.ends_on))
    effects = effects_of(province, period, reading)
    found: dict[str, object] = {
        "reading": reading, "effects": effects, "period": period,
        "untouched": [e.measure.name for e in effects if not e.n],
    }  # fmt: skip
    if not reading.faults and any(effect.n for effect in effects):
        sha256, name = hashlib.sha256(content).hexdigest(), safe_name(upload.name or "", ".xlsx")
        plain = sealed(period, form.cleaned_data["source"], name, sha256, reading, effects)
        found["sealed"] = signing.dumps(plain, salt=_salt(request, province), compress=True)
    return found


@for_roles(Role.COORDINATOR)
@require_POST
@once
def confirm(request: HttpRequest) -> HttpResponse:
    """Keep what the preview showed."""
    province = _own(request)
    try:
        plain = signing.loads(request.POST.get("sealed", ""), salt=_salt(request, province), max_age=DAY)
    except signing.BadSignature:
        messages.error(request, _("The preview is too old or was changed. Choose the file again."))
        return redirect("figures:bring")
    try:
        sheets = keep_sheets(province, unsealed(plain), by=request.user)
    except RuleViolation as problem:
        form = FiguresForm(today=timezone.localdate())
        context = {"form": form, "problem": problem, "measures": Measure.objects.usable_in(province)}
        return render(request, "figures/bring.html", context, status=409)
    messages.success(request, _("The figures are kept. They are for staff until a leader decides otherwise."))
    return redirect("figures:table", province=province.key, key=sheets[0].period_key)


@for_roles(Role.COORDINATOR)
@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """Give the template: the communes of today and the chosen measures, or all of them."""
    province = _own(request)
    measures, chosen = list(Measure.objects.usable_in(province)), set(request.GET.getlist("measure"))
    communes = communes_on(province, timezone.localdate()).prefetch_related("names").order_by("code")
    content = template(list(communes), [m for m in measures if not chosen or m.code in chosen])
    headers = {"Content-Disposition": 'attachment; filename="so-lieu-xa.xlsx"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)


def _own(request: HttpRequest) -> Province:
    return request.user.seats(Role.COORDINATOR).named().first()


def _salt(request: HttpRequest, province: Province) -> str:
    return f"{SALT}.{province.pk}.{request.user.pk}"
