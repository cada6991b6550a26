"""Lines of a text file to Arrow, many at a time: bytes are cut and checked, not decoded one by one."""

import io
from collections.abc import Iterator, Mapping, Sequence

import pyarrow as pa

from cib.sources.jsontext import Piece

BATCH_CHARS = 16_000_000
MAX_LINE = 16_000_000
BOM = b"\xef\xbb\xbf"


def heap(found: Mapping[int, str]) -> pa.Table:
    """Return a table (record, line) of lines by number."""
    return pa.table({"record": pa.array(list(found), pa.int64()), "line": pa.array(list(found.values()), pa.string())})


def heaps(file: io.TextIOWrapper) -> Iterator[pa.Table]:
    """Yield tables (record, line) of about 16 million characters; `record` is the number of the line, blank lines are left out.

    A line of more than 32 million characters is cut. Bytes that are no UTF-8 become U+FFFD.
    """
    n_before = 0
    while block := _block(file):
        cut = block.removeprefix(BOM).split(b"\n")
        if not cut[-1]:
            cut.pop()
        places = [place for place, line in enumerate(cut) if line and not line.isspace()]
        filled = cut if len(places) == len(cut) else [cut[place] for place in places]
        yield pa.table({"record": pa.array([n_before + place + 1 for place in places], pa.int64()), "line": _text(filled)})
        n_before += len(cut)


def lines(file: io.TextIOWrapper) -> Iterator[Piece]:
    """Yield the lines that are not blank, one by one."""
    for table in heaps(file):
        for batch in table["line"].chunks:
            yield from (Piece(line) for line in batch.to_pylist())


def _block(file: io.TextIOWrapper) -> bytes:
    """Some whole lines. UTF-8 is passed on as it is; its decoder has not begun, so nothing lies in its buffer."""
    if file.encoding.startswith("utf-8"):
        return file.buffer.read(BATCH_CHARS) + file.buffer.readline(MAX_LINE)  # type: ignore[attr-defined]
    return (file.read(BATCH_CHARS) + file.readline(MAX_LINE)).encode("utf-8", "replace")


def _text(cut: Sequence[bytes]) -> pa.Array:
    try:
        return pa.array(cut, pa.binary()).cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([line.decode("utf-8", "replace") for line in cut], pa.string())
