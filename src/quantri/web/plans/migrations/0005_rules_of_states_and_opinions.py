from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0004_plans_with_a_number_are_issued")]

    operations = [
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issued_on", None), ("number", ""), ("number_year", None)),
                    models.Q(
                        models.Q(("number", ""), _negated=True),
                        ("issued_on__isnull", False),
                        ("number_year__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="number_and_date_of_issue_come_together",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("number", ""), ("state__in", ("draft", "consulted"))),
                    models.Q(("state__in", ("issued", "closed")), models.Q(("number", ""), _negated=True)),
                    _connector="OR",
                ),
                name="a_plan_is_issued_with_its_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("closed_at__isnull", False), ("state", "closed")),
                    models.Q(models.Q(("state", "closed"), _negated=True), ("closed_at", None)),
                    _connector="OR",
                ),
                name="a_closed_plan_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.CheckConstraint(
                condition=models.Q(("superseded_at", None), ("state__in", ("issued", "closed")), _connector="OR"),
                name="only_an_issued_plan_is_revised",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(models.Q(("number", ""), _negated=True), ("ended_at", None)),
                fields=("province", "number", "number_year"),
                name="one_plan_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="plan",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)), fields=("revises",), name="one_revision_at_a_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.UniqueConstraint(fields=("plan", "agency"), name="one_opinion_an_agency"),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_on", None), ("given_on__gte", models.F("asked_on")), _connector="OR"),
                name="no_opinion_before_it_is_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="opinion",
            constraint=models.CheckConstraint(
                condition=models.Q(("answered_at", None), ("given_on__isnull", False), _connector="OR"),
                name="only_a_given_opinion_is_answered",
            ),
        ),
    ]
