"""Which files an input means, and the reader that fits each: told by content, not by ending."""

from dataclasses import dataclass
from pathlib import Path

from cib.errors import SchemaError
from cib.sources.readers import ParquetReader


@dataclass(frozen=True)
class Input:
    """One file to read. `member` is a file inside an archive; `name` is what records and rejects call it."""

    path: Path
    name: str
    member: str = ""


def find(paths: list[Path]) -> list[Input]:
    """Return every file that `paths` mean; a folder means all files below it, in order of their names."""
    found = []
    for path in paths:
        if path.is_dir():
            below = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            found += [Input(p, p.relative_to(path).as_posix()) for p in below]
        elif path.is_file():
            found.append(Input(path, path.name))
        else:
            raise SchemaError(f"There is no file {path}.")
    return found


def reader(item: Input, *, engine, aside: Path):
    return ParquetReader(item.path, item.name)
