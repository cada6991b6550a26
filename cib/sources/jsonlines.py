"""Lines of a text file to Arrow, many at a time: bytes are cut and checked, not decoded one by one."""

import io
from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cib.sources.jsontext import Piece

BATCH_CHARS = 16_000_000
MAX_LINE = 16_000_000
BOM = b"\xef\xbb\xbf"
LINE_FEED = 10


def heap(found: Mapping[int, str]) -> pa.Table:
    """Return a table (record, line) of lines by number."""
    return pa.table({"record": pa.array(list(found), pa.int64()), "line": pa.array(list(found.values()), pa.string())})


def heaps(file: io.TextIOWrapper) -> Iterator[pa.Table]:
    """Yield tables (record, line) of about 16 million characters; `record` is the number of the line, blank lines are left out.

    Every line has its line feed, where it is not the last one: `trimmed` takes it off, which costs a copy.
    A line of more than 32 million characters is cut. Bytes that are no UTF-8 become U+FFFD.
    """
    n_before = 0
    while block := _block(file):
        texts = _text(block.removeprefix(BOM))
        places = _filled(texts)
        filled = texts if places.size == len(texts) else texts.take(pa.array(places))
        yield pa.table({"record": pa.array(n_before + 1 + places), "line": filled})
        n_before += len(texts)


def lines(file: io.TextIOWrapper) -> Iterator[Piece]:
    """Yield the lines that are not blank, one by one."""
    for table in heaps(file):
        yield from (Piece(line.removesuffix("\n")) for line in table["line"].to_pylist())


def trimmed(lines: pa.ChunkedArray | pa.Array) -> pa.ChunkedArray | pa.Array:
    """Return lines without their line feeds."""
    return pc.ascii_rtrim(lines, characters="\n")


def _block(file: io.TextIOWrapper) -> bytes:
    """Some whole lines. UTF-8 is passed on as it is; its decoder has not begun, so nothing lies in its buffer."""
    if file.encoding.startswith("utf-8"):
        return file.buffer.read(BATCH_CHARS) + file.buffer.readline(MAX_LINE)  # type: ignore[attr-defined]
    return (file.read(BATCH_CHARS) + file.readline(MAX_LINE)).encode("utf-8", "replace")


def _text(block: bytes) -> pa.Array:
    """The lines of a block, with their line feeds."""
    ends = np.flatnonzero(np.frombuffer(block, np.uint8) == LINE_FEED) + 1
    offsets = np.concatenate([[0], ends, [len(block)] if not block.endswith(b"\n") else []]).astype(np.int32)
    cut = pa.Array.from_buffers(pa.binary(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(block)])
    try:
        return cut.cast(pa.string())
    except pa.ArrowInvalid:
        return pa.array([line.decode("utf-8", "replace") for line in cut.to_pylist()], pa.string())


def _filled(texts: pa.Array) -> np.ndarray:
    """The places of the lines that are not blank, from 0. Only those that do not begin with a brace are looked at one by one."""
    doubtful = np.flatnonzero(~pc.starts_with(texts, "{").to_numpy(zero_copy_only=False))
    blank = [place for place in doubtful if not texts[place].as_py().strip(" \t\n\r\x0b\x0c")]
    every = np.arange(len(texts))
    return np.delete(every, blank) if blank else every
