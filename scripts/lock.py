"""Make requirements.lock and requirements-dev.lock from pyproject.toml, with checksums and without any address.

    python3 scripts/lock.py

Needs `uv`. Settings of this machine are left aside, so that the checksums are those of the public index.
"""

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--extra", "dev", "--extra", "spark"]}


def main() -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    certificates = os.environ.get("PIP_CERT")
    if certificates:
        clean["SSL_CERT_FILE"] = certificates
    for lock, extras in LOCKS.items():
        # The tests' packages keep the versions of the run time.
        constraints = ["--constraints", "scripts/constraints.txt"]
        constraints += [] if lock == "requirements.lock" else ["--constraints", "requirements.lock"]
        command = [
            "uv", "pip", "compile", "pyproject.toml", *extras, *constraints, "--universal", "--python-version", "3.11",
            "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url", "--no-emit-find-links",
            "--no-config", "--quiet", "--output-file", lock,
        ]  # fmt: skip
        subprocess.run(command, cwd=ROOT, env=clean, check=True)
        print(f"{lock}: {(ROOT / lock).read_text().count('==')} packages")


if __name__ == "__main__":
    main()
