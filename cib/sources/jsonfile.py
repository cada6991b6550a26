"""JSONL: one object per line. Lines that hold none are rejected one by one; nested values stay JSON text."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc

from cib import parquet, queryfile, text
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import files
from cib.sources.raw import Raw, rejects

BATCH_CHARS = 16_000_000
MAX_LINE = 16_000_000
MAX_KEYS = 2_000


class JsonReader:
    """A JSONL file. Memory: lines of 16 million characters together.

    The file is read twice, as every line may bring a new key; each batch passes through a file in `aside`.
    `wanted` may name nested values: user.id is `id` inside `user`, unless there is a key "user.id".
    """

    def __init__(self, item: files.Input, engine: DuckDB, aside: Path, *, wanted: Sequence[str] = ()):
        self.item = item
        self.aside = aside
        self.name = item.name
        self.engine = engine
        keys = self._keys()
        nested = [name for name in dict.fromkeys(wanted) if name not in keys and name.split(".")[0] in keys]
        self.columns = keys + nested
        self._pointers = [_pointer([name]) for name in keys] + [_pointer(name.split(".")) for name in nested]

    def _keys(self) -> list[str]:
        found: dict[str, None] = {}
        for raw in self._lines():
            found |= dict.fromkeys(self._ask("ingest_json_key", raw.table)["name"].to_pylist())
            if len(found) > MAX_KEYS:
                raise SchemaError(f"{self.name} has more than {MAX_KEYS:,} different keys; expected the same few in every line.")
        return list(found)

    def batches(self) -> Iterator[Raw]:
        """Yield the objects in file order; `record` is the number of the line."""
        for raw in self._lines():
            cells = self._ask("ingest_json", raw.table, {"pointers": self._pointers})["cells"].combine_chunks().flatten()
            places = pa.array(range(len(raw.records)), pa.int64())
            columns = [cells.take(pc.add(pc.multiply(places, len(self.columns)), at)) for at in range(len(self.columns))]
            yield Raw(pa.table(columns, names=self.columns), raw.records, raw.broken)

    def _lines(self) -> Iterator[Raw]:
        """Yield valid lines as a table (record, line), and the broken ones."""
        with files.open_text(self.item) as file:
            number = 0
            while lines := self._some(file):
                kept = {number + place: line for place, line in enumerate(lines, start=1) if line.strip("\ufeff \t\r\n")}
                number += len(lines)
                yield self._sorted_out(kept)

    def _some(self, file: IO[str]) -> list[str]:
        lines: list[str] = []
        n_chars = 0
        try:
            while n_chars < BATCH_CHARS and (line := file.readline(MAX_LINE)):
                lines.append(line)
                n_chars += len(line)
        except files.DAMAGE as error:
            raise SchemaError(f"{self.name} is damaged and cannot be unpacked to its end: {error}") from error
        return lines

    def _sorted_out(self, lines: Mapping[int, str]) -> Raw:
        table = _table(list(lines), [line.lstrip("\ufeff") for line in lines.values()])
        valid = self._ask("ingest_json_valid", table)["is_object"].combine_chunks()
        if pc.all(valid).as_py() is not False:
            return Raw(table, table["record"].combine_chunks(), rejects(self.name, [], [], fields=[], reasons=[]))
        whole = dict(zip(lines, table["line"].to_pylist(), strict=True))
        bad = table["record"].filter(pc.invert(valid)).to_pylist()
        mended = {record: _mended(whole[record]) for record in bad}
        lost = [record for record in bad if mended[record] is None]
        for record, line in mended.items():
            if line is None:
                del whole[record]
            else:
                whole[record] = line
        table = _table(list(whole), list(whole.values()))
        reasons = ["not a JSON object"] * len(lost)
        broken = rejects(self.name, lost, [lines[record] for record in lost], fields=[""] * len(lost), reasons=reasons)
        return Raw(table, table["record"].combine_chunks(), broken)

    def _ask(self, query: str, lines: pa.Table, params: Mapping[str, object] | None = None) -> pa.Table:
        path = self.aside / "json_line.parquet"
        parquet.write(path, lines.schema, [lines])
        self.engine.bind("json_line", [path])
        return self.engine.read(queryfile.load(query).text, params).read_all()


def _pointer(names: Sequence[str]) -> str:
    return "".join("/" + name.replace("~", "~0").replace("/", "~1") for name in names)


def _table(records: Sequence[int], lines: Sequence[str]) -> pa.Table:
    return pa.table([pa.array(records, pa.int64()), pa.array(lines, pa.string())], names=["record", "line"])


def _mended(line: str) -> str | None:
    """Write anew a line that only a tolerant reader accepts (half a surrogate pair, a control character); None if none does."""
    try:
        found = json.loads(line, strict=False)
        mended = text.whole(json.dumps(found, ensure_ascii=False))
    except (ValueError, RecursionError):
        return None
    return mended if isinstance(found, dict) else None
