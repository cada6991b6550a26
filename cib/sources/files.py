"""Which files an input means, and how its bytes are read: told by content, not by the ending of a name."""

import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa

from cib.errors import SchemaError

PARQUET, ZIP, GZIP, ZSTD = b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, pa.ArrowException)
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Input:
    """One file to read. `member` is a file inside an archive; `name` is what records and rejects call it."""

    path: Path
    name: str
    member: str = ""


def find(paths: Sequence[Path]) -> list[Input]:
    """Return every file that `paths` mean: a folder means all files below it, an archive all files in it, in order of names."""
    found: list[Input] = []
    for path in paths:
        if path.is_dir():
            below = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            found += [item for p in below for item in _members(p, p.relative_to(path).as_posix())]
        elif path.is_file():
            found += _members(path, path.name)
        else:
            raise SchemaError(f"There is no file {path}.")
    return found


def _members(path: Path, name: str) -> list[Input]:
    if head(path) != ZIP:
        return [Input(path, name)]
    try:
        with zipfile.ZipFile(path) as archive:
            inside = sorted(i.filename for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/"))
    except (zipfile.BadZipFile, OSError) as error:
        raise SchemaError(f"{name} is not a ZIP archive that can be read: {error}") from error
    return [Input(path, name if len(inside) == 1 else f"{name}/{member}", member) for member in inside]


def head(path: Path) -> bytes:
    """The first four bytes of a file."""
    with path.open("rb") as file:
        return file.read(4)


def open_text(item: Input) -> IO[str]:
    """Return the text of `item`, unpacked, decoded by its byte order mark (else UTF-8), line ends untouched.

    Bytes that are no text in that encoding become U+FFFD.
    """
    stream = _unpacked(item)
    try:
        start = stream.peek(4)[:4]
    except DAMAGE as error:
        raise SchemaError(f"{item.name} is damaged and cannot be unpacked: {error}") from error
    encoding = next((name for bom, name in BOMS if start.startswith(bom)), "utf-8")
    return io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")


def _unpacked(item: Input) -> io.BufferedReader:
    if item.member:
        try:
            return io.BufferedReader(zipfile.ZipFile(item.path).open(item.member))  # type: ignore[arg-type]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise SchemaError(f"{item.name} cannot be unpacked: {error}") from error
    start = head(item.path)
    if start.startswith(GZIP):
        return io.BufferedReader(gzip.open(item.path))
    if start.startswith(ZSTD):
        return io.BufferedReader(pa.input_stream(str(item.path), compression="zstd"))
    return item.path.open("rb")
