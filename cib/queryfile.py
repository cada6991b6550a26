"""Query files: one SELECT each, found beside the package or inside the wheel. Reads them and their headers; builds no SQL."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from cib.errors import SchemaError

PARAM = re.compile(r"\$([a-z][a-z0-9_]*)")
COMMENT = re.compile(r"--[^\n]*")


@dataclass(frozen=True)
class Query:
    """A query file: its text, the tables its header says it reads, and its parameters."""

    name: str
    text: str
    reads: tuple[str, ...]
    params: frozenset[str]

    @property
    def body(self) -> str:
        """The SELECT without its comments."""
        return COMMENT.sub("", self.text).strip()


def folder(name: str) -> Path:
    """Return the folder `graphs` or `queries`: the installed copy, else the one beside the package."""
    installed = Path(str(files("cib"))) / name
    return installed if installed.is_dir() else installed.parent.parent / name


@cache
def load(name: str) -> Query:
    """Return the query `name` from the queries folder. Raises SchemaError with the names that exist."""
    path = folder("queries") / f"{name}.sql"
    if not path.is_file():
        known = ", ".join(sorted(p.stem for p in folder("queries").glob("*.sql")))
        raise SchemaError(f"There is no query {name!r}. Known: {known}.")
    text = path.read_text(encoding="utf-8")
    reads = re.findall(r"^-- reads:\s*(.*)$|^--\s{8,}([a-z_]+\(.*)$", text, re.MULTILINE)
    tables = [re.match(r"[a-z_]+", a or b) for a, b in reads]
    body = COMMENT.sub("", text)
    return Query(name, text, tuple(m.group() for m in tables if m), frozenset(PARAM.findall(body)))
