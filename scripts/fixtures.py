"""Every real file of every collector: the format it is told to be, what became of its rows, and which graphs it makes possible.

    CIB_SHARED=/path/to/shared python scripts/fixtures.py

Reads SHARED/data/fixtures; prints counts only, nothing that anybody wrote. Exit code 1 where a file is read as another format
than that of the folder it lies in.
"""

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import cib
from cib.errors import CibError
from cib.terminal import table

# Folder → beginnings of the formats its files may be in. Twitter's own format is what some other tools write.
EXPECTED = {
    "twitter_v1_1": ("twitter_v1",),
    "coordination_toolkit": ("coordination_toolkit", "coortweet", "twitter_v1"),
    "tiktok_research_api": ("tiktok_",),
    "youtube_api": ("youtube_",),
    "bluesky_jetstream": ("bluesky_",),
    "openmeasures": ("openmeasures_",),
    "telegram": ("telegram_", "telethon"),
}
NOTHING = ("platform", "posts")


def read(path: Path) -> dict[str, Any]:
    """Return one line of the table: what one file became in a case of its own."""
    line: dict[str, Any] = {"file": f"{path.parent.name}/{path.name}"}
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = cib.ingest(Path(folder) / "case", [path], threads=1)
        except CibError as error:
            return line | {"format": "refused", "graphs": str(error).split(": ", 1)[-1][:110]}
    (record,) = found["ingest"]
    graphs = sorted({verb for row in found["carries"] for verb, count in row.items() if verb not in NOTHING and count})
    counts = {
        "rows": record["rows_read"],
        "posts": record["posts"],
        "accounts": record["accounts"],
        "rejects": record["rejected"],
    }
    return line | {"format": record["format"]} | counts | {"merged": record["merged"], "graphs": ", ".join(graphs)}


def lines(shared: Path) -> list[dict[str, Any]]:
    """Return the table, in the order of the files' names."""
    return [read(path) for path in sorted((shared / "data" / "fixtures").rglob("*")) if path.is_file()]


def is_expected(line: dict[str, Any]) -> bool:
    """Whether a file is told to be of its folder's format; a refusal names the closest one."""
    folder = line["file"].split("/")[0]
    told = line["graphs"] if line["format"] == "refused" else line["format"]
    return any(name in told for name in EXPECTED.get(folder, (folder,)))


def main() -> None:
    shared = os.environ.get("CIB_SHARED")
    if not shared:
        sys.exit("CIB_SHARED names no folder: set it to the one that holds data/fixtures.")
    found = lines(Path(shared))
    print("\n".join(table(found, ["file", "format", "rows", "posts", "accounts", "merged", "rejects", "graphs"])))
    wrong = [line["file"] for line in found if not is_expected(line)]
    print(f"{len(found)} files, {len(wrong)} read as another format than expected{': ' + ', '.join(wrong) if wrong else ''}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
