"""JSON of any shape: one object per line, one array, envelopes around lists. Records that hold no object are rejected one by one.

Lines go to the engine as they are. Other documents are cut into records first (see jsontext): about 50 MB per CPU second.
"""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from cib import queryfile
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import files, jsonlines, paths
from cib.sources.jsonlook import look, mended, parsed, written
from cib.sources.jsontext import Piece, Splitter
from cib.sources.layouts import Format
from cib.sources.raw import Raw, rejects

MAX_KEYS = 2_000
MAX_OTHERS = 400

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
        self.notes: list[str] = []
        self._engine = engine
        self._aside = aside
        self._lists = lists
        self._form = Format("", "")
        self._look = look(item, lists)
        self.names = self._look.names

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
        """Keys that the batch has and no path wants: dotted name → pointer.

        An object with more than MAX_OTHERS of them is kept as a whole, as one value: people write records on some platforms, and
        nobody shall be able to stop a file by inventing keys.
        """
        places = [place for place in self._places if not self._form.is_copy(".".join(place))]
        asked = self._ask("ingest_json_key", {"places": [paths.pointer(place) for place in places]})
        rest: dict[tuple[str, ...], list[str]] = {place: [] for place in places}
        for at, name in zip(asked["place"].to_pylist(), asked["name"].to_pylist(), strict=True):
            place = places[at - 1]
            if name not in self._places[place] and not self._form.is_copy(".".join((*place, name))):
                rest[place].append(name)
        found: dict[str, str] = {}
        taken = set(self.columns)
        for place, names in rest.items():
            whole = len(names) > MAX_OTHERS
            for keys in [place] if whole else [(*place, name) for name in names]:
                dotted = ".".join(keys) or "record"
                while dotted in taken:  # a key with dots, named like a path
                    dotted += "'"
                taken.add(dotted)
                found[dotted] = paths.pointer(keys)
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
            try:
                for table, broken in self._heaps(file):
                    yield self._sorted_out(table, broken)
            except files.DAMAGE as error:
                raise SchemaError(f"{self.name} is damaged and cannot be unpacked to its end: {error}") from error

    def _heaps(self, file: io.TextIOWrapper) -> Iterator[tuple[pa.Table, list[Broken]]]:
        in_lines = self._look.in_lines and (self._form.whole or not self._look.in_envelopes)
        if in_lines and not self._form.unfold:
            for table in jsonlines.heaps(file):
                yield table, []
            return
        lists = () if self._form.whole else self._lists
        pieces = jsonlines.lines(file) if in_lines else Splitter(file, lists)
        yield from _gathered(self._unfolded(pieces) if self._form.unfold else enumerate(pieces, start=1))

    def _unfolded(self, pieces: Iterable[Piece]) -> Iterator[tuple[int, Piece]]:
        """Let the format make records of documents. Python builds and writes every object anew: about 25 MB per CPU second."""
        number = 0
        for piece in pieces:
            document = None if piece.broken else parsed(piece.text)
            made = [(piece.broken or "not a JSON object", piece.text)] if document is None else self._form.unfold(document)  # type: ignore[misc]
            for reason, found in made:
                number += 1
                text = found if isinstance(found, str) else written(found)
                yield number, Piece(text or "", broken=reason or ("" if text else "nested too deeply"))

    def _sorted_out(self, table: pa.Table, broken: list[Broken]) -> Raw:
        """Bind the records that hold an object; mend those that only a tolerant reader accepts."""
        self._bind(table)
        valid = self._ask("ingest_json_valid")
        bad = valid["record"].filter(pc.invert(valid["is_object"])).to_pylist()
        if bad:
            lines = dict(zip(table["record"].to_pylist(), table["line"].to_pylist(), strict=True))
            for record in bad:
                line = lines.pop(record)
                if (mend := mended(line)) is None:
                    broken.append((record, line, "not a JSON object"))
                else:
                    lines[record] = mend
            table = jsonlines.heap(dict(sorted(lines.items())))
            self._bind(table)
        records, raws, reasons = zip(*sorted(broken), strict=True) if broken else ((), (), ())
        rejected = rejects(self.name, records, raws, fields=[""] * len(broken), reasons=reasons)
        return Raw(table, table["record"].combine_chunks(), rejected, table["line"].combine_chunks())

    def _bind(self, table: pa.Table) -> None:
        path = self._aside / "json_line.parquet"
        pq.write_table(table, path, compression="none", use_dictionary=False, write_statistics=False, row_group_size=4096)
        self._engine.bind("json_line", [path])

    def _ask(self, query: str, params: Mapping[str, object] | None = None) -> pa.Table:
        return self._engine.read(queryfile.load(query).text, params).read_all()


def _gathered(pieces: Iterable[tuple[int, Piece]]) -> Iterator[tuple[pa.Table, list[Broken]]]:
    """Pieces in heaps of about 16 million characters: the records, and the broken ones."""
    kept: dict[int, str] = {}
    broken: list[Broken] = []
    n_chars = 0
    for number, piece in pieces:
        if piece.broken:
            broken.append((number, piece.text, piece.broken))
        else:
            kept[number] = piece.text
        n_chars += len(piece.text) + 100
        if n_chars >= jsonlines.BATCH_CHARS:
            yield jsonlines.heap(kept), broken
            kept, broken, n_chars = {}, [], 0
    if kept or broken:
        yield jsonlines.heap(kept), broken
