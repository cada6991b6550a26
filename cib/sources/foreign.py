"""Files that are no tables: told by their first bytes, so that a folder with a PDF in it can be read."""

import zipfile
from pathlib import Path

from cib.errors import SchemaError
from cib.sources import files

MAGIC = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG\r\n", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"RIFF", "a sound, an image or a film"),
    (b"ID3", "a sound"),
    (b"\x1aE\xdf\xa3", "a film"),
    (b"\xd0\xcf\x11\xe0", "a file of an old office program"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (files.ZIP, "an archive inside an archive"),
)
XLSX = "xl/workbook.xml"  # is read
FILM, FILM_AT = b"ftyp", 4
LONGEST = 16
OFFICE = {"xl/workbook.bin": "an Excel workbook", "word/document.xml": "a Word document"}
OFFICE |= {"ppt/presentation.xml": "a presentation", "META-INF/manifest.xml": "an office document"}


def what(item: files.Input) -> str:
    """Return what `item` is if it is no table, in words; "" otherwise. Reads its first bytes."""
    if not item.member and files.head(item.path) == files.ZIP:
        return office(item.path)
    try:
        with files.open_bytes(item) as stream:
            start = stream.peek(LONGEST)[:LONGEST]
    except (*files.DAMAGE, SchemaError):
        return ""  # whoever reads the records reports the damage
    if start[FILM_AT:].startswith(FILM):
        return "a film"
    return next((words for magic, words in MAGIC if start.startswith(magic)), "")


def office(path: Path) -> str:
    """Return which office program a ZIP file is of; "" for an archive of files."""
    try:
        with zipfile.ZipFile(path) as archive:
            inside = set(archive.namelist())
    except (zipfile.BadZipFile, OSError):
        return ""
    if not files.OFFICE & inside or XLSX in inside:
        return ""
    return next((words for name, words in OFFICE.items() if name in inside), "a document of an office program")


def refusal(item: files.Input, words: str) -> SchemaError:
    """Return the error for a file that was named by itself."""
    move = "Open it and save it as CSV UTF-8." if words in set(OFFICE.values()) or "office" in words else "Give a table of posts."
    return SchemaError(f"{item.name} is {words}; expected CSV, TSV, XLSX, JSON or Parquet. {move}")
