"""Plans that bear a number were issued, as their records office said; numbers begin anew each year."""

from django.db import migrations


def issue(apps, schema_editor):
    plans = apps.get_model("plans", "Plan").objects.exclude(number="")
    for plan in plans.iterator():
        plan.state, plan.number_year = "issued", plan.issued_on.year
        plan.save(update_fields=["state", "number_year"])


def undo(apps, schema_editor):
    apps.get_model("plans", "Plan").objects.update(state="draft", number_year=None)


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_states_of_a_plan_and_opinions")]

    operations = [migrations.RunPython(issue, undo)]
