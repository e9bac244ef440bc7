"""Entries written before the chain are bound to it in their order, in batches."""

import hashlib
import json
import secrets
from datetime import UTC

from django.db import migrations

BATCH = 1000
HASHED = (
    "key", "number", "at", "actor_key", "actor_name", "action", "subject", "subject_key", "subject_name", "scope",
    "details", "previous_hash",
)  # fmt: skip


def chain(apps, _editor):
    """Give each entry its key, number and hashes; a second run goes on after the last one that has them."""
    entry_model, head_model = apps.get_model("core", "AuditEntry"), apps.get_model("core", "AuditHead")
    head, _is_new = head_model.objects.get_or_create(pk=1)
    while batch := list(entry_model.objects.filter(number=None).order_by("pk")[:BATCH]):
        for entry in batch:
            entry.key, entry.number, entry.previous_hash = secrets.token_hex(16), head.number + 1, head.hash
            entry.hash = hash_of(entry)
            head.number, head.hash = entry.number, entry.hash
        entry_model.objects.bulk_update(batch, ["key", "number", "previous_hash", "hash"], batch_size=100)
        head.save()


def unchain(apps, _editor):
    """Forget the chain; the entries stay."""
    apps.get_model("core", "AuditHead").objects.all().delete()
    apps.get_model("core", "AuditEntry").objects.update(key=None, number=None, previous_hash="", hash=None)


def hash_of(entry):
    """Hash as the trail did when this step was written."""
    fields = {name: getattr(entry, name) for name in HASHED}
    fields["at"] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    fields["details"] = plain(entry.details)
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def plain(value):
    """Write whole numbers without a point, as every database gives them back."""
    if isinstance(value, dict):
        return {name: plain(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class Migration(migrations.Migration):
    dependencies = [("core", "0005_chain_fields")]

    operations = [migrations.RunPython(chain, unchain)]
