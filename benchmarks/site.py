"""Time the site and the commands side by side with what they cannot beat; prints the tables of benchmarks/README.md.

.venv/bin/python benchmarks/site.py            pages, start, commands (about two minutes)
.venv/bin/python benchmarks/site.py --set-up   the first set-up with uv and with pip too (downloads the packages)
"""

import argparse
import http.client
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = (
    "/", "/explore/", "/explore/?level=sub_dimension", "/explore/table.xlsx", "/provinces/", "/provinces/vn63-89/",
    "/provinces/vn34-91/", "/components/D3/", "/compare/?unit=vn63-89&unit=vn63-91&unit=vn63-87&unit=vn63-01",
    "/figures/2024/vn63-89/D3/", "/data/", "/plans/", "/plans/1/", "/plans/1/try/D5/", "/method/",
    "/rounds/", "/rounds/synthetic-2/", "/rounds/synthetic-2/places/89/", "/rounds/synthetic-2/change/",
    "/rounds/synthetic-2/weights/", "/rounds/synthetic-2/sample/",
)  # fmt: skip
STAFF = (
    "/plans/diagnosis/vn63-89/", "/plans/new/", "/plans/{plan}/targets/", "/plans/{plan}/owners/",
    "/plans/{plan}/tasks/", "/plans/{plan}/document/", "/data/import/",
)  # fmt: skip
EMPTY = "/health"  # an empty view behind the whole chain of middleware


@contextmanager
def site() -> Iterator[tuple[int, int, Path]]:
    """Start the site on a port of its own; give port, process and data folder."""
    folder = Path(tempfile.mkdtemp(prefix="quantri-bench-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = start(folder, port)
    try:
        yield port, process.pid, folder
    finally:
        process.terminate()
        process.wait(20)
        shutil.rmtree(folder, ignore_errors=True)


def start(folder: Path, port: int) -> subprocess.Popen:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("QUANTRI_")}
    environment |= {"QUANTRI_DATA_DIR": str(folder), "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "quantri.web.server", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL
    )
    while get(port, "/method/") is None:
        time.sleep(0.02)
    return process


def get(port: int, path: str, cookie: str = "") -> tuple[int, int] | None:
    """Status and size of a page; None while nobody answers."""
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    except OSError:
        return None


def sign_in(port: int, folder: Path) -> tuple[str, str]:
    """Sign the coordinator in and begin a plan; give the cookies and the plan's number."""
    name, word = (folder / "demo-logins.txt").read_text().split()[:2]
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", "/account/login/")
    answer = connection.getresponse()
    page, token = answer.read().decode(), answer.getheader("Set-Cookie").split(";")[0]
    form = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    headers = {"Cookie": token, "Content-Type": "application/x-www-form-urlencoded"}
    connection.request(
        "POST", "/account/login/", f"csrfmiddlewaretoken={form}&username={name}&password={word}", headers
    )
    answer = connection.getresponse()
    answer.read()
    cookie = "; ".join(v.split(";")[0] for k, v in answer.getheaders() if k == "Set-Cookie")
    connection.request("GET", "/plans/new/", headers={"Cookie": cookie})
    page = connection.getresponse().read().decode()
    form = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]
    base = re.search(r'<option value="(\d+)" selected>', page)[1]
    body = f"csrfmiddlewaretoken={form}&base_unit={base}&base_year=2024&year=2026"
    connection.request("POST", "/plans/new/", body, headers | {"Cookie": cookie})
    answer = connection.getresponse()
    answer.read()
    return cookie, answer.getheader("Location").split("/")[2]


