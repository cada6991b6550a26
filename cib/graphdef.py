"""Coordination graphs as data: one TOML each, read and checked here. Unknown keys are errors."""

import re
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from cib import queryfile, schema
from cib.errors import GraphError

PER = ("all", "day")
POSTS = ("all", "original", "retweet")
JOINS = ("window", "similar", "cosine", "jaccard", "profile")
SIMILARITIES = ("cosine", "jaccard")  # joins that compare all that two accounts ever acted on
TIMELESS = (*SIMILARITIES, "profile")
NULLS = ("crowd", "none")


TYPES: dict[str, type] = dict.fromkeys(("name", "verb", "object", "misleads", "per", "posts", "join", "null", "says"), str) | {
    "windows_s": list,
    "max_crowd": int,
    "max_audience": int,
    "min_shared": int,
    "min_similarity": float,
    "max_share": float,
    "multiple": bool,
    "favourite": bool,
    "default": bool,
}
SEVERAL = ("link", "domain", "hashtag", "mention", "media", "any")  # verbs by which one post acts on several objects
ANY = "any"  # acts of many verbs, pooled: those whose objects belong to an interest, an author, a site, a tag
POOLED = ("hashtag", "link", "mention", "quote", "reply", "retweet")
MAX_WINDOW_S = 10_000_000
OBJECTS = {
    "retweet": "retweet_of",
    "fast_retweet": "retweet_of",
    "link": "url_keys",
    "hashtag": "hashtags",
    "hashtag_sequence": "hashtags",
    "text": "text_key",
    "reply": "reply_to",
    "mention": "mentions",
    "media": "media",
    "domain": "domains",
    "moment": "created_at",
    "profile": "profile",
    "quote": "quote_of",
    "container": "container",
    ANY: ANY,
}
NAMES = {str: "text in quotes", list: "a list of whole seconds", int: "a whole number", bool: "true or false", float: "a number"}


@dataclass(frozen=True)
class GraphDef:
    """One coordination graph: which acts count, how close in time, against which null, and when it misleads.

    verb        the acts, one `queries/action_VERB.sql`, or `extra` for a column of the user's own, or `any`: all acts whose
                objects belong to an interest (POOLED)
    object      what they act on, in words of the post table, or extra.NAME
    per         an object is new each `day` (cut at the case's quietest UTC hour), or one for `all` time
    posts       acts of `all` posts, or only of `original` ones or of `retweet`s
    join        acts on one object within a `window`, or posts with `similar` text within one (with object
                extra.NAME: similar embeddings, given in that column); timeless are tf-idf `cosine` and
                `jaccard` of all that two accounts acted on, and what their `profile`s have in common
    windows_s   seconds, ascending, at most six; none for a timeless join
    max_crowd   an act whose crowd within a window is larger takes no part at that window; timeless: nor does an object of more
                accounts
    min_shared  pairs with fewer coincidences in every window are not kept as rows; they still count as tested; timeless: pairs
                that share fewer objects
    max_audience  an object on which more accounts ever act is left out; 0: none is
    max_share   an object on which a larger share of all accounts with a post acts belongs to everybody and is left out
    min_similarity  cosine, jaccard and embeddings: pairs less similar are not kept, 0 to 1
    null        `crowd` is tested (METHODS 2); `none` is shown and never makes a tie
    favourite   two accounts may share one interest, an author, a site, a tag: meetings on the one they share most are left out
                of the test, unless they are closer in time than that interest explains
    multiple    one post may act on several objects of this verb: meetings are counted by posts, not by objects
    default     runs when no graph is named; else only on request
    """

    name: str
    verb: str
    object: str
    misleads: str
    per: str = "all"
    posts: str = "all"
    join: str = "window"
    windows_s: tuple[int, ...] = (10, 60, 300, 3600, 21600)
    max_crowd: int = 300
    max_audience: int = 0
    min_shared: int = 2
    min_similarity: float = 0.0
    max_share: float = 1.0
    null: str = "crowd"
    multiple: bool = False
    favourite: bool = False
    default: bool = True
    says: str = ""

    @property
    def tested(self) -> bool:
        """Whether the null applies. A graph that is not tested describes: it has edges with a weight, and never a tie."""
        return self.null == "crowd"

    @property
    def acts(self) -> bool:
        """Whether it looks at acts, and not at what accounts say of themselves."""
        return self.join != "profile"

    @property
    def timeless(self) -> bool:
        return self.join in TIMELESS

    @property
    def extra(self) -> str | None:
        """NAME of extra.NAME, for a graph over a column of the user's own."""
        return self.object.removeprefix("extra.") if self.object.startswith("extra.") and self.join != "similar" else None

    @property
    def embedding(self) -> str | None:
        """NAME of extra.NAME, for a graph that compares precomputed embeddings of texts."""
        return self.object.removeprefix("extra.") if self.object.startswith("extra.") and self.join == "similar" else None

    @property
    def compared(self) -> str:
        """Which matches are this graph's: those of words are shared by all graphs that compare texts."""
        return f"{self.object} in {self.name}" if self.embedding else self.object

    @property
    def deed(self) -> str:
        """The verb as the action table writes it: for a column of the user's own, extra.NAME, which no verb of ours is called."""
        return self.object if self.extra else self.verb

    @property
    def verbs(self) -> tuple[str, ...]:
        """The verbs, as the action table writes them, whose acts count."""
        return POOLED if self.verb == ANY else (self.deed,)

    def windows(self, resolution_s: int) -> tuple[int | None, ...]:
        """Return the six window slots: seconds, or None where unused or finer than the data's resolution."""
        slots = [w if w >= resolution_s else None for w in self.windows_s]
        return tuple(slots + [None] * (schema.MAX_WINDOWS - len(slots)))


