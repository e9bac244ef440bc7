"""The database itself refuses to change, remove or empty entries of the trail, and to move its head back."""

from django.db import migrations

SQLITE = (
    "CREATE TRIGGER core_trail_update BEFORE UPDATE ON core_auditentry BEGIN SELECT RAISE(ABORT, '{said}'); END",
    "CREATE TRIGGER core_trail_delete BEFORE DELETE ON core_auditentry BEGIN SELECT RAISE(ABORT, '{said}'); END",
    "CREATE TRIGGER core_head_delete BEFORE DELETE ON core_audithead BEGIN SELECT RAISE(ABORT, '{said}'); END",
    "CREATE TRIGGER core_head_back BEFORE UPDATE ON core_audithead WHEN NEW.number < OLD.number "
    "BEGIN SELECT RAISE(ABORT, '{said}'); END",
)
POSTGRESQL = (
    "CREATE FUNCTION core_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '{said}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER core_trail_update BEFORE UPDATE ON core_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION core_trail_refuse()",
    "CREATE TRIGGER core_trail_delete BEFORE DELETE ON core_auditentry "
    "FOR EACH ROW EXECUTE FUNCTION core_trail_refuse()",
    "CREATE TRIGGER core_trail_empty BEFORE TRUNCATE ON core_auditentry "
    "FOR EACH STATEMENT EXECUTE FUNCTION core_trail_refuse()",
    "CREATE TRIGGER core_head_delete BEFORE DELETE ON core_audithead FOR EACH ROW EXECUTE FUNCTION core_trail_refuse()",
    "CREATE TRIGGER core_head_empty BEFORE TRUNCATE ON core_audithead "
    "FOR EACH STATEMENT EXECUTE FUNCTION core_trail_refuse()",
    "CREATE TRIGGER core_head_back BEFORE UPDATE ON core_audithead "
    "FOR EACH ROW WHEN (NEW.number < OLD.number) EXECUTE FUNCTION core_trail_refuse()",
)
SAID = "the audit trail is only added to"
LIFTED = {
    "sqlite": tuple(
        f"DROP TRIGGER {name}"
        for name in ("core_trail_update", "core_trail_delete", "core_head_delete", "core_head_back")
    ),
    "postgresql": ("DROP FUNCTION core_trail_refuse() CASCADE",),
}


def put_up(_apps, editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
    for statement in statements.get(editor.connection.vendor, ()):
        editor.execute(statement.format(said=SAID))


def take_down(_apps, editor):
    for statement in LIFTED.get(editor.connection.vendor, ()):
        editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("core", "0009_sealed_words_of_letters")]

    operations = [migrations.RunPython(put_up, take_down)]
