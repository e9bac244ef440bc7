"""A release that is itself a correction can be corrected: stepping aside for it points at itself for a moment."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("indices", "0002_release_origin")]

    operations = [
        migrations.AlterField(
            model_name="release",
            name="superseded_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="supersedes",
                to="indices.release",
            ),
        ),
    ]
