"""Which files an input means, and how its bytes are read: told by content, not by the ending of a name.

Nothing is unpacked to disk, so names inside archives lead nowhere.
"""

import bz2
import gzip
import io
import lzma
import shutil
import sys
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from cib.errors import SchemaError

PARQUET, ZIP, GZIP, ZSTD, BZIP2, XZ = b"PAR1", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"BZh", b"\xfd7zXZ"
USTAR, USTAR_AT = b"ustar", 257
# What office programs put into their ZIP files: such a file is one document, not an archive of tables.
OFFICE = frozenset(("[Content_Types].xml", "META-INF/manifest.xml"))
STANDARD_INPUT = Path("-")
DAMAGE = (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile, tarfile.TarError, pa.ArrowException)
BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Input:
    """One file to read. `member` is a file inside an archive; `name` is what records and rejects call it."""

    path: Path
    name: str
    member: str = ""
    is_tar: bool = False


def find(paths: Sequence[Path], aside: Path) -> list[Input]:
    """Return every file that `paths` mean: a folder means all files below it, an archive all files in it, in order of names.

    "-" means standard input, which is kept in the folder `aside` while it is read.
    """
    found: list[Input] = []
    for path in paths:
        if path == STANDARD_INPUT:
            found += _members(_kept(aside), "standard input")
        elif path.is_dir():
            below = sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
            found += [item for p in below for item in _members(p, p.relative_to(path).as_posix())]
        elif path.is_file():
            found += _members(path, path.name)
        else:
            raise SchemaError(f"There is no file {path}.")
    return found


def _kept(aside: Path) -> Path:
    aside.mkdir(parents=True, exist_ok=True)
    path = aside / "standard_input"
    with path.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return path


def _members(path: Path, name: str) -> list[Input]:
    if head(path) != ZIP:
        return _packed_together(path, name) if _is_tar(path) else [Input(path, name)]
    try:
        with zipfile.ZipFile(path) as archive:
            inside = sorted(i.filename for i in archive.infolist() if not i.is_dir() and not i.filename.startswith("__MACOSX/"))
            if OFFICE & set(inside):
                return [Input(path, name)]
    except (zipfile.BadZipFile, OSError) as error:
        raise SchemaError(f"{name} is not a ZIP archive that can be read: {error}") from error
    return [Input(path, name if len(inside) == 1 else f"{name}/{member}", member) for member in inside]


def _is_tar(path: Path) -> bool:
    """Whether the unpacked file begins as a tar archive does."""
    try:
        with open_bytes(Input(path, path.name)) as stream:
            return stream.read(USTAR_AT + len(USTAR))[USTAR_AT:] == USTAR
    except (*DAMAGE, SchemaError):
        return False


def _packed_together(path: Path, name: str) -> list[Input]:
    """The files of a tar archive. Each is found anew from the archive's beginning: cost grows with the square of their number."""
    try:
        with tarfile.open(fileobj=open_bytes(Input(path, name)), mode="r|") as archive:
            inside = sorted({m.name for m in archive if m.isfile() and not Path(m.name).name.startswith(".")})
    except DAMAGE as error:
        raise SchemaError(f"{name} is not a tar archive that can be read: {error}") from error
    return [Input(path, name if len(inside) == 1 else f"{name}/{member}", member, is_tar=True) for member in inside]


class _Stream(io.RawIOBase):
    """A member of an archive that is read forwards only."""

    def __init__(self, member: IO[bytes]):
        super().__init__()
        self._member = member

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        piece = self._member.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def _from_tar(item: Input) -> io.BufferedReader:
    try:
        archive = tarfile.open(fileobj=open_bytes(Input(item.path, item.name)), mode="r|")  # noqa: SIM115
        for member in archive:
            if member.name == item.member and (file := archive.extractfile(member)):
                return io.BufferedReader(_Stream(file))
    except DAMAGE as error:
        raise SchemaError(f"{item.name} cannot be unpacked: {error}") from error
    raise SchemaError(f"{item.name} has gone from its archive while it was read.")


def head(path: Path) -> bytes:
    """The first four bytes of a file: enough to tell how it is packed."""
    with path.open("rb") as file:
        return file.read(4)


def open_text(item: Input, encoding: str | None = None) -> io.TextIOWrapper:
    """Return the text of `item`, unpacked, decoded by its byte order mark (else UTF-8), line ends untouched.

    Bytes that are no text in that encoding become U+FFFD. In an `encoding` that is given they become lone surrogates, U+DC80 to
    U+DCFF, by which their record is known; in UTF-16 there are no such bytes, and halves of pairs become U+FFFD.
    """
    stream = open_bytes(item)
    if encoding is not None:
        errors = "replace" if encoding == "utf-16" else "surrogateescape"
        return io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
    try:
        start = stream.peek(4)[:4]
    except DAMAGE as error:
        raise SchemaError(f"{item.name} is damaged and cannot be unpacked: {error}") from error
    return io.TextIOWrapper(stream, encoding=marked(start) or "utf-8", errors="replace", newline="")


def marked(start: bytes) -> str:
    """The encoding that the byte order mark at the `start` of a file says; "" where there is none."""
    return next((name for bom, name in BOMS if start.startswith(bom)), "")


def open_bytes(item: Input) -> io.BufferedReader:
    """Return the bytes of `item`, unpacked."""
    if item.is_tar:
        return _from_tar(item)
    if item.member:
        try:
            return io.BufferedReader(zipfile.ZipFile(item.path).open(item.member))  # type: ignore[arg-type]
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise SchemaError(f"{item.name} cannot be unpacked: {error}") from error
    start = head(item.path)
    if start.startswith(GZIP):
        return io.BufferedReader(gzip.open(item.path))
    if start.startswith(BZIP2):
        return io.BufferedReader(bz2.open(item.path))
    if start == XZ[:4]:
        return io.BufferedReader(lzma.open(item.path))
    if start.startswith(ZSTD):
        return io.BufferedReader(pa.input_stream(str(item.path), compression="zstd"))
    return item.path.open("rb")
