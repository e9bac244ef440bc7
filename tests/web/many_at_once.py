"""Several processes write the trail and carry the outbox at the same time; prints what came of it."""

import multiprocessing
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import django

ROOT = Path(__file__).resolve().parents[2]
N_WRITERS, N_ENTRIES, N_LETTERS = 4, 15, 20


def check(**settings: str) -> None:
    """Run this file as a program on a database of its own; see that the chain holds and each letter came once."""
    from smtp_stand_in import StandIn

    with StandIn() as server:
        environment = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")} | {
            "DJANGO_SETTINGS_MODULE": "quantri.web.settings", "QUANTRI_MAIL_URL": server.address,
            "PYTHONPATH": str(ROOT / "src"), "QUANTRI_DEMO": "1",
        } | settings  # fmt: skip
        done = subprocess.run(
            [sys.executable, str(Path(__file__))],
            env=environment,
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
    assert done.stdout.split() == ["True", "sent"], done.stderr[-3000:]
    arrived = Counter(letter["Message-ID"] for letter in server.letters)
    assert set(arrived.values()) == {1} and len(arrived) >= 20


def work(who: int) -> None:
    """Write entries, some in transactions that are undone, and carry what is due."""
    from django.db import transaction
    from django.utils import timezone

    from quantri.web.core import audit, outbox
    from quantri.web.core.models import Message

    for n in range(N_ENTRIES):
        try:
            with transaction.atomic():
                audit.record("acted", Message(pk=who), by=audit.System("tests"), n=n, share=n / 7)
                outbox.post(key=f"twice:{n}", recipient=audit.System("tests"), subject="s", body="b", address="a@b.vn")
                if n % 5 == 4:
                    raise KeyError(n)
        except KeyError:
            pass
    outbox.send_due(timezone.now())


def main() -> None:
    """Prepare, let all run, and check the chain."""
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from quantri.web.core import audit, outbox
    from quantri.web.core.models import AuditEntry, Message

    call_command("migrate", "core", verbosity=0)
    for n in range(N_LETTERS):
        outbox.post(key=f"k{n}", recipient=audit.System("tests"), subject="s", body="b", address="a@example.vn")
    connection.close()
    workers = [multiprocessing.Process(target=started, args=(who,)) for who in range(N_WRITERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(100)
    call_command("verify_audit", stdout=sys.stderr)
    states = set(Message.objects.filter(key__startswith="k").values_list("state", flat=True))
    written = N_WRITERS * (N_ENTRIES - N_ENTRIES // 5)
    print(AuditEntry.objects.filter(action="acted").count() == written, *states)  # noqa: T201


def started(who: int) -> None:
    """Begin in a process of its own."""
    django.setup()
    work(who)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
