"""What the columns of a user's list mean: guessed from their names, or from the lines of a file without any."""

import csv
import io
import re
from collections.abc import Iterable, Mapping

from cib.errors import CaseError
from cib.urls import canonical

PLATFORMS = {
    **{name: name for name in ("telegram", "facebook", "instagram", "tiktok", "youtube", "mastodon", "bluesky", "reddit", "vk")},
    "twitter": "twitter",
    "x": "twitter",
    "truthsocial": "truthsocial",
    "gab": "gab",
    "parler": "parler",
    "threads": "threads",
}
HOSTS = {  # an address of a profile names platform and handle
    "twitter.com": "twitter",
    "x.com": "twitter",
    "t.me": "telegram",
    "facebook.com": "facebook",
    "bsky.app": "bluesky",
    "instagram.com": "instagram",
    "tiktok.com": "tiktok",
    "youtube.com": "youtube",
    "vk.com": "vk",
    "threads.net": "threads",
}
MEANT = {  # our column: how others call it, without case, blanks and dashes
    "platform": ("platform", "network", "socialnetwork"),
    "handle": ("handle", "handles", "username", "screenname", "account", "user", "profile", "profileurl"),
    "account_id": ("accountid", "userid", "authorid", "channelid", "id"),
    "person": (
        "name",
        "fullname",
        "person",
        "candidate",
        "contestant",
        "journalist",
        "official",
        "displayname",
        "label",
        "outlet",
    ),
    "aliases": ("aliases", "alias", "alsoknownas", "othernames"),
    "domain": ("domain", "domains", "site", "website", "url", "host", "address"),
    "term": ("term", "terms", "keyword", "phrase", "word", "pattern", "text"),
    "topic": ("topic", "category", "narrative", "theme", "type"),
    "side": ("side", "camp", "bloc", "alliance", "coalition"),
    "party": ("party",),
    "gender": ("gender", "sex"),
    "role": ("role", "function", "office", "occupation"),
}
PERSONS = re.compile(r"contestant|candidate|protected|journalist|official|person|account|handle|politician|observer")
SITES = re.compile(r"domain|site|media|outlet|credib|source|news")
MEANING = {word: ours for ours, words in MEANT.items() for word in words} | {ours: ours for ours in MEANT}
MEANING |= {_word: _word for _word in PLATFORMS}  # a column named after a platform holds its handles
Rows = Iterable[tuple[int, Mapping[str, str]]]


def table(lines: list[str]) -> tuple[dict[str, str], Rows] | None:
    """Return the columns and rows of a file whose first line is a header that is understood; None where it is none."""
    mark = max("\t;,", key=lines[0].count) if lines else ","
    try:
        cells = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=mark))
    except csv.Error:
        return None  # a quote that is never closed, or a cell without end: read line by line
    if not cells:
        return None
    header = [plain(cell) for cell in cells[0]]
    columns: dict[str, str] = {}
    places: dict[str, int] = {}
    for place, word in enumerate(header):
        if (ours := MEANING.get(word)) and ours not in columns:
            columns[ours], places[ours] = cells[0][place].strip(), place
    if not columns or not set(columns) & {"handle", "account_id", "person", "domain", "term", *PLATFORMS}:
        return None
    if "term" in columns:  # a list of words names nobody: its ids are numbers, its names are topics
        places = {("topic" if ours == "person" else ours): at for ours, at in places.items() if ours in ("term", "person")} | {
            ours: at for ours, at in places.items() if ours == "topic"
        }
        columns = {ours: cells[0][at].strip() for ours, at in places.items()}
    rows = ((n, {ours: row[at] for ours, at in places.items() if at < len(row)}) for n, row in enumerate(cells[1:], 2) if row)
    return columns, rows


def one_per_line(name: str, file: str, lines: list[str]) -> tuple[dict[str, str], Rows]:
    """Return one entry per line: persons or sites where list or lines say so, else terms. "# " begins a comment."""
    kept = [(n, line.strip()) for n, line in enumerate(lines, 1) if line.strip() and not line.startswith(("# ", "//"))]
    if not kept:
        raise CaseError(f"List {name}: {file} is empty. Expected a header such as name,handle,side or one entry per line.")
    n_sites = sum(_is_site(line) for _, line in kept)
    n_handles = sum(line.startswith("@") for _, line in kept)
    if PERSONS.search(name.lower()) or 2 * n_handles > len(kept):
        ours = "handle"
    elif 2 * n_sites > len(kept) or (SITES.search(name.lower()) and n_sites):
        ours = "domain"
    else:
        ours = "term"
    return {ours: "every line"}, ((n, {ours: line}) for n, line in kept)


def _is_site(line: str) -> bool:
    return " " not in line and "." in line.strip(".") and canonical(line) is not None


def plain(word: str) -> str:
    return re.sub(r"[\s_\-]+", "", word).casefold()