def times(port: int, path: str, cookie: str = "", n: int = 60) -> list[float]:
    """Milliseconds of n requests on one connection; whoever is signed in, by a cookie, gets a page made anew."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    found = []
    for k in range(n + 6):
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
        connection.getresponse().read()
        if k >= 6:  # both workers have met the page
            found.append((time.perf_counter() - began) * 1000)
    return sorted(found)


def both(found: list[float]) -> str:
    """Write median and 95th percentile."""
    return f"{statistics.median(found):.0f} | {found[int(len(found) * 0.95)]:.0f}"


def sizes(port: int, path: str) -> str:
    """Write the size of a page in KB, plain and packed."""
    found = []
    for encoding in ("identity", "gzip"):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Accept-Encoding": encoding})
        found.append(len(connection.getresponse().read()) / 1024)
    return f"{found[0]:.0f} | {found[1]:.0f}"


def rate(port: int, path: str, cookie: str = "", seconds: float = 4.0) -> float:
    """Count the requests a second of four readers at once."""
    end = time.perf_counter() + seconds

    def read(_reader: int) -> int:
        n, connection = 0, http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        while time.perf_counter() < end:
            connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
            connection.getresponse().read()
            n += 1
        return n

    with ThreadPoolExecutor(4) as readers:
        return sum(readers.map(read, range(4))) / seconds


def memory(pid: int) -> list[int]:
    """Peak memory in MB of the server and each worker."""
    pids = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return [int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{p}/status").read_text())[1]) // 1024 for p in pids]


def print_pages() -> None:
    with site() as (port, pid, folder):
        cookie, plan = sign_in(port, folder)
        print("| page | made anew: median ms | p95 ms | kept: median ms | KB | KB packed |\n|---|---|---|---|---|---|")
        for path in PAGES:
            made, kept = times(port, path, cookie), times(port, path)
            print(f"| `{path[:48]}` | {both(made)} | {statistics.median(kept):.1f} | {sizes(port, path)} |")
        for path in (p.format(plan=plan) for p in STAFF):
            print(f"| `{path}` (signed in) | {both(times(port, path, cookie))} | – | – | – |")
        empty = rate(port, EMPTY)
        print("\n| four readers, two workers | kept, requests/s | of an empty view | made anew, requests/s | of it |")
        print(f"|---|---|---|---|---|\n| an empty view | {empty:.0f} | 100 % | | |")
        for path in ("/", "/explore/", "/provinces/vn63-89/", "/components/D3/", "/plans/1/"):
            kept, made = rate(port, path), rate(port, path, cookie)
            print(f"| `{path}` | {kept:.0f} | {kept / empty:.0%} | {made:.0f} | {made / empty:.0%} |")
        print("\n| document of the plan of 2019 | median ms | KB |\n|---|---|---|")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/plans/1/")
        page = connection.getresponse().read().decode()
        for path in re.findall(r'href="(/plans/1/document/[^"]+)"', page):
            found = statistics.median(times(port, path, n=5))
            print(f"| {path.rpartition('.')[2]} | {found:.0f} | {sizes(port, path).split()[0]} |")
        print(f"\nPeak memory after this, MB (server, then workers): {memory(pid)}")


def whole(command: list[str], n: int = 7, **environment: str) -> float:
    """Median seconds of a whole process."""
    found = []
    for _ in range(n):
        began = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=os.environ | environment)
        found.append(time.perf_counter() - began)
    return statistics.median(found)


def print_commands() -> None:
    source = {"PYTHONPATH": str(ROOT / "src")}
    bare = whole([sys.executable, "-c", "pass"])
    numpy = whole([sys.executable, "-c", "import numpy"])
    quantri = [sys.executable, "-m", "quantri.cli.main"]
    rows = {
        "Python alone": bare,
        "Python with numpy": numpy,
        "`diagnose`": whole([*quantri, "diagnose", "--year", "2024", "--province", "89"], **source),
        "`outlook`": whole([*quantri, "outlook", "--base-year", "2023", "--year", "2024", "--province", "89",
                            "--target", "D4=7.04"], **source),
    }  # fmt: skip
    print("\n| whole process | seconds | times Python with numpy |\n|---|---|---|")
    for name, seconds in rows.items():
        print(f"| {name} | {seconds:.2f} | {seconds / numpy:.1f} |")


def print_starts() -> None:
    folder = Path(tempfile.mkdtemp(prefix="quantri-bench-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    print("\n| start of the site until it answers | seconds |\n|---|---|")
    for name in ("first (empty folder)", "second", "third"):
        began = time.perf_counter()
        process = start(folder, port)
        print(f"| {name} | {time.perf_counter() - began:.1f} |")
        process.terminate()
        process.wait(20)
    shutil.rmtree(folder, ignore_errors=True)


def print_set_up() -> None:
    print("\n| first set-up of run.py on an empty copy | seconds |\n|---|---|")
    without_uv = os.pathsep.join(p for p in os.environ["PATH"].split(os.pathsep) if not (Path(p) / "uv").exists())
    left_out = shutil.ignore_patterns(".venv", "var", ".git", "__pycache__", ".*_cache")
    for name, path in (("uv", os.environ["PATH"]), ("pip", without_uv)):
        if name == "uv" and not shutil.which("uv"):
            print("| uv | not installed here |")
            continue
        copy = Path(tempfile.mkdtemp(prefix="quantri-bench-"))
        shutil.copytree(ROOT, copy / "q", ignore=left_out)
        began = time.perf_counter()
        subprocess.run(
            ["python3", "run.py", "quantri", "check", "src/quantri/data/indices/papi-2024.toml"], cwd=copy / "q",
            env=os.environ | {"PATH": path}, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        print(f"| {name} | {time.perf_counter() - began:.0f} |")
        shutil.rmtree(copy)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set-up", action="store_true")
    chosen = parser.parse_args()
    print_pages()
    print_commands()
    print_starts()
    if chosen.set_up:
        print_set_up()
    print(f"\nPeak memory of the largest command, MB: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024}")


if __name__ == "__main__":
    main()
