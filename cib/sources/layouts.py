"""Which format a file is in, and which of its columns means what. A format is data, with a hook for what names cannot say."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from cib import schema
from cib.errors import SchemaError
from cib.sources import hints
from cib.sources.jsontext import ENVELOPE

DERIVED = frozenset(("text_key", "url_keys", "domains", "rule_version", "resolution_s", "source_file", "source_record"))
# What a record may say of itself beyond the columns of our tables: it passes on a post whose id it does not give, it is no post
# and why ("field: reason"), it is understood and no post (what it is: "field: kind"), it tells of an account only.
FLAGS = ("is_retweet", "refused", "other", "is_account")
NO_POST = "no post: "  # before the reason why a row that was understood is kept in `reject`
LISTS = ("urls", "hashtags", "mentions", "media")
PROFILE = {
    "handle": "handle",
    "display_name": "display_name",
    "account_created_at": "created_at",
    "description": "description",
    "location": "location",
    "account_lang": "lang",
    "followers": "followers",
    "following": "following",
    "posts": "posts",
    "verified": "verified",
    "profile_image": "profile_image",
}
POST_COLUMNS = tuple(name for name in schema.names(schema.POST) if name not in DERIVED and name != "extra")
ACCOUNT_COLUMNS = tuple(name for name in schema.names(schema.ACCOUNT) if name != "extra")
CANONICAL = frozenset(POST_COLUMNS) | frozenset(ACCOUNT_COLUMNS) | frozenset(PROFILE) | {"is_retweet"}


BARE_IDS = ("id", "idstr")  # as `hints.plain` writes them
# Before the name of a column that `prepare` adds: an input may have a column of the same name.
MADE = "="


def unchanged(table: pa.Table) -> pa.Table:
    return table


@dataclass(frozen=True)
class Format:
    """A collector's export.

    marks     sets of column names; a file that has all of one set is in this format. Of JSON: paths, and in:LIST for the list
              that holds the records inside an envelope
    columns   canonical name → input columns, the first that the file has counts
    zone      zone of its naive times where the format fixes it
    day_first  order of its dates with slashes where the format fixes it
    joined    canonical names for which all input columns count, the first that says something in each row
    made      columns that `prepare` adds; in `columns` such a name means the added one
    prepare   makes columns out of those the file has
    loose     names of columns are compared without case, blanks, underscores and dashes, unless the exact name is there

    For formats of nested JSON (`json`), where columns are paths and all of them count as joined:
    lists     paths of the lists that hold the records inside an envelope
    whole     a document is handed to `unfold` as a whole, not cut at `lists`
    unfold    makes records of a document: (why it is broken or "", record)
    reads     paths that only `prepare` needs
    fallback  lists that are taken from the text where a record does not have them
    profile   objects that describe the account: what else they hold goes to the account's `extra`
    copies    objects that repeat what stands elsewhere (another post, the envelope): what `columns` does not name is not kept
    lacks     what the export cannot say, in one sentence
    """

    name: str
    says: str
    platform: str = ""
    marks: tuple[frozenset[str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str | None = None
    day_first: bool | None = None
    joined: frozenset[str] = frozenset()
    made: tuple[str, ...] = ()
    prepare: Callable[[pa.Table], pa.Table] = unchanged
    loose: bool = False
    json: bool = False
    lists: tuple[str, ...] = ()
    whole: bool = False
    unfold: Callable[[dict[str, Any]], Iterable[tuple[str, dict[str, Any]]]] | None = None
    reads: tuple[str, ...] = ()
    fallback: frozenset[str] = frozenset()
    profile: tuple[str, ...] = ()
    copies: tuple[str, ...] = ()
    lacks: str = ""

    def paths(self) -> list[str]:
        """The JSON paths this format reads, each once."""
        named = (path for paths in self.columns.values() for path in paths)
        return list(dict.fromkeys(path for path in (*named, *self.reads) if path not in self.made))

    def is_copy(self, path: str) -> bool:
        """Whether `path` lies in an object that repeats what stands elsewhere."""
        return any(path == copy or path.startswith(copy + ".") for copy in (*self.copies, ENVELOPE))

    def is_profile(self, path: str) -> bool:
        """Whether `path` lies in an object that describes the account."""
        return any(path.startswith(f"{name}.") for name in self.profile)


@dataclass(frozen=True)
class Layout:
    """What the columns of one file mean.

    kind      post or account
    columns   canonical name → input columns
    rest      input columns that go to `extra`, under these names
    known     all input columns; one that turns up later goes to `extra` too
    """

    format: Format
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    rest: Mapping[str, str]
    known: frozenset[str]

    def without(self, canonical: str) -> "Layout":
        """The same, with one canonical column left to `extra`."""
        lost = {name: name for name in self.columns[canonical]}
        kept = {name: sources for name, sources in self.columns.items() if name != canonical}
        return Layout(self.format, self.kind, kept, {**self.rest, **lost}, self.known)

    def others(self, names: Sequence[str]) -> dict[str, str]:
        """The columns of a batch that have no place elsewhere, and their names in `extra`."""
        return {**self.rest, **{name: name for name in names if name not in self.known}}


def layout(file: str, names: Sequence[str], form: Format, *, columns: Mapping[str, str] | None = None) -> Layout:
    """Return what the columns `names` of `file` mean in the format `form`; `columns` {canonical: input column} wins.

    Raises SchemaError where a mapped column does not exist, or where neither posts nor accounts can be made of the file.
    """
    chosen = dict(columns or {})
    _check(file, names, chosen)
    meant = _guess(names, form, chosen) | {name: (source,) for name, source in chosen.items()}
    kind = _kind(file, names, meant, loose=form.loose)
    allowed = POST_COLUMNS + FLAGS + tuple(PROFILE) if kind == schema.POST else ACCOUNT_COLUMNS + tuple(PROFILE)
    extras = {source: name.removeprefix("extra.") for name, (source, *_) in meant.items() if name.startswith("extra.")}
    meant = {name: sources for name, sources in meant.items() if name in allowed}
    used = {source for sources in meant.values() for source in sources}
    rest = {name: name for name in names if name not in used and name not in DERIVED and name not in form.reads}
    return Layout(form, kind, meant, {**rest, **extras}, frozenset((*names, *(MADE + name for name in form.made))))


class _Names:
    """The columns of a file, to be found by name."""

    def __init__(self, names: Sequence[str], *, loose: bool):
        self._exact = set(names)
        self._loose = {hints.plain(name): name for name in reversed(names)} if loose else {}

    def find(self, name: str) -> str | None:
        """The column of this name; in loose formats, else the first whose plain name is the same."""
        return name if name in self._exact else self._loose.get(hints.plain(name))


def _guess(names: Sequence[str], form: Format, chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What the format says of the columns there are. A column claimed by --map means nothing else, but may name the account."""
    claimed = set(chosen.values())
    known = _Names(names, loose=form.loose)
    out = {}
    for name, sources in form.columns.items():
        have = (MADE + c if c in form.made else known.find(c) for c in sources)
        found = tuple(dict.fromkeys(c for c in have if c and (c not in claimed or name in PROFILE)))
        if found and name not in chosen:
            out[name] = found if form.json or name in form.joined else found[:1]
    if "text" not in out and "text" not in chosen and hints.plain(out.get("post_id", ("",))[0]) in BARE_IDS:
        del out["post_id"]  # in a table without texts, a bare "id" may be anything's
    return out


