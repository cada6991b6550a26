"""Lists that the user gives: contestants, protected persons, sites, narratives. Reads one CSV or text file per list, guesses what
its columns mean, and says so. One row may name a person by handle, id and name, a site, or a term."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cib.errors import CaseError
from cib.lists.columns import MEANING, one_per_line, plain, table
from cib.lists.entries import Entry, entries

MAX_ENTRIES, MAX_BYTES, MAX_REFUSED = 100_000, 64 << 20, 20
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


@dataclass(frozen=True)
class NamedList:
    """A list as it was read. columns: ours → the file's; refused: why rows, or parts of them, name nothing to look for."""

    name: str
    file: str
    sha256: str
    columns: Mapping[str, str]
    entries: tuple[Entry, ...]
    refused: tuple[str, ...]

    @property
    def record(self) -> dict[str, Any]:
        """What the manifest keeps of it."""
        kinds = ("handle", "account_id", "name", "domain", "term")
        return {
            "name": self.name,
            "file": self.file,
            "sha256": self.sha256,
            "columns": dict(self.columns),
            "persons": len({e.person for e in self.entries if e.handle or e.account_id or e.name}),
            "entries": {kind: n for kind in kinds if (n := sum(bool(getattr(e, kind)) for e in self.entries))},
            "refused": len(self.refused),
            "refused_first": list(self.refused[:MAX_REFUSED]),
        }


def gather(root: Path, settings: Mapping[str, Any], given: Sequence[str]) -> tuple[NamedList, ...]:
    """Return the lists of case.toml ([lists] NAME = "FILE", below the case folder; [[contestants]]) and those given as NAME=FILE,
    which go before lists of the same name there; by name. Raises CaseError, one line, where a list cannot be read.

    At most 100,000 entries and 64 MB per list.
    """
    files = {name: root / _text(root, f"lists.{name}", file) for name, file in settings.get("lists", {}).items()}
    inline = settings.get("contestants", [])
    for word in given:
        name, sign, file = word.partition("=")
        if not (name and sign and file):
            raise CaseError(f"--list {word!r}: expected NAME=FILE, such as contestants=contestants.csv.")
        files[name] = Path(file)
        inline = [] if name == "contestants" else inline
    found = [read(name, path) for name, path in files.items()]
    if inline:
        if "contestants" in files:
            raise CaseError(f"{root / 'case.toml'} has [[contestants]] and a list contestants. Keep one of them.")
        found.append(_inline(root, inline))
    return tuple(sorted(found, key=lambda one: one.name))


def read(name: str, path: Path) -> NamedList:
    """Return the list in the file `path`: CSV with a header that is understood, else one entry per line."""
    if not _NAME.fullmatch(name):
        raise CaseError(f"--list {name!r}: a list is named with letters, digits, dash and underscore, at most 40.")
    if not path.is_file():
        raise CaseError(f"List {name}: {path} does not exist. Give the file as --list {name}=FILE, or mend case.toml.")
    if path.stat().st_size > MAX_BYTES:
        raise CaseError(f"List {name}: {path.name} is larger than 64 MB. A list has one short entry per line.")
    data = path.read_bytes()
    lines = _decoded(data).splitlines()
    columns, rows = table(lines) or one_per_line(name, path.name, lines)
    found, refused = entries(rows)
    if not found:
        why = f" The first row: {refused[0]}" if refused else ""
        raise CaseError(f"List {name}: nothing to look for in {path.name}; understood {_columns(columns)}.{why}")
    if len(found) > MAX_ENTRIES:
        raise CaseError(f"List {name}: {len(found):,} entries in {path.name}; expected at most {MAX_ENTRIES:,}. Split it.")
    return NamedList(name, path.name, hashlib.sha256(data).hexdigest(), columns, found, refused)


def _inline(root: Path, rows: list[Any]) -> NamedList:
    """Return the [[contestants]] of case.toml as a list."""
    if wrong := [row for row in rows if not isinstance(row, dict)]:
        raise CaseError(
            f"{root / 'case.toml'}: contestants holds {wrong[0]!r}; expected [[contestants]] with name, handle, side."
        )
    cells = [{key: _listed(value) for key, value in row.items()} for row in rows]
    columns = {MEANING[plain(key)]: key for row in cells for key in row if plain(key) in MEANING}
    table = [(i, {MEANING.get(plain(key), ""): value for key, value in row.items()}) for i, row in enumerate(cells, 1)]
    found, refused = entries(table)
    digest = hashlib.sha256(repr(cells).encode("utf-8", "replace")).hexdigest()
    return NamedList("contestants", "case.toml", digest, columns, found, refused)


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig") if not data.startswith((b"\xff\xfe", b"\xfe\xff")) else data.decode("utf-16")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _listed(value: Any) -> str:
    return ";".join(str(one) for one in value) if isinstance(value, list) else str(value)


def _text(root: Path, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise CaseError(f"{root / 'case.toml'}: {key} = {value!r}; expected the name of a file in quotes.")
    return value


def _columns(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{ours} = {theirs}" for ours, theirs in columns.items())


def columns_of(lists: Sequence[NamedList]) -> dict[str, list[str]]:
    """Return the entries of all lists as the columns of the table `listed`, in the order of the lists."""
    names = [field.name for field in fields(Entry)]
    rows = [(one.name, number, entry) for one in lists for number, entry in enumerate(one.entries)]
    made: dict[str, list[Any]] = {"list": [name for name, _, _ in rows], "entry_ix": [number for _, number, _ in rows]}
    return made | {name: [getattr(entry, name) for _, _, entry in rows] for name in names}
