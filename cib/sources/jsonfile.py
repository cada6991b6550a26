"""JSON of any shape: one object per line, one array, envelopes around lists. Records that hold no object are rejected one by one.

Lines go to the engine as they are. Other documents are cut into records first (see jsontext): about 60 MB per CPU second.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import queryfile
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import files, paths
from cib.sources.jsonlook import MAX_LINE, look, mended, parsed, written
from cib.sources.jsontext import Piece, Splitter
from cib.sources.layouts import Format
from cib.sources.raw import Raw, rejects

BATCH_CHARS = 16_000_000
MAX_KEYS = 2_000

Broken = tuple[int, str, str]


class JsonReader:
    """A JSON file. Memory: records of 16 million characters together, and the longest record.

    In a format that knows no paths every key of every record is a column, and the file is read twice to find them all. Each batch
    passes through a file in `aside`. `lists` are the lists that may hold records inside an envelope.
    """

    def __init__(self, item: files.Input, engine: DuckDB, aside: Path, *, lists: Sequence[str] = ()):
        self.item = item
        self.name = item.name
        self.columns: list[str] = []
        self._engine = engine
        self._aside = aside
        self._lists = lists
        self._form = Format("", "")
        self._is_lines, self.names = look(item, lists)

    def fit(self, form: Format, wanted: Sequence[str]) -> None:
        """Settle what is read: the paths of `form`, or every key; `wanted` may name nested values, unless a key has that name."""
        self._form = form
        if form.json:
            self.columns = [*form.paths(), *(name for name in wanted if name not in form.paths())]
            self._tree = paths.tree(form.paths())
            self._places = paths.objects(self._tree)
            self._shape = paths.shape(self._tree)
            self._pointers = {name: paths.pointer(name.split(".")) for name in self.columns if name not in form.paths()}
            return
        keys = self._keys()
        nested = [name for name in dict.fromkeys(wanted) if name not in keys and name.split(".")[0] in keys]
        self.columns = keys + nested
        self._pointers = {name: paths.pointer([name]) for name in keys}
        self._pointers |= {name: paths.pointer(name.split(".")) for name in nested}

    def _keys(self) -> list[str]:
        found: dict[str, None] = {}
        for _ in self._batches():
            found |= dict.fromkeys(self._ask("ingest_json_key", {"places": [""]})["name"].to_pylist())
            self._check(found)
        return list(found)

    def _check(self, found: Iterable[str]) -> None:
        if len(list(found)) > MAX_KEYS:
            raise SchemaError(f"{self.name} has more than {MAX_KEYS:,} different keys; expected the same few in every record.")

    def batches(self) -> Iterator[Raw]:
        """Yield the objects in file order; `record` is the number of the line, or of the record where a document holds many."""
        for raw in self._batches():
            made = self._paths(raw) if self._form.json else self._cells(raw, "ingest_json", pointers=self._pointers, params={})
            yield Raw(made, raw.records, raw.broken, raw.lines)

    def _paths(self, raw: Raw) -> pa.Table:
        """The columns of the format's paths, and of every key beside them."""
        rest = self._pointers | self._others()
        made = self._cells(raw, "ingest_json_cell", pointers=rest, params={"shape": self._shape})
        shaped = made["shaped"].combine_chunks()
        structs = shaped.chunk(0) if isinstance(shaped, pa.ChunkedArray) else shaped
        made = made.drop_columns("shaped")
        for name in self._form.paths():
            made = made.append_column(name, paths.cell(structs, name))
        return made

    def _others(self) -> dict[str, str]:
        """Keys that the batch has and no path wants: dotted name → pointer."""
        places = [place for place in self._places if not self._form.is_copy(".".join(place))]
        asked = self._ask("ingest_json_key", {"places": [paths.pointer(place) for place in places]})
        found, taken = {}, set(self.columns)
        for at, name in zip(asked["place"].to_pylist(), asked["name"].to_pylist(), strict=True):
            place = places[at - 1]
            dotted = ".".join((*place, name))
            if name not in self._places[place] and not self._form.is_copy(dotted):
                while dotted in taken:  # a key with dots, named like a path
                    dotted += "'"
                taken.add(dotted)
                found[dotted] = paths.pointer((*place, name))
        self._check(found)
        return found

    def _cells(self, raw: Raw, query: str, *, pointers: Mapping[str, str], params: Mapping[str, object]) -> pa.Table:
        found = self._ask(query, {**params, "pointers": list(pointers.values())})
        cells = found["cells"].combine_chunks().flatten()
        places = pa.array(range(len(raw.records)), pa.int64())
        columns = [cells.take(pc.add(pc.multiply(places, len(pointers)), at)) for at in range(len(pointers))]
        made = pa.table(columns, names=list(pointers)) if columns else pa.table({"": pa.nulls(len(places))}).select([])
        return made.append_column("shaped", found["shaped"]) if "shaped" in found.column_names else made

    def _batches(self) -> Iterator[Raw]:
        """Yield valid records as a table (record, line), bound as json_line, and the broken ones."""
        with files.open_text(self.item) as file:
            pieces = (
                _lines(file) if self._is_lines else enumerate(Splitter(file, () if self._form.whole else self._lists), start=1)
            )
            try:
                for kept, broken in _gathered(self._unfolded(pieces) if self._form.unfold else pieces):
                    yield self._sorted_out(kept, broken)
            except files.DAMAGE as error:
                raise SchemaError(f"{self.name} is damaged and cannot be unpacked to its end: {error}") from error

    def _unfolded(self, pieces: Iterable[tuple[int, Piece]]) -> Iterator[tuple[int, Piece]]:
        """Let the format make records of documents. Python builds and writes every object anew: about 30 MB per CPU second."""
        number = 0
        for _, piece in pieces:
            document = None if piece.broken else parsed(piece.text)
            made = [(piece.broken or "not a JSON object", piece.text)] if document is None else self._form.unfold(document)  # type: ignore[misc]
            for reason, found in made:
                number += 1
                text = found if isinstance(found, str) else written(found)
                yield number, Piece(text or "", broken=reason or ("" if text else "nested too deeply"))

    def _sorted_out(self, kept: Mapping[int, str], broken: list[Broken]) -> Raw:
        bound = self._bind(kept)
        valid = self._ask("ingest_json_valid")
        lines = dict(kept)
        for record in valid["record"].filter(pc.invert(valid["is_object"])).to_pylist():
            mend = mended(lines[record])
            if mend is None:
                broken.append((record, lines.pop(record), "not a JSON object"))
            else:
                lines[record] = mend
        bound = self._bind(lines) if lines.keys() != kept.keys() or lines != kept else bound
        records, raws, reasons = zip(*sorted(broken), strict=True) if broken else ((), (), ())
        rejected = rejects(self.name, records, raws, fields=[""] * len(broken), reasons=reasons)
        return Raw(bound, pa.array(list(lines), pa.int64()), rejected, bound["line"].combine_chunks())

    def _bind(self, lines: Mapping[int, str]) -> pa.Table:
        table = pa.table({"record": pa.array(list(lines), pa.int64()), "line": pa.array(list(lines.values()), pa.string())})
        path = self._aside / "json_line.parquet"
        pq.write_table(table, path, compression="none", use_dictionary=False, write_statistics=False, row_group_size=4096)
        self._engine.bind("json_line", [path])
        return table

    def _ask(self, query: str, params: Mapping[str, object] | None = None) -> pa.Table:
        return self._engine.read(queryfile.load(query).text, params).read_all()


def _lines(file: IO[str]) -> Iterator[tuple[int, Piece]]:
    number = 0
    while line := file.readline(MAX_LINE):
        number += 1
        if line.strip("\ufeff \t\r\n"):
            yield number, Piece(line.lstrip("\ufeff"))


def _gathered(pieces: Iterable[tuple[int, Piece]]) -> Iterator[tuple[dict[int, str], list[Broken]]]:
    """Pieces in heaps of about 16 million characters: the records by number, and the broken ones."""
    kept: dict[int, str] = {}
    broken: list[Broken] = []
    n_chars = 0
    for number, piece in pieces:
        if piece.broken:
            broken.append((number, piece.text, piece.broken))
        else:
            kept[number] = piece.text
        n_chars += len(piece.text) + 100
        if n_chars >= BATCH_CHARS:
            yield kept, broken
            kept, broken, n_chars = {}, [], 0
    if kept or broken:
        yield kept, broken
