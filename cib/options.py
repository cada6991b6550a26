"""What the options of the public functions mean, where it takes more than one line. Heavy modules are imported where they are
used."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cib.case import Case
    from cib.engines.duckdb import DuckDB

PathLike = str | Path
_count = count()


def lists_and_calendar(
    root: Path, settings: dict[str, Any], given: Sequence[str], *, calendar: PathLike | None
) -> tuple[Any, Any]:
    """Return the lists and the calendar of case.toml and of the options."""
    from cib import electiondays, lists

    days = electiondays.gather(root, settings, None if calendar is None else Path(calendar))
    return lists.gather(root, settings, given), days


def mapping(columns: Sequence[str]) -> dict[str, str]:
    """Return --map NAME=COLUMN as a dictionary."""
    from cib.errors import SchemaError

    pairs = [word.partition("=") for word in columns]
    if wrong := [name for name, sign, column in pairs if not (name and sign and column)]:
        raise SchemaError(f"--map {wrong[0]!r}: expected NAME=COLUMN, such as account_id=screen_name.")
    return {name: column for name, _, column in pairs}


@contextmanager
def engine(case: "Case", threads: int | None, memory: str | None) -> Iterator["DuckDB"]:
    """Give an engine that spills beside the case, and clear up after it."""
    import os
    import shutil

    from cib.engines.duckdb import DuckDB

    spill = case.root / "runs" / f".spill-{os.getpid()}-{next(_count)}"
    made = DuckDB(threads=threads, memory=memory, spill=spill)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(spill, ignore_errors=True)
