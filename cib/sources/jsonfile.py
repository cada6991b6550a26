"""JSON of any shape: one object per line, one array, envelopes around lists. Records that hold no object are rejected one by one.

Lines go to the engine as they are. Other documents are cut into records first (see jsontext): about 50 MB per CPU second.
"""

import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib import queryfile
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources import files, jsonlines, paths
from cib.sources.batch import array
from cib.sources.jsonfast import FastLines, NoRoomError
from cib.sources.jsonlook import look, mended, parsed, written
from cib.sources.jsontext import Piece, Splitter
from cib.sources.layouts import Format
from cib.sources.raw import Raw, rejects

MAX_KEYS = 2_000
MAX_OTHERS = 400
FAST_FROM = 4_000_000

Broken = tuple[int, str, str]


class JsonReader:
    """A JSON file. Memory: records of 16 million characters together, and the longest record.

    In a format that knows no paths every key of every record is a column, and the file is read twice to find them all. `lists`
    are the lists that may hold records inside an envelope.
    """

    def __init__(self, item: files.Input, engine: DuckDB, *, lists: Sequence[str] = ()):
        self.item = item
        self.name = item.name
        self.columns: list[str] = []
        self.notes: list[str] = []
        self._engine = engine
        self._lists = lists
        self._form = Format("", "")
        self._scan: FastLines | Literal[False] | None = None
        self._look = look(item, lists)
        self.names = self._look.names

    def fit(self, form: Format, wanted: Sequence[str]) -> None:
        """Settle what is read: the paths of `form`, or every key; `wanted` may name nested values, unless a key has that name."""
        self._form, self._scan = form, None
        if form.json:
            known = form.paths()
            self.columns = [*known, *(name for name in wanted if name not in known)]
            self._tree = paths.tree(known)
            self._places = paths.objects(self._tree)
            self._asked = {name: name.split(".") for name in self.columns if name not in known}
            return
        keys = self._keys()
        nested = [name for name in dict.fromkeys(wanted) if name not in keys and name.split(".")[0] in keys]
        self.columns = keys + nested
        self._tree, self._places = {}, {}
        self._asked = {name: [name] for name in keys} | {name: name.split(".") for name in nested}

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
        for table, broken in self._opened():
            made = self._fast(table, broken)
            if made is None:
                raw = self._sorted_out(table, broken)
                made = Raw(self._cells(raw), raw.records, raw.broken, raw.lines)
            yield made

    def _fast(self, table: pa.Table, broken: list[Broken]) -> Raw | None:
        """What `batches` yields, in one pass over the text but for odd lines; None where that is not worth its start."""
        if self._scan is None and table.nbytes >= FAST_FROM:
            self._scan = self._scanner()
        if not self._scan:
            return None
        try:
            found, taken = self._scan.read(array(table["line"]))
        except NoRoomError:
            self._scan = False
            return None
        if 2 * taken.sum() < len(taken):  # odd lines are scanned for nothing
            self._scan = False
        if taken.all() and not broken:
            return Raw(found, array(table["record"]), rejects(self.name, (), (), fields=(), reasons=()), array(table["line"]))
        mask = pa.array(taken)
        odd = self._sorted_out(table.filter(pc.invert(mask)), broken)
        kept = table.filter(mask)
        cells = pa.concat_tables([found, self._cells(odd)], promote_options="default") if len(odd.records) else found
        records = pa.concat_arrays([array(kept["record"]), odd.records])
        order = pc.sort_indices(records)
        lines = pa.concat_arrays([array(kept["line"]), array(odd.table["line"])])
        return Raw(cells.take(order).combine_chunks(), records.take(order), odd.broken, lines.take(order))

    def _scanner(self) -> FastLines | Literal[False]:
        """What reads the wanted values in one pass; False where one of them lies inside another."""
        places = [place for place in self._places if not self._form.is_copy(".".join(place))]
        columns: Sequence[str] = self._form.paths() if self._form.json else ()
        taken, count = set(self.columns), Counter[Sequence[str]]()

        def named(keys: Sequence[str]) -> str | None:
            dotted = ".".join(keys)
            if self._form.is_copy(dotted):
                return None
            count[keys[:-1]] += 1
            if not dotted or dotted in taken or count[keys[:-1]] > MAX_OTHERS:
                raise NoRoomError
            taken.add(dotted)
            return dotted

        try:
            return FastLines(self._tree, columns=columns, others=self._asked, places=places, named=named)
        except NoRoomError:
            return False

    def _cells(self, raw: Raw) -> pa.Table:
        """The columns of the format's paths, and of every key beside them: one pass over the text for almost all of them."""
        others = self._asked | self._others()
        tree, left = paths.graft(self._tree, others)
        columns: dict[str, pa.Array] = {}
        if tree:
            shaped = array(self._ask("ingest_json_cell", {"shape": paths.shape(tree)})["shaped"])
            columns = {name: paths.value(shaped, keys) for name, keys in others.items() if name not in left}
        columns |= self._pointed(left, len(raw.records))
        columns |= {name: paths.cell(shaped, name) for name in self._form.paths()} if self._form.json else {}
        return pa.table(columns) if columns else pa.table({"": pa.nulls(len(raw.records))}).select([])

    def _pointed(self, wanted: Mapping[str, Sequence[str]], n_rows: int) -> dict[str, pa.Array]:
        """The values for which a structure has no room, as text."""
        if not wanted:
            return {}
        found = self._ask("ingest_json", {"pointers": [paths.pointer(keys) for keys in wanted.values()]})
        cells = array(found["cells"]).flatten()
        places = pa.array(np.arange(n_rows) * len(wanted))
        return {name: cells.take(pc.add(places, at)) for at, name in enumerate(wanted)}

    def _others(self) -> dict[str, Sequence[str]]:
        """Keys that the batch has and no path wants: dotted name → keys that lead there.

        An object with more than MAX_OTHERS of them is kept as a whole, as one value: people write records on some platforms, and
        nobody shall be able to stop a file by inventing keys.
        """
        if not self._places:
            return {}
        places = [place for place in self._places if not self._form.is_copy(".".join(place))]
        asked = self._ask("ingest_json_key", {"places": [paths.pointer(place) for place in places]})
        rest: dict[tuple[str, ...], list[str]] = {place: [] for place in places}
        for at, name in zip(asked["place"].to_pylist(), asked["name"].to_pylist(), strict=True):
            place = places[at - 1]
            if name not in self._places[place] and not self._form.is_copy(".".join((*place, name))):
                rest[place].append(name)
        found: dict[str, Sequence[str]] = {}
        taken = set(self.columns)
        for place, names in rest.items():
            whole = len(names) > MAX_OTHERS
            for keys in [place] if whole else [(*place, name) for name in names]:
                dotted = ".".join(keys) or "record"
                while dotted in taken:  # a key with dots, named like a path
                    dotted += "'"
                taken.add(dotted)
                found[dotted] = keys
        return found

    def _batches(self) -> Iterator[Raw]:
        """Yield valid records as a table (record, line), bound as json_line, and the broken ones."""
        for table, broken in self._opened():
            yield self._sorted_out(table, broken)

    def _opened(self) -> Iterator[tuple[pa.Table, list[Broken]]]:
        """Yield records, not yet looked into, as a table (record, line), and those that are broken in any case."""
        with files.open_text(self.item) as file:
            try:
                yield from self._heaps(file)
            except files.DAMAGE as error:
                raise SchemaError(f"{self.name} is damaged and cannot be unpacked to its end: {error}") from error

    def _heaps(self, file: io.TextIOWrapper) -> Iterator[tuple[pa.Table, list[Broken]]]:
        in_lines = self._look.in_lines and (self._form.whole or not self._look.in_envelopes)
        if in_lines and not self._form.unfold:
            for table in jsonlines.heaps(file):
                yield table, []
            return
        lists = () if self._form.whole else self._lists
        if in_lines:
            pieces: Iterable[Piece] = jsonlines.lines(file)
        elif self._look.by_line:
            pieces = (piece for line in jsonlines.lines(file) for piece in Splitter(io.StringIO(line.text), lists))
        else:
            pieces = Splitter(file, lists)
        yield from _gathered(self._unfolded(pieces) if self._form.unfold else enumerate(pieces, start=1))

    def _unfolded(self, pieces: Iterable[Piece]) -> Iterator[tuple[int, Piece]]:
        """Let the format make records of documents. Every object is built and written anew: about 100 MB per CPU second."""
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
        table = table.set_column(1, "line", jsonlines.trimmed(table["line"]))
        self._bind(table)
        bad = self._ask("ingest_json_valid")["record"].to_pylist()
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
        return Raw(table, array(table["record"]), rejected, array(table["line"]))

    def _bind(self, table: pa.Table) -> None:
        self._engine.hold("json_line", table)

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
