"""Copy the front end's libraries into the project, with VENDOR.json; only who updates them needs Node.

npm install bootstrap@5.3 sass htmx.org@2 @fontsource/be-vietnam-pro     (in a folder of your own)
python3 scripts/vendor.py THAT_FOLDER/node_modules
"""

import gzip
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "src/quantri/web/core/static/vendor"
FONT = "@fontsource/be-vietnam-pro"
FONT_FILES = [f"be-vietnam-pro-{s}-{w}-normal.woff2" for s in ("latin", "latin-ext", "vietnamese") for w in (400, 600)]


def main(modules: Path) -> None:
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    sass = [modules / ".bin/sass", "--no-source-map", "--style=compressed", "--quiet", "--silence-deprecation=import"]
    source, load_path = ROOT / "scripts/bootstrap.scss", modules / "bootstrap/scss"
    subprocess.run([*sass, f"--load-path={load_path}", source, TARGET / "bootstrap.css"], check=True)
    shutil.copy(modules / "htmx.org/dist/htmx.min.js", TARGET / "htmx.min.js")
    for name in FONT_FILES:
        shutil.copy(modules / FONT / "files" / name, TARGET / name)
    for name in ("bootstrap.css", "htmx.min.js"):  # served as they are to every browser that accepts gzip
        packed = gzip.compress((TARGET / name).read_bytes(), compresslevel=9, mtime=0)
        (TARGET / f"{name}.gz").write_bytes(packed)
    packages = {"bootstrap": ["bootstrap.css"], "htmx.org": ["htmx.min.js"], FONT: FONT_FILES}
    listed = [_entry(modules / name, files) for name, files in packages.items()]
    (TARGET / "VENDOR.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


def _entry(package: Path, files: list[str]) -> dict[str, object]:
    about = json.loads((package / "package.json").read_text(encoding="utf-8"))
    sums = {name: hashlib.sha256((TARGET / name).read_bytes()).hexdigest() for name in files}
    return {"name": about["name"], "version": about["version"], "licence": about["license"], "sha256": sums}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
