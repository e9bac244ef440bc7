"""Secrets of the second factor that lie open are sealed."""

from django.db import migrations

from quantri.web.accounts import sealing


def seal(apps, _editor):
    sealing.seal_again(apps.get_model("mfa", "Authenticator").objects.order_by("pk").iterator(chunk_size=500))


def unseal(apps, _editor):
    for row in apps.get_model("mfa", "Authenticator").objects.order_by("pk").iterator(chunk_size=500):
        row.data = row.data | {name: sealing.unseal(row.data[name]) for name in sealing.SECRETS if name in row.data}
        row.save(update_fields=["data"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_the_place_that_an_agency_serves"),
        ("mfa", "0003_authenticator_type_uniq"),
    ]

    operations = [migrations.RunPython(seal, unseal)]