def _check(file: str, names: Sequence[str], chosen: Mapping[str, str]) -> None:
    for name, source in chosen.items():
        if name not in CANONICAL and not name.startswith("extra."):
            raise SchemaError(
                f"--map {name}={source}: {name!r} is no column of ours; known are {', '.join(sorted(CANONICAL))}, extra.NAME."
            )
        if source not in names:
            raise SchemaError(f"{file} has no column {source!r} (--map {name}={source}). It has: {', '.join(names)}.")


def _kind(file: str, names: Sequence[str], meant: Mapping[str, tuple[str, ...]], *, loose: bool) -> str:
    if "account_id" not in meant:
        posts = "text" in meant or "post_id" in meant
        raise SchemaError(hints.missing(file, names, meant, lacks=[n for n in hints.NEEDED if n not in meant][: 1 + posts]))
    if "text" not in meant and "post_id" not in meant and "extra.object" not in meant:
        if loose and (options := hints.unread_posts(names, meant)):
            raise SchemaError(hints.posts_or_accounts(file, options))
        return schema.ACCOUNT
    if "created_at" not in meant:
        raise SchemaError(hints.missing(file, names, meant, lacks=["created_at"]))
    return schema.POST


def detect(names: Collection[str], known: Sequence[Format]) -> Format:
    """Return the first format of `known` whose marks are all among `names`; the last one takes what is left."""
    have = set(names)
    return next((form for form in known if any(mark <= have for mark in form.marks)), known[-1])
