"""Builds what the report runs in the browser, from npm packages of pinned versions: one script, and the licences it needs.

python scripts/build_assets.py [OUT]        # into cib/htmlreport/assets; needs node and npm, and the network on the first run
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "scripts" / "assets"
ASSETS = ROOT / "cib" / "htmlreport" / "assets"
SCRIPT, LICENCES = "report.js", "LICENCES.txt"
INTRO = "report.js holds cib's own code (Apache-2.0, see LICENSE) and these packages, each under its own licence.\n"


def packages() -> list[Path]:
    """Return the folders of the packages whose code is in the script, as esbuild's metafile tells."""
    meta = json.loads((SOURCE / "node_modules" / ".meta.json").read_text(encoding="utf-8"))
    (output,) = meta["outputs"].values()
    parts = (Path(name).parts for name, one in output["inputs"].items() if one["bytesInOutput"])
    found = {part[: 3 if part[1].startswith("@") else 2] for part in parts if part[0] == "node_modules"}
    return [SOURCE.joinpath(*part) for part in sorted(found)]


def licences() -> str:
    """Return name, version and licence text of every package in the script."""
    parts = [INTRO]
    for folder in packages():
        about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
        (text,) = [path for path in sorted(folder.iterdir()) if path.stem.upper() in ("LICENSE", "LICENCE")]
        words = "\n".join(line.rstrip() for line in text.read_text(encoding="utf-8").splitlines())
        parts.append(f"{about['name']} {about['version']} ({about['license']})\n\n{words.strip()}\n")
    return ("\n" + 80 * "-" + "\n\n").join(parts)


def build(out: Path) -> None:
    """Write the script and the licences into `out`. The same sources and lockfile give the same bytes."""
    if not (SOURCE / "node_modules" / "esbuild").is_dir():
        npm = shutil.which("npm") or "npm"
        subprocess.run([npm, "ci", "--no-audit", "--no-fund", "--silent"], cwd=SOURCE, check=True)
    out.mkdir(parents=True, exist_ok=True)
    options = ["--bundle", "--minify", "--format=iife", "--target=es2020", "--charset=ascii", "--legal-comments=none"]
    options += ["--log-level=warning", "--metafile=node_modules/.meta.json", f"--outfile={out.resolve() / SCRIPT}"]
    esbuild = SOURCE / "node_modules" / "esbuild" / "bin" / "esbuild"
    subprocess.run([str(esbuild), "src/main.js", *options], cwd=SOURCE, check=True)
    (out / LICENCES).write_text(licences(), encoding="utf-8")


if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else ASSETS)
