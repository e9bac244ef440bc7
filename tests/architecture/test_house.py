import hashlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "src" / "quantri" / "data"
TOOLS = {
    "ruff check": ["ruff", "check", "."],
    "ruff format": ["ruff", "format", "--check", "."],
    "mypy": ["mypy"],
    "import contracts": ["lint-imports"],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_code_is_clean(tool):
    program = Path(sys.executable).with_name(TOOLS[tool][0])
    done = subprocess.run(
        [program, *TOOLS[tool][1:]], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_data_files_match_the_checksums_in_sources():
    listed = dict(
        reversed(line)
        for line in re.findall(r"^([0-9a-f]{64})  (\S+)$", (DATA / "SOURCES.md").read_text("utf-8"), re.M)
    )
    found = {
        p.relative_to(DATA).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in DATA.rglob("*")
        if p.is_file() and p.name != "SOURCES.md"
    }
    assert found == listed


def test_the_commands_do_not_import_what_they_do_not_need():
    code = "import sys; import quantri.cli.main; print(*{'django', 'scipy.stats', 'polars'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == ""
