"""Room for the chain of the audit trail; filled in the next step, required in the one after."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0004_jobs")]

    operations = [
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveBigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, max_length=64)),
            ],
        ),
        migrations.AddField("auditentry", "key", models.CharField(max_length=32, null=True)),
        migrations.AddField("auditentry", "number", models.PositiveBigIntegerField(null=True, verbose_name="number")),
        migrations.AddField("auditentry", "scope", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("auditentry", "previous_hash", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("auditentry", "hash", models.CharField(max_length=64, null=True)),
        migrations.AlterField("auditentry", "at", models.DateTimeField(db_index=True, verbose_name="time")),
    ]
