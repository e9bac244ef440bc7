"""Each entry of the trail has its key, number and hash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0006_chain_earlier_entries")]

    operations = [
        migrations.AlterModelOptions("auditentry", {"ordering": ("-number",)}),
        migrations.AlterField("auditentry", "key", models.CharField(max_length=32, unique=True)),
        migrations.AlterField(
            "auditentry", "number", models.PositiveBigIntegerField(unique=True, verbose_name="number")
        ),
        migrations.AlterField("auditentry", "scope", models.CharField(blank=True, max_length=40)),
        migrations.AlterField("auditentry", "previous_hash", models.CharField(blank=True, max_length=64)),
        migrations.AlterField("auditentry", "hash", models.CharField(max_length=64)),
        migrations.AddIndex("auditentry", models.Index(fields=["scope", "-number"], name="audit_by_scope")),
        migrations.AddIndex("auditentry", models.Index(fields=["scope", "action", "-number"], name="audit_by_action")),
        migrations.AddIndex(
            "auditentry", models.Index(fields=["scope", "actor_name", "-number"], name="audit_by_actor")
        ),
    ]
