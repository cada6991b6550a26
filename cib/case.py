"""A case folder: what was ingested (case.json, one atomic commit at a time), what the user says of it (case.toml), and its
runs."""

import contextlib
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cib import origins, parquet, schema
from cib.errors import CaseError

SAMPLES = ("accounts", "keyword", "full", "unknown")
TEMPLATE = """\
# What only a person knows about this case. Every line may be changed; the next command reads it again.

# How the posts were chosen: "accounts" (all posts of chosen accounts), "keyword" (posts that contain chosen words),
# "full" (everything of a platform or group in the period) or "unknown". It decides what the data can show.
sample = "{sample}"

# Who collected the posts, how, and what is known to be missing. Printed on the first screen of the report.
collected = ""
missing = ""

# Zone of times that a file gives without one: an IANA name such as "Europe/Kyiv". "UTC" is assumed, and reported, where
# this is "".
timezone = "{timezone}"

# What differs between inputs, by their names or patterns of names. sample: "keyword", "timeline" (posts of chosen accounts),
# "pages" (of chosen pages, groups or channels), "firehose" (everything), "unknown". Posts outside the period are told.
# [sources."export.csv"]
# sample = "keyword"
# since = 2024-02-01
# until = 2024-03-15
# timezone = "America/New_York"

# Election calendar, drawn into the timelines; until = … where it is no single day:
# [[calendar]]
# date = 2024-03-15
# what = "silence period begins"

# Lists, files below this folder: persons (name, handle, side, gender, party), sites, or terms with a topic:
# [lists]
# contestants = "contestants.csv"
# state_media = "state_media.txt"
# narratives = "narratives.csv"
"""
LOCK_BYTE = 1 << 20  # a byte far behind the number in the file: on Windows a locked byte cannot be read by others
SETTINGS: dict[str, type] = {
    "sample": str,
    "collected": str,
    "missing": str,
    "timezone": str,
    "language": str,
    "timezones": dict,
    "sources": dict,
    "calendar": list,
    "lists": dict,
    "contestants": list,
}
SETTINGS_SAY: dict[type, str] = {str: "text in quotes", dict: "a table [name]", list: "entries [[name]]"}


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` so that at any instant the old or the new file is there, never a part of one."""
    aside = path.with_name(path.name + ".new")
    with aside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(aside, path)


def dump(value: Any) -> str:
    """Return JSON text with sorted keys: same facts, same bytes."""
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


class Case:
    """One case folder. `record` is case.json, `settings` is case.toml."""

    def __init__(self, root: Path, record: dict[str, Any]):
        self.root = root
        self.record = record

    @classmethod
    def open(cls, root: Path | str) -> "Case":
        """Return the case at `root`. Raises CaseError when there is none."""
        root = Path(root)
        path = root / "case.json"
        if not path.is_file():
            raise CaseError(f"{root} is not a case: it has no case.json. Make one with: cib ingest {root} FILE…")
        return cls(root, json.loads(path.read_text(encoding="utf-8")))

    @classmethod
    def create(cls, root: Path | str, *, sample: str = "unknown", timezone: str = "") -> "Case":
        """Return the case at `root`, made if need be, with a commented case.toml."""
        root = Path(root)
        if (root / "case.json").is_file():
            known = cls.open(root)
            if known.sample == "unknown" != sample:
                known._state_sample(sample)
            if sample not in ("unknown", known.sample):
                raise CaseError(
                    f"--sample {sample}: {root / 'case.toml'} says {known.sample!r}. Change it there, for the whole case."
                )
            return known
        if root.exists() and not root.is_dir():
            raise CaseError(f"{root} is a file; a case is a folder. Give another name.")
        if root.is_dir() and any(p.name != "case.toml" for p in root.iterdir()):
            raise CaseError(f"{root} holds other files and no case.json. Give a new or an empty folder.")
        if sample not in SAMPLES:
            raise CaseError(f"--sample {sample!r}; expected one of {', '.join(SAMPLES)}.")
        _check_zone(timezone)
        for table in schema.DATA_TABLES:
            (root / "data" / table).mkdir(parents=True, exist_ok=True)
        (root / "runs").mkdir(exist_ok=True)
        if not (root / "case.toml").exists():
            write_text(root / "case.toml", TEMPLATE.format(sample=sample, timezone=timezone))
        case = cls(root, {"format": 1, "inputs": [], "parts": {table: [] for table in schema.DATA_TABLES}})
        for table in schema.DATA_TABLES:
            parquet.write(root / "data" / table / "empty.parquet", schema.arrow(table), [])
            case.record["parts"][table].append(f"{table}/empty.parquet")
        case.commit()
        return case

    @property
    def settings(self) -> dict[str, Any]:
        """case.toml as the user wrote it, checked."""
        path = self.root / "case.toml"
        try:
            settings = tomllib.loads(path.read_text(encoding="utf-8-sig")) if path.exists() else {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CaseError(
                f"{path} is not TOML: {error}. Mend that line, or delete the file to start from the template."
            ) from error
        if unknown := sorted(set(settings) - set(SETTINGS)):
            raise CaseError(f"{path}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(SETTINGS))}.")
        for key, value in settings.items():
            if not isinstance(value, SETTINGS[key]):
                raise CaseError(f"{path}: {key} = {value!r}; expected {SETTINGS_SAY[SETTINGS[key]]}.")
        if settings.get("sample", "unknown") not in SAMPLES:
            raise CaseError(f"{path}: sample = {settings['sample']!r}; expected one of {', '.join(SAMPLES)}.")
        origins.check(path, settings.get("sources", {}))
        return settings

    def _state_sample(self, sample: str) -> None:
        """Write into case.toml how the posts were chosen, where that was left open."""
        path = self.root / "case.toml"
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        write_text(path, text.replace('\nsample = "unknown"\n', f'\nsample = "{sample}"\n', 1))

    @property
    def sample(self) -> str:
        """How the posts were chosen: for the case as a whole, or as its inputs together say."""
        return origins.sample(self.settings, [record["name"] for record in self.record["inputs"]])

    @property
    def data_version(self) -> str:
        """Hash over the committed parts: two cases with equal data versions hold the same rows."""
        text = dump(
            {
                table: sorted(self.record.get("hashes", {}).get(p, p) for p in parts)
                for table, parts in self.record["parts"].items()
            }
        )
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def parts(self, table: str) -> list[Path]:
        """Return the committed Parquet files of `post`, `account` or `reject`; at least one, perhaps without rows."""
        return [self.root / "data" / part for part in self.record["parts"][table]]

    def commit(self) -> None:
        """Make `record` the truth: one rename. Parts that it does not list are removed by the next `sweep`."""
        self.record["hashes"] = {
            part: self.record.get("hashes", {}).get(part) or sha256(self.root / "data" / part)
            for parts in self.record["parts"].values()
            for part in parts
        }
        write_text(self.root / "case.json", dump(self.record))

    def sweep(self) -> None:
        """Remove files below data/ and unfinished runs that no record lists: what a killed process left behind."""
        listed = {self.root / "data" / part for parts in self.record["parts"].values() for part in parts}
        for path in (self.root / "data").rglob("*"):
            if path.is_file() and path not in listed:
                path.unlink()
        for path in (self.root / "runs").glob(".*.partial"):
            shutil.rmtree(path, ignore_errors=True)

    @contextlib.contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the case for writing. Raises CaseError when another process does."""
        with (self.root / "lock").open("a+", encoding="utf-8") as lock:
            if not _seize(lock):
                lock.seek(0)
                raise CaseError(f"{self.root} is held by process {lock.read().strip() or '(starting)'}. Wait for it, or end it.")
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            self.sweep()
            yield

    def runs(self) -> list[str]:
        """Return the names of the finished runs, oldest first."""
        found = (path for path in (self.root / "runs").glob("*/manifest.json") if not path.parent.name.startswith("."))
        return [path.parent.name for path in sorted(found, key=lambda p: json.loads(p.read_text(encoding="utf-8"))["number"])]

    def run_folder(self, name: str | None = None) -> Path:
        """Return the folder of the run `name`, or of the newest. Raises CaseError with the names that exist."""
        known = self.runs()
        if not known:
            raise CaseError(f"{self.root} has no finished run. Make one with: cib detect {self.root}")
        name = name or known[-1]
        if name not in known:
            raise CaseError(f"{self.root} has no run {name!r}. Finished runs: {', '.join(known)}.")
        return self.root / "runs" / name


def _check_zone(timezone: str) -> None:
    try:
        ZoneInfo(timezone or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise CaseError(
            f"--timezone {timezone!r} is no zone that is known. Expected an IANA name such as Europe/Kyiv."
        ) from error


def _seize(handle: IO[str]) -> bool:
    """Lock an open file for this process; the system gives it free when the process ends, however it ends."""
    try:
        if os.name == "nt":
            import msvcrt

            handle.seek(LOCK_BYTE)
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