def parse(text: str, place: str) -> GraphDef:
    """Return the graph written in `text`; `place` names it in errors."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise GraphError(f"{place} is not TOML: {error}. See graphs/co_link.toml for an example.") from error
    known = {field.name for field in fields(GraphDef)}
    if unknown := sorted(set(table) - known):
        raise GraphError(f"{place}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(known))}.")
    if missing := sorted({"name", "verb", "object", "misleads"} - set(table)):
        raise GraphError(f"{place}: {', '.join(missing)} missing. Every graph says when it misleads.")
    for key, value in table.items():
        if TYPES[key] is float and type(value) is int:
            value = table[key] = float(value)
        if not isinstance(value, TYPES[key]) or (isinstance(value, bool) and TYPES[key] is not bool):
            raise GraphError(f"{place}: {key} = {value!r}; expected {NAMES[TYPES[key]]}.")
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,63}", table["name"]):
        raise GraphError(
            f"{place}: name = {table['name']!r}; expected lower-case letters, digits and underscores, such as my_graph."
        )
    if table.get("join") in TIMELESS:
        table.setdefault("windows_s", [])
    if "windows_s" in table:
        table["windows_s"] = tuple(table["windows_s"])
    table.setdefault("multiple", table["verb"] in SEVERAL or table["object"].startswith("extra."))
    graph = GraphDef(**table)
    _check(graph, place)
    return graph


def _check(graph: GraphDef, place: str) -> None:
    for key, allowed in (("per", PER), ("posts", POSTS), ("join", JOINS), ("null", NULLS)):
        if (found := getattr(graph, key)) not in allowed:
            raise GraphError(f"{place}: {key} = {found!r}; expected one of {', '.join(allowed)}.")
    if graph.timeless:
        _check_timeless(graph, place)
    measured = graph.join in SIMILARITIES or graph.embedding is not None
    if graph.min_similarity and not measured:
        raise GraphError(f"{place}: min_similarity goes with one of the joins {', '.join(SIMILARITIES)}, or with embeddings.")
    if measured and not 0.0 < graph.min_similarity <= 1.0:
        raise GraphError(f"{place}: min_similarity = {graph.min_similarity:g}; expected more than 0 and at most 1, such as 0.5.")
    windows: tuple[Any, ...] = graph.windows_s
    whole = all(isinstance(w, int) and not isinstance(w, bool) and 0 < w <= MAX_WINDOW_S for w in windows)
    if (
        (not windows and not graph.timeless)
        or len(windows) > schema.MAX_WINDOWS
        or not whole
        or sorted(set(windows)) != list(windows)
    ):
        raise GraphError(f"{place}: windows_s = {list(windows)}; expected 1 to {schema.MAX_WINDOWS} ascending whole seconds.")
    if graph.join == "similar" and (graph.verb, graph.per, graph.multiple) != ("text", "all", True):
        raise GraphError(
            f'{place}: join = "similar" compares the texts of posts: verb = "text", per = "all" and multiple = true go with it.'
        )
    if graph.max_crowd < 1 or graph.min_shared < 2:
        raise GraphError(f"{place}: max_crowd must be at least 1 and min_shared at least 2.")
    if graph.max_audience and graph.join != "window":
        raise GraphError(f'{place}: max_audience goes with join = "window".')
    if graph.max_audience < 0 or graph.max_audience == 1 or (graph.verb == ANY and not graph.max_audience):
        raise GraphError(f"{place}: max_audience = {graph.max_audience}; expected 2 or more; the verb {ANY!r} needs one.")
    if not 0.0 < graph.max_share <= 1.0:
        raise GraphError(f"{place}: max_share = {graph.max_share:g}; expected more than 0 and at most 1, such as 0.02.")
    if (graph.join == "profile") != (graph.verb == "profile"):
        raise GraphError(f'{place}: join = "profile" and verb = "profile" go together.')
    if (
        graph.extra is None
        and graph.acts
        and graph.verb != ANY
        and not (queryfile.folder("queries") / f"action_{graph.verb}.sql").is_file()
    ):
        verbs = ", ".join(sorted(verbs_known()))
        raise GraphError(f'{place}: verb {graph.verb!r} is unknown; known are {verbs}, or object = "extra.NAME".')

    if graph.extra is None and graph.embedding is None and graph.object != OBJECTS.get(graph.verb, graph.object):
        raise GraphError(f"{place}: object = {graph.object!r}; the verb {graph.verb!r} acts on {OBJECTS[graph.verb]!r}.")


def _check_timeless(graph: GraphDef, place: str) -> None:
    if (graph.null, graph.per, graph.windows_s) != ("none", "all", ()):
        raise GraphError(
            f'{place}: join = "{graph.join}" knows no time and is not tested: null = "none" and per = "all" go with it, and no '
            "windows_s."
        )


def verbs_known() -> set[str]:
    """Return every verb that has a query of its own."""
    return {path.stem.removeprefix("action_") for path in queryfile.folder("queries").glob("action_*.sql")} - {"extra"}


def known() -> tuple[GraphDef, ...]:
    """Return the graphs that come with the package, by name, also those that run on request only."""
    paths = sorted(queryfile.folder("graphs").glob("*.toml"))
    return tuple(parse(path.read_text(encoding="utf-8"), f"graphs/{path.name}") for path in paths)


def builtin() -> tuple[GraphDef, ...]:
    """Return the graphs that run when none is named, by name."""
    return tuple(graph for graph in known() if graph.default)


def select(wanted: str | None) -> tuple[GraphDef, ...]:
    """Return the graphs named in `wanted` (names and paths of TOML files, comma separated), or those that run when none is."""
    if not wanted:
        return builtin()
    here = {graph.name: graph for graph in known()}
    chosen: dict[str, GraphDef] = {}
    for word in (w.strip() for w in wanted.split(",") if w.strip()):
        if word in here:
            chosen[word] = here[word]
        elif word.endswith(".toml") and Path(word).is_file():
            graph = parse(Path(word).read_text(encoding="utf-8"), word)
            chosen[graph.name] = graph
        else:
            raise GraphError(f"There is no graph {word!r}. Known: {', '.join(here)}; or give the path of a TOML file.")
    if not chosen:
        raise GraphError(f"--graphs {wanted!r} names no graph. Known: {', '.join(here)}.")
    return tuple(chosen[name] for name in sorted(chosen))
