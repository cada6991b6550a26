"""In which encoding a table of text was written, where no byte order mark says so."""

import codecs

from cib.sources import files

UTF8, WESTERN = "utf-8", "cp1252"
NOTE = "not UTF-8: read as Windows-1252"
PIECE = 1 << 20
MAX_LINE = 4_000_000


def encoding(item: files.Input) -> tuple[str, str]:
    """Return the encoding of `item` and what to tell the user of it, "" where there is nothing to tell.

    A line of Windows-1252 that has letters beyond ASCII is hardly ever valid UTF-8. So a file whose other lines have such letters
    in valid UTF-8 is UTF-8 with damaged records; a file without any, or with more than 1 % of lines that are not UTF-8 and fewer
    that are, is Windows-1252 as a whole. Other old encodings are read as Windows-1252 too: letters look wrong, but different
    names stay different.

    Cost: the file is unpacked once more; a second time, line by line, where it is not UTF-8.
    """
    with files.open_bytes(item) as stream:
        try:
            marked = files.marked(stream.peek(4)[:4])
        except files.DAMAGE:
            marked = UTF8  # whoever reads the records reports the damage
    if marked:
        return marked, ""
    if _is_utf8(item):
        return UTF8, ""
    n_lines, n_good, n_bad = _census(item)
    if n_good and (n_good >= n_bad or 100 * n_bad < n_lines):
        return UTF8, f"{n_bad:,} lines hold bytes that are not UTF-8; their records were rejected"
    return WESTERN, NOTE


def _is_utf8(item: files.Input) -> bool:
    decoder = codecs.getincrementaldecoder(UTF8)()
    try:
        with files.open_bytes(item) as stream:
            while piece := stream.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    except files.DAMAGE:
        return True  # whoever reads the records reports the damage
    return True


def _census(item: files.Input) -> tuple[int, int, int]:
    """Count the lines, those with letters beyond ASCII in valid UTF-8, and those that are not UTF-8."""
    n_lines = n_good = n_bad = 0
    try:
        with files.open_bytes(item) as stream:
            while line := stream.readline(MAX_LINE):
                n_lines += 1
                if not line.isascii():
                    try:
                        line.decode(UTF8)
                        n_good += 1
                    except UnicodeDecodeError:
                        n_bad += 1
    except files.DAMAGE:
        return n_lines, n_good, n_bad
    return n_lines, n_good, n_bad
