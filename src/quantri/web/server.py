"""`serve`: check, set up what is missing, say where the site is, and answer and work until Ctrl-C."""

import argparse
import gc
import os
import socket
import sqlite3
import subprocess
import sys

from quantri.errors import QuantriError
from quantri.words import language_of, say

BESIDE = (["work"], ["tick", "--every", "60"])  # what runs beside the site: its worker and its timer


class CannotServe(QuantriError):
    """Something that only the person at this machine can mend; the message says how."""


def main(arguments: list[str]) -> int:
    """Serve; return 2 with one sentence when that is not possible."""
    language = language_of(os.environ)
    parser = argparse.ArgumentParser(prog="run.py serve", description=say("Start the site.", language))
    parser.add_argument("--host", default="127.0.0.1", help=say("address to listen on", language))
    parser.add_argument("--port", type=int, default=8000)
    chosen = parser.parse_args(arguments)
    try:
        check_port(chosen.host, chosen.port)
        set_up()
    except QuantriError as fault:
        print(say("Quantri cannot start: {fault}", language, fault=fault), file=sys.stderr)  # noqa: T201
        return 2
    print(welcome(chosen.host, chosen.port, language), flush=True)  # noqa: T201
    beside = [subprocess.Popen([sys.executable, "-m", "quantri.web", *words]) for words in BESIDE]  # noqa: S603 - our own words
    try:
        answer(chosen.host, chosen.port)
    finally:
        end(beside)
    return 0


def end(beside: list[subprocess.Popen]) -> None:
    """End worker and timer; one that does not listen is killed: its job counts as failed, its letter as uncertain."""
    for process in beside:
        process.terminate()
    for process in beside:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def welcome(host: str, port: int, language: str) -> str:
    """Say at which address the site is in each language."""
    from django.conf import settings

    name = "localhost" if host in ("127.0.0.1", "0.0.0.0") else f"[{host}]" if ":" in host else host  # noqa: S104
    facts = {"address": f"http://{name}:{port}/", "prefix": "vi/" if settings.LANGUAGE_CODE == "en" else "en/"}
    if settings.LANGUAGE_CODE == "en":
        return say("Quantri answers at {address} (English) and {address}{prefix} (Vietnamese). Ctrl-C ends it.",
                   language, **facts)  # fmt: skip
    return say("Quantri answers at {address} (Vietnamese) and {address}{prefix} (English). Ctrl-C ends it.",
               language, **facts)  # fmt: skip


def check_port(host: str, port: int) -> None:
    """Refuse a port that is taken or not allowed."""
    try:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except (OSError, OverflowError) as fault:
        raise CannotServe(
            "port {port} of {host} cannot be used ({reason}); "
            "end the program that has it, or choose another with --port",
            port=port, host=host, reason=CannotServe(getattr(fault, "strerror", None) or str(fault)),
        ) from fault  # fmt: skip


def set_up() -> None:
    """Bring the database up to this version and load what is missing."""
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import CommandError, call_command
    from django.db import DatabaseError, connection

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quantri.web.settings")
    try:
        django.setup()
        if steps_missing():
            call_command("migrate", verbosity=0)
        call_command("load", quiet=True)
    except (ImproperlyConfigured, CommandError) as fault:
        raise CannotServe(str(fault)) from fault
    except (DatabaseError, sqlite3.Error) as fault:
        reason = str(fault).strip().splitlines()[0]
        raise CannotServe(
            "the database cannot be used ({reason}); check QUANTRI_DATABASE_URL and the rights of the data folder",
            reason=reason,
        ) from fault
    share_what_stays()
    connection.close()  # each worker opens its own


def share_what_stays() -> None:
    """Read the results once for all workers, and keep the collector of garbage away from what stays.

    Without this every worker reads them anew, and now and then a page waits 0.1 s for the collector.
    """
    from django.conf import settings

    from quantri.web.indices.archive import archive

    archive(settings.INDEX)
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 25, 25)


def steps_missing() -> bool:
    """Say whether the database is older than the code; refuse one that is newer."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    ours = {label for label, _name in executor.loader.disk_migrations}
    unknown = {
        f"{label}.{name}"
        for label, name in executor.loader.applied_migrations
        if label in ours and (label, name) not in executor.loader.disk_migrations
    }
    if unknown:
        raise CannotServe(
            "the database belongs to a newer version of Quantri (it has {step}); "
            "start that version, or go back to a copy of the database made before",
            step=min(unknown),
        )
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def answer(host: str, port: int) -> None:
    """Answer requests with two workers until Ctrl-C."""
    from quantri.web.wsgi import application

    if os.name == "nt":
        import waitress

        waitress.serve(application, host=host, port=port, threads=4)
        return
    from gunicorn.app.base import BaseApplication

    class Site(BaseApplication):
        def load_config(self) -> None:
            choices = {
                "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}", "workers": 2, "threads": 8,
                "worker_class": "gthread", "preload_app": True, "loglevel": "warning", "control_socket_disable": True,
                "max_requests": 5000, "max_requests_jitter": 500,
            }  # fmt: skip
            for name, value in choices.items():
                self.cfg.set(name, value)

        def load(self) -> object:
            return application

    Site().run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
