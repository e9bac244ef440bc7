"""Provinces become units of the upper level; the foreign keys of other apps go on pointing at Province, a proxy."""

import django.db.models.deletion
from django.db import migrations, models

LEVELS = [("province", "provincial level"), ("district", "district level"), ("commune", "commune level")]


def _level() -> models.CharField:
    return models.CharField(choices=LEVELS, default="province", max_length=10, verbose_name="level")


def _code() -> models.CharField:
    return models.CharField(db_index=True, max_length=8, verbose_name="code")


def _key(name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to="places.unit")


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable("province", "places_unit"),
                migrations.AddField("province", "level", _level()),
                migrations.AlterField("province", "code", _code()),
            ],
            # In the state the concrete model takes a new name and the old name becomes its proxy, without a rename:
            # so the migrations of other apps, applied before or after this one, go on pointing at "places.province".
            state_operations=[
                migrations.CreateModel(
                    "Unit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("key", models.CharField(max_length=20, unique=True)),
                        ("level", _level()),
                        ("code", _code()),
                    ],
                    options={"ordering": ("key",)},
                ),
                migrations.AlterField("provincename", "province", _key("names")),
                migrations.AlterField("succession", "before", _key("successors")),
                migrations.AlterField("succession", "after", _key("predecessors")),
                migrations.DeleteModel("Province"),
                migrations.CreateModel(
                    "Province",
                    fields=[],
                    options={"ordering": ("key",), "proxy": True, "indexes": [], "constraints": []},
                    bases=("places.unit",),
                ),
            ],
        ),
        migrations.RenameModel("ProvinceName", "UnitName"),
        migrations.RemoveConstraint("UnitName", "one_name_a_day"),
        migrations.RenameField("UnitName", "province", "unit"),
        migrations.AddConstraint(
            "UnitName", models.UniqueConstraint(fields=["unit", "valid_from"], name="one_name_a_day")
        ),
        migrations.RenameField("Succession", "event", "kind"),
        migrations.RenameField("Succession", "legal_basis", "decision"),
    ]
