"""A part that goes on in another one says since when; of earlier passings the day is known, and begins it."""

from datetime import datetime, time

from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def begin(apps, schema_editor):
    for part in apps.get_model("tasks", "Assignment").objects.exclude(continued_in=None).iterator():
        part.passed_at = timezone.make_aware(datetime.combine(part.valid_to, time.min))
        part.save(update_fields=["passed_at"])


class Migration(migrations.Migration):
    dependencies = [("tasks", "0006_amendments_and_changes_of_parts")]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="passed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=Q(continued_in=None) | Q(passed_at__isnull=False), name="a_part_goes_on_from_a_moment"
            ),
        ),
    ]
