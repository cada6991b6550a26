"""What to tell a user whose columns were not understood, or not used: sentences with the --map that would help."""

import re
import shlex
from collections.abc import Collection, Iterable, Mapping, Sequence

MOST = 12
TIME = re.compile(r"(?<!up)(?<!candi)date|time(?!line|zone)|created|publish|posted")
TEXT = re.compile(r"(?<!con)text|message|(?<!dis)content")
ACCOUNT = re.compile(r"user|author|account|handle|sender|poster|owner|name")
NO_TEXT = re.compile(r"(?:count|counts|id|ids|lang|language|type|length|size|url)$")
NEEDED = {"account_id": ("which account it is", ACCOUNT), "created_at": ("when a post was published", TIME)}


def plain(name: str) -> str:
    """Return a column's name without case, blanks, underscores and dashes: by this, synonyms are compared.

    >>> plain("User_ID"), plain("Created At")
    ('userid', 'createdat')
    """
    return re.sub(r"[\s_\-]+", "", name).casefold()


def missing(file: str, names: Sequence[str], meant: Mapping[str, tuple[str, ...]], *, lacks: Sequence[str]) -> str:
    """Return the sentence for a file that lacks columns: what was understood, what is missing, and the --map to add."""
    used = {source for sources in meant.values() for source in sources}
    free = [name for name in names if name not in used]
    says = " or ".join(NEEDED[canonical][0] for canonical in lacks)
    maps = " ".join(_option(canonical, _likely(NEEDED[canonical][1], free, names)) for canonical in lacks)
    known = _listed(f"{canonical} = {sources[0]}" for canonical, sources in sorted(meant.items())) or "nothing"
    return (
        f"{file}: no column says {says}. Understood: {known}. Missing: {', '.join(lacks)}. Tell it, for example with: {maps} — "
        f"it has: {', '.join(names)}."
    )


def unread_posts(names: Iterable[str], meant: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the --map options that a file without recognised texts seems to lack; none where it can be a list of accounts."""
    used = {source for sources in meant.values() for source in sources}
    free = [name for name in names if name not in used]
    texts = [name for name in free if TEXT.search(plain(name)) and not NO_TEXT.search(plain(name))]
    timed = "created_at" in meant or "account_created_at" in meant
    moments = [] if timed else [name for name in free if TIME.search(plain(name)) and not NO_TEXT.search(plain(name))]
    return [_option("created_at", name) for name in moments[:1]] + [_option("text", name) for name in texts[:1]]


def posts_or_accounts(file: str, options: Sequence[str]) -> str:
    """Return the sentence for a file of posts whose times and texts were not recognised."""
    kept = " ".join(option.replace("created_at=", "extra.time=", 1).replace("text=", "extra.text=", 1) for option in options)
    return (
        f"{file}: no text and no id of a post was recognised, but a column looks like one of a post. Tell it with: "
        f"{' '.join(options)}. If the file lists accounts, say: {kept}"
    )


def unused(names: Collection[str], addresses: Collection[str], *, has_urls: bool) -> list[str]:
    """Return the note on columns that only `extra` keeps; `addresses` are those that hold addresses. No note for no columns."""
    names = set(names) - {"extra"}  # our own table, read back
    if not names:
        return []
    note = f"Kept but not used: {_listed(sorted(names))}."
    likely = sorted(set(addresses) & names)
    if likely and not has_urls:
        note += f" There are addresses in {_listed(likely)}; to compare them: {_option('urls', likely[0])}"
    return [note]


def _option(canonical: str, name: str) -> str:
    """The option as a shell takes it: names of columns are written by strangers."""
    return f"--map {shlex.quote(f'{canonical}={name}')}"


def _likely(pattern: re.Pattern[str], free: Sequence[str], names: Sequence[str]) -> str:
    return next((name for name in (*free, *names) if pattern.search(plain(name))), "COLUMN")


def _listed(words: Iterable[str]) -> str:
    every = list(words)
    more = len(every) - MOST
    return ", ".join(every[:MOST]) + (f" and {more} more" if more > 0 else "")
