"""People's committees of provinces that were entered before are marked by the place that they serve."""

from django.db import migrations

from quantri.web.accounts.committees import names_the_committee


def mark(apps, _editor):
    agencies = apps.get_model("accounts", "Agency").objects
    borne: dict[int, list] = {}
    for province, kind, name in (
        apps.get_model("places", "UnitName")
        .objects.filter(unit__level="province")
        .values_list("unit", "kind", "name_vi")
    ):
        borne.setdefault(province, []).append((kind, name))
    found = [
        pk for pk, name, province in agencies.filter(unit=None).values_list("pk", "name_vi", "province")
        if names_the_committee(name, borne.get(province, []))
    ]  # fmt: skip
    for agency in agencies.filter(pk__in=found):
        agency.unit_id, agency.kind = agency.province_id, "people_committee"
        agency.save(update_fields=["unit", "kind"])


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_seal_second_factors"), ("places", "0006_boundary_sets")]
    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
