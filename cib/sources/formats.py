"""Which format a file is in, and which of its columns means what. A format is data, with a hook for what names cannot say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from cib import schema
from cib.errors import SchemaError

DERIVED = frozenset(("text_key", "url_keys", "domains", "rule_version", "resolution_s", "source_file", "source_record"))
FLAGS = ("is_retweet",)
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
CANONICAL = frozenset(POST_COLUMNS) | frozenset(ACCOUNT_COLUMNS) | frozenset(PROFILE) | frozenset(FLAGS)


BARE_IDS = ("id", "id_str")


def unchanged(table: pa.Table) -> pa.Table:
    return table


@dataclass(frozen=True)
class Format:
    """A collector's export.

    marks     sets of column names; a file that has all of one set is in this format
    columns   canonical name → input columns, the first that the file has counts
    zone      zone of its naive times where the format fixes it
    joined    canonical names for which all input columns count, the first that says something in each row
    made      columns that `prepare` adds
    prepare   makes columns out of those the file has
    """

    name: str
    says: str
    platform: str = ""
    marks: tuple[frozenset[str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: str | None = None
    joined: frozenset[str] = frozenset()
    made: tuple[str, ...] = ()
    prepare: Callable[[pa.Table], pa.Table] = unchanged


@dataclass(frozen=True)
class Layout:
    """What the columns of one file mean.

    kind      post or account
    columns   canonical name → input columns
    rest      input columns that go to `extra`, under these names
    """

    format: Format
    kind: str
    columns: Mapping[str, tuple[str, ...]]
    rest: Mapping[str, str]

    def without(self, canonical: str) -> "Layout":
        """The same, with one canonical column left to `extra`."""
        lost = {name: name for name in self.columns[canonical]}
        kept = {name: sources for name, sources in self.columns.items() if name != canonical}
        return Layout(self.format, self.kind, kept, {**self.rest, **lost})


def layout(file: str, names: Sequence[str], form: Format, *, columns: Mapping[str, str] | None = None) -> Layout:
    """Return what the columns `names` of `file` mean in the format `form`; `columns` {canonical: input column} wins.

    Raises SchemaError where a mapped column does not exist, or where neither posts nor accounts can be made of the file.
    """
    chosen = dict(columns or {})
    _check(file, names, chosen)
    meant = _guess([*names, *form.made], form, chosen) | {name: (source,) for name, source in chosen.items()}
    kind = _kind(file, names, meant)
    allowed = POST_COLUMNS + FLAGS + tuple(PROFILE) if kind == schema.POST else ACCOUNT_COLUMNS + tuple(PROFILE)
    extras = {source: name.removeprefix("extra.") for name, (source, *_) in meant.items() if name.startswith("extra.")}
    meant = {name: sources for name, sources in meant.items() if name in allowed}
    used = {source for sources in meant.values() for source in sources}
    rest = {name: name for name in names if name not in used and name not in DERIVED}
    return Layout(form, kind, meant, {**rest, **extras})


def _guess(names: Sequence[str], form: Format, chosen: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """What the format says of the columns there are. A column claimed by --map means nothing else, but may name the account."""
    claimed = set(chosen.values())
    out = {}
    for name, sources in form.columns.items():
        found = tuple(c for c in sources if c in names and (c not in claimed or name in PROFILE))
        if found and name not in chosen:
            out[name] = found if name in form.joined else found[:1]
    if "text" not in out and "text" not in chosen and out.get("post_id", ("",))[0] in BARE_IDS:
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


def _kind(file: str, names: Sequence[str], meant: Mapping[str, tuple[str, ...]]) -> str:
    if "account_id" not in meant:
        raise SchemaError(
            f"{file}: no column says which account it is. Tell it with --map account_id=COLUMN. It has: {', '.join(names)}."
        )
    if "text" not in meant and "post_id" not in meant and "extra.object" not in meant:
        return schema.ACCOUNT
    if "created_at" not in meant:
        raise SchemaError(
            f"{file}: no column says when a post was published. Tell it with --map created_at=COLUMN. It has: {', '.join(names)}."
        )
    return schema.POST


def detect(names: Sequence[str], known: Sequence[Format]) -> Format:
    """Return the first format of `known` whose marks are all among `names`; the last one takes what is left."""
    have = set(names)
    return next((form for form in known if any(mark <= have for mark in form.marks)), known[-1])
