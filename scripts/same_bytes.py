"""The same case run three times, on 1, 2 and 2 threads: is every table, export and page the same, byte for byte?

python scripts/same_bytes.py [FILE…]        # exports to ingest; a simulated world where none is given
"""

import hashlib
import sys
import tempfile
from pathlib import Path

import cib


def products(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a run but its manifest, which holds times and timings."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "manifest.json")
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def one(folder: Path, inputs: list[Path], threads: int) -> dict[str, str]:
    result = cib.run(folder, inputs, threads=threads, sample="full")
    cib.export(folder, to="csv", threads=threads)
    return products(Path(result["folder"]))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        inputs = [Path(word) for word in sys.argv[1:]]
        if not inputs:
            cib.simulate(base / "world", accounts=3000, seed=1)
            inputs = [base / "world" / "posts.parquet", base / "world" / "accounts.parquet"]
        runs = [one(base / f"case-{i}", inputs, threads) for i, threads in enumerate((1, 2, 2))]
    different = sorted(path for path in runs[0].keys() | runs[1].keys() if len({run.get(path) for run in runs}) > 1)
    print(f"{len(runs[0])} files, {len(different)} differ{': ' + ', '.join(different) if different else ''}")
    print("all together " + hashlib.sha256(repr(sorted(runs[0].items())).encode()).hexdigest())
    sys.exit(bool(different))


if __name__ == "__main__":
    main()
