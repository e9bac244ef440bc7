"""Each release says whether it came from the package or from a person."""

from django.db import migrations, models


def mark_the_packages_own(apps, schema_editor):
    """Releases of the package named its files as their source; no uploaded file's name holds a folder."""
    release = apps.get_model("indices", "Release")
    release.objects.filter(source__startswith="src/quantri/data/results/").update(origin="package")


class Migration(migrations.Migration):
    dependencies = [("indices", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="release",
            name="origin",
            field=models.CharField(
                choices=[("package", "part of Quantri"), ("imported", "imported")], default="imported", max_length=10
            ),
        ),
        migrations.RunPython(mark_the_packages_own, migrations.RunPython.noop),
    ]
