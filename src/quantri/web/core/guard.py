"""Whether the database guards the trail: the triggers that a migration put there."""

from django.db import connection

GUARDS = {"core_trail_update", "core_trail_delete", "core_head_delete", "core_head_back"}
NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'",
}


def missing_guards() -> list[str]:
    """Name the triggers that are not there; both kinds of databases have those asked for."""
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        there = {name for (name,) in cursor.fetchall()}
    return sorted(GUARDS - there)
