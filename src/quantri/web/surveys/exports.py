"""Tables of a round as files; synthetic ones bear the mark in their name, in every row and in their notes."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from quantri.web.core.tables import Cell, csv_file, xlsx_file
from quantri.web.surveys.models import SurveyRound
from quantri.web.surveys.scored import ScoredRound

MARK = "SYNTHETIC / DỮ LIỆU MÔ PHỎNG"


def table(
    row: SurveyRound, found: ScoredRound, ending: str, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> HttpResponse:
    """Answer with a file of the asked kind; 404 for another."""
    if row.is_synthetic:
        name, header, rows = f"SYNTHETIC-{name}", [MARK, *header], [[MARK, *cells] for cells in rows]
    if ending == "csv":
        return csv_file(name, header, rows)
    if ending == "xlsx":
        return xlsx_file(name, header, rows, _notes(row, found))
    raise Http404


def _notes(row: SurveyRound, found: ScoredRound) -> list[str]:
    facts = found.facts
    rules = _(
        "%(name)s: %(n)s respondents; intervals of %(level)s %%; degrees of freedom: %(df)s; variance: %(variance)s; "
        "strata with one unit: %(lonely)s."
    ) % {
        "name": row.name, "n": facts["n"], "level": round(100 * facts["confidence"]), "df": facts["df_rule"],
        "variance": facts["variance_rule"], "lonely": facts["lonely"],
    }  # fmt: skip
    checks = f"definition {facts['definition_sha256']} · data {facts['data_sha256']} · round {row.content_sha256}"
    made = _("These people do not exist: every answer was made up by a program. Not a result of PAPI.")
    return [*([MARK, made] if row.is_synthetic else []), rules, checks, f"Quantri {facts['engine_version']}"]
