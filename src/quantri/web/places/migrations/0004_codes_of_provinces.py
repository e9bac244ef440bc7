"""Codes of the provinces as dated rows; going back forgets the lower levels, which a load brings again."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def date_codes(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    Unit, UnitCode = apps.get_model("places", "Unit"), apps.get_model("places", "UnitCode")
    rows = []
    for unit in Unit.objects.prefetch_related("names"):
        begins = [name.valid_from for name in unit.names.all()]
        ends = [name.valid_to for name in unit.names.all()]
        rows.append(
            UnitCode(
                unit=unit, system="nso", code=unit.code, valid_from=None if None in begins else min(begins, default=None),
                valid_to=None if None in ends else max(ends, default=None),
            )
        )  # fmt: skip
    UnitCode.objects.bulk_create(rows)


def forget_lower_levels(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    models = {name: apps.get_model("places", name) for name in ("Unit", "UnitName", "UnitCode", "UnitParent")}
    succession = apps.get_model("places", "Succession")
    succession.objects.exclude(before__level="province").delete()
    models["UnitParent"].objects.all().delete()
    models["UnitCode"].objects.all().delete()
    models["UnitName"].objects.exclude(unit__level="province").delete()
    models["Unit"].objects.exclude(level="province").delete()


class Migration(migrations.Migration):
    dependencies = [("places", "0003_dated_codes_and_parents")]

    operations = [migrations.RunPython(date_codes, forget_lower_levels)]
