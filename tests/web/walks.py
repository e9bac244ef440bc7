"""A program that walks through migrations, run on a new SQLite site of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).resolve().parents[2] / "src"


def walked(folder: Path, program: str) -> Any:
    """Run a program in a process of its own; return what its last line says as JSON."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("QUANTRI_")}
    settings = {
        "QUANTRI_DATA_DIR": str(folder), "PYTHONPATH": str(SOURCE), "DJANGO_SETTINGS_MODULE": "quantri.web.settings",
    }  # fmt: skip
    ran = subprocess.run(
        [sys.executable, "-c", program], env=clean | settings, capture_output=True, text=True, timeout=120, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])
