"""A real PostgreSQL server of its own, on loopback alone, which goes with the test."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def as_server(*command: str | Path) -> list[str]:
    """Run a command as an ordinary user, since PostgreSQL refuses to run as root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


@contextmanager
def running_server() -> Iterator[str]:
    """Start a server in a folder of its own; give the address of its database."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)[0]
    folder = Path(tempfile.mkdtemp(prefix="quantri-pg-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c full_page_writes=off"
    data = folder / "data"
    made = as_server(programs / "initdb", "-D", data, "-A", "trust", "-U", "quantri", "-E", "UTF8", "--no-sync")
    subprocess.run(made, check=True, capture_output=True, timeout=120, cwd=folder)
    start = as_server(programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    subprocess.run(start, check=True, timeout=60, cwd=folder, stdout=subprocess.DEVNULL)
    try:
        yield f"postgres://quantri@127.0.0.1:{port}/postgres"
    finally:
        stop = as_server(programs / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        subprocess.run(stop, check=True, timeout=60, cwd=folder, stdout=subprocess.DEVNULL)
        shutil.rmtree(folder, ignore_errors=True)
