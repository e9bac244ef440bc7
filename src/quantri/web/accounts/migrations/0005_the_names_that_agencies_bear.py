"""Each agency that was there gets the row of the name that it bears."""

from django.db import migrations


def write_names(apps, schema_editor):
    agency, name = apps.get_model("accounts", "Agency"), apps.get_model("accounts", "AgencyName")
    unnamed = agency.objects.filter(names=None)
    rows = (
        name(agency=a, name_vi=a.name_vi, name_en=a.name_en, valid_from=a.valid_from, valid_to=a.valid_to)
        for a in unnamed.iterator()
    )
    name.objects.bulk_create(rows, batch_size=500)


def forget_names(apps, schema_editor):
    apps.get_model("accounts", "AgencyName").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_names_superiors_and_successors_of_agencies")]
    operations = [migrations.RunPython(write_names, forget_names)]
