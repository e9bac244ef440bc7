"""How figures come in: preview, sealed confirmation, correction; and who decides on them."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from figure_files import EARLIER, HEADER, PERIOD, bring, recorded, workbook
from people import SYSTEM, signed_in
from quantri.errors import RuleViolation
from quantri.web.core.models import AuditEntry
from quantri.web.figures.actions import Brought, keep_sheets, publish, withdraw
from quantri.web.figures.measures import add_measure, end_measure, load_measures
from quantri.web.figures.models import Figure, FigureSheet, Measure
from quantri.web.figures.periods import before, key_of, period_of

TYPED = {"code": "own", "name_vi": "Số đo riêng", "name_en": "", "unit": "count", "direction": "up", "lowest": None,
         "highest": None, "document": "", "components": ["D1"]}  # fmt: skip


def send(client, content, **typed):
    file = SimpleUploadedFile("so-lieu.xlsx", content)
    return client.post(
        reverse("figures:bring"), {"period": PERIOD, "source": "Cổng dịch vụ công", "file": file} | typed
    )


def test_nothing_is_kept_before_the_preview_is_confirmed(coordinator, commune):
    client = signed_in(coordinator)
    shown = send(client, workbook(HEADER, ["30385", "", "95,5"]))
    assert (shown.status_code, FigureSheet.objects.count()) == (200, 0)
    kept = client.post(reverse("figures:confirm"), {"sealed": shown.context["sealed"]})
    assert kept.status_code == 302
    figure = Figure.objects.get()
    assert (figure.unit, figure.value, figure.recorded_name) == (commune, Decimal("95.5"), "Vĩnh Xương")
    assert figure.sheet.source == "Cổng dịch vụ công"
    assert AuditEntry.objects.filter(action="figures.brought").count() == 1


def test_columns_that_change_nothing_are_named_in_one_line(coordinator):
    shown = send(signed_in(coordinator), workbook([*HEADER, "feedback_on_time"], ["30385", "", "95,5", None]))
    [untouched] = shown.context["untouched"]
    page = shown.content.decode()
    assert page.count(untouched) == 2 and f"<h3>{untouched}" not in page  # in that line, and among the columns


def test_a_faulty_cell_keeps_the_whole_file_out(coordinator):
    shown = send(signed_in(coordinator), workbook(HEADER, ["30385", "", 95], ["30388", "", 950]))
    assert shown.status_code == 422
    assert "sealed" not in shown.context
    assert "C3" in shown.content.decode()


def test_what_was_typed_beside_a_refused_file_is_not_lost(coordinator):
    shown = send(signed_in(coordinator), b"nothing", source="Báo cáo số 9")
    assert shown.status_code == 422
    assert 'value="Báo cáo số 9"' in shown.content.decode()


@pytest.mark.parametrize("sealed", ["", "x", "eyJ4IjoxfQ:1tXxxx:AAAA"])
def test_a_preview_that_was_changed_is_not_kept(coordinator, sealed):
    signed_in(coordinator).post(reverse("figures:confirm"), {"sealed": sealed})
    assert not FigureSheet.objects.exists()


def test_the_preview_of_another_person_is_not_kept(coordinator, outsider):
    sealed = send(signed_in(coordinator), workbook(HEADER, ["30385", "", 95])).context["sealed"]
    signed_in(outsider).post(reverse("figures:confirm"), {"sealed": sealed})
    assert not FigureSheet.objects.exists()


def test_a_confirmation_that_is_sent_twice_keeps_one_sheet(coordinator):
    client = signed_in(coordinator)
    sealed = send(client, workbook(HEADER, ["30385", "", 95])).context["sealed"]
    for _time in range(2):
        client.post(reverse("figures:confirm"), {"sealed": sealed, "form_key": "k"})
    assert FigureSheet.objects.count() == 1


def test_a_correction_is_another_sheet_and_the_older_one_stays(coordinator, commune):
    [old] = bring(coordinator, {"30385": 90, "30388": 80})
    [new] = bring(coordinator, {"30385": 91})
    old.refresh_from_db()
    assert (new.supersedes, old.is_current, new.is_current) == (old, False, True)
    assert [f.value for f in old.figures.all()] == [90, 80]
    entry = AuditEntry.objects.filter(action="figures.brought").order_by("-number").first()
    assert entry.details["before"]["sheet"] == old.pk


def test_the_preview_tells_what_a_correction_changes_and_leaves_without_a_figure(coordinator):
    bring(coordinator, {"30385": 90, "30388": 80})
    shown = send(signed_in(coordinator), workbook(HEADER, ["30385", "", 91]))
    [effect] = shown.context["effects"]
    assert effect.changed == [("Vĩnh Xương", Decimal(90), Decimal(91))]
    assert effect.dropped == ["Tân An"]
    assert "Tân An" in shown.content.decode()


def test_whoever_saw_an_older_sheet_does_not_replace_a_newer_one(coordinator):
    [first] = bring(coordinator, {"30385": 90})
    bring(coordinator, {"30385": 91})
    with pytest.raises(RuleViolation):
        bring(coordinator, {"30385": 92}, seen=first.pk)


def test_the_same_file_is_not_kept_twice(coordinator):
    bring(coordinator, {"30385": 90}, sha256="a" * 64)
    with pytest.raises(RuleViolation):
        bring(coordinator, {"30385": 90}, sha256="a" * 64)


def test_only_a_coordinator_of_the_province_keeps_figures(province, leader, officer, outsider, on_time):
    brought = Brought(period=period_of(PERIOD), source="x", file_name="x.xlsx", sha256="0" * 64,
                      values={on_time.pk: [recorded("30385", 90)]}, seen={})  # fmt: skip
    for person in (leader, officer, outsider):
        with pytest.raises(PermissionDenied):
            keep_sheets(province, brought, by=person)


def test_a_file_without_figures_is_nothing_to_keep(province, coordinator, on_time):
    brought = Brought(period=period_of(PERIOD), source="x", file_name="x.xlsx", sha256="0" * 64,
                      values={on_time.pk: []}, seen={})  # fmt: skip
    with pytest.raises(RuleViolation):
        keep_sheets(province, brought, by=coordinator)


def test_figures_become_public_by_a_leader_only_and_a_correction_is_for_staff_again(client, coordinator, leader):
    [sheet] = bring(coordinator, {"30385": 90})
    with pytest.raises(PermissionDenied):
        publish(sheet, reason="x", by=coordinator)
    publish(sheet, reason="Công khai", by=leader)
    with pytest.raises(RuleViolation):
        publish(sheet, reason="again", by=leader)
    assert client.get(reverse("figures:sheet", args=[sheet.pk])).status_code == 200
    [correction] = bring(coordinator, {"30385": 91})
    assert client.get(reverse("figures:sheet", args=[correction.pk])).status_code == 404
    assert client.get(reverse("figures:sheet", args=[sheet.pk])).status_code == 404
    with pytest.raises(RuleViolation):
        withdraw(sheet, reason="x", by=leader)


def test_a_leader_decides_on_the_page_with_a_reason(coordinator, leader):
    [sheet] = bring(coordinator, {"30385": 90})
    client, address = signed_in(leader), reverse("figures:decide", args=[sheet.pk])
    assert client.post(address, {"kind": "publish", "text": " "}).status_code == 422
    assert client.post(address, {"kind": "withdraw", "text": "x"}).status_code == 409
    assert client.post(address, {"kind": "publish", "text": "Quyết định 1"}).status_code == 302
    sheet.refresh_from_db()
    assert sheet.published_at and sheet.decisions.get().reason == "Quyết định 1"


def test_the_database_holds_one_current_sheet_and_a_figure_of_a_unit_or_an_agency(coordinator):
    [sheet] = bring(coordinator, {"30385": 90})
    sheet.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        sheet.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Figure.objects.create(sheet=FigureSheet.objects.get(), recorded_name="x", value=1)


def test_the_package_brings_its_measures_once_with_the_points_of_decision_766(db):
    assert load_measures(by=SYSTEM) == 0
    parts = Measure.objects.filter(part_of="q766")
    assert [m.highest for m in parts] == [18, 20, 22, 22, 18]
    assert sum(m.highest for m in parts) == Measure.objects.get(code="q766").highest == 100


def test_a_province_adds_a_measure_and_ends_it_and_its_figures_stay(province, coordinator, officer):
    own = add_measure(province, TYPED, by=coordinator)
    with pytest.raises(RuleViolation):
        add_measure(province, TYPED, by=coordinator)
    with pytest.raises(RuleViolation):
        add_measure(province, TYPED | {"code": "sipas"}, by=coordinator)
    with pytest.raises(PermissionDenied):
        add_measure(province, TYPED | {"code": "other"}, by=officer)
    bring(coordinator, {"30385": 5}, code="own")
    end_measure(own, by=coordinator)
    with pytest.raises(RuleViolation):
        end_measure(own, by=coordinator)
    assert own not in Measure.objects.usable_in(province)
    assert Figure.objects.get().value == 5


def test_a_measure_of_the_package_is_not_ended(coordinator, on_time):
    with pytest.raises(PermissionDenied):
        end_measure(on_time, by=coordinator)


@pytest.mark.parametrize(
    "wrong",
    [{"code": "Mã"}, {"code": "a b"}, {"lowest": "5", "highest": "5"}, {"unit": "kg"}, {"components": "X1"},
     {"name_vi": ""}, {"highest": "abc"}, {"components": "D5; <b>"}],
)  # fmt: skip
def test_a_faulty_measure_is_shown_again_with_what_was_typed(coordinator, wrong):
    typed = {"code": "own", "name_vi": "Số đo riêng", "unit": "count", "direction": "up", "components": "D5, D8.1"}
    shown = signed_in(coordinator).post(reverse("figures:measure-new"), typed | wrong)
    assert (shown.status_code, Measure.objects.exclude(province=None).count()) == (422, 0)


def test_a_measure_is_added_on_its_page_and_has_a_column_in_the_template(coordinator):
    client = signed_in(coordinator)
    typed = {"code": "own", "name_vi": "Số đo riêng", "unit": "percent", "direction": "up", "components": "d5, D8.1",
             "lowest": "0", "highest": "99,5"}  # fmt: skip
    assert client.post(reverse("figures:measure-new"), typed).status_code == 302
    own = Measure.objects.get(code="own")
    assert (own.highest, own.components) == (Decimal("99.5"), ["D5", "D8.1"])
    assert client.get(reverse("figures:template") + "?measure=own").status_code == 200


def test_periods_follow_each_other_within_their_kind():
    assert key_of(before(period_of(PERIOD))) == EARLIER
    assert key_of(before(period_of("half_year-2026-1"))) == "half_year-2025-1"
    assert period_of(PERIOD).ends_on == date(2026, 3, 14)


@pytest.mark.parametrize(
    "key", ["", "quarter-2026-5", "quarter-2026-0", "week-2026-1", "quarter-9999-1", "quarter-٢٠٢٦-1"]
)
def test_what_names_no_period_is_not_found(coordinator, province, key):
    assert signed_in(coordinator).get(f"/commune-figures/{province.key}/{key or 'x'}/").status_code == 404
