"""What the page says while it is explored: the phrases that its script fills in."""

from typing import Any

from cib.languages import Language, message
from cib.languages.messages import Field, Parts, parse

PHRASES: dict[str, str] = {
    "explore": message("Explore the map: zoom, search, read the evidence behind every line"),
    "on_map": message("Show on the map"),
    "no_webgl": message(
        "This browser does not offer the WebGL that the map needs to be explored. The picture and the tables hold what it shows."
    ),
    "map_keys": message(
        "Map of the accounts. Arrow keys move it, plus and minus zoom, 0 shows all, Escape closes what is open. "
        "The search above reaches every account and tie without it."
    ),
    "details": message("Account or tie chosen on the map"),
    "hint": message(
        "Choose an account to see its ties, or a line to read the evidence behind it. Search finds accounts by name or id."
    ),
    "find_account": message("Find an account"),
    "find_evidence": message("Find in names, ids, texts and objects"),
    "group": message("Group"),
    "kind": message("What it looks like"),
    "graph": message("Graph"),
    "graphs": message("Graphs"),
    "from": message("From ## a day"),
    "until": message("Until ## a day"),
    "met_from": message("Ties that met from"),
    "met_until": message("until ## the last meeting of ties"),
    "met": message("Met"),
    "met_between": message("{from} to {until} UTC"),
    "all": message("all ## nothing is filtered"),
    "zoom_in": message("Zoom in"),
    "zoom_out": message("Zoom out"),
    "whole": message("Whole map"),
    "close": message("Close"),
    "id": message("Id"),
    "unknown": message("unknown platform"),
    "level": message("Claim level of the group"),
    "role": message("In the group"),
    "coordination": message("Coordination, 0 to 1"),
    "ties": message("Ties in the group"),
    "tie": message("Tie"),
    "and": message("and ## between two accounts"),
    "surprise": message("Surprise"),
    "by_chance": message("{bits} bits: by chance {odds}"),
    "odds": message("1 in {n}"),
    "rare": message("1 in 10^{n}"),
    "passes": message("Passes"),
    "by_itself": message("by itself"),
    "in_group": message("only within its group: by itself it is too weak"),
    "rests_on": message("Rests on"),
    "how_known": message("How do you know?"),
    "no_meeting": message("No meeting of this pair is kept on this page."),
    "more_meetings": message(
        "The run's table evidence holds more meetings; cib explain CASE ACCOUNT OTHER lists all of two accounts."
    ),
    "bits": message("bits"),
    "post": message("post"),
    "record": message("record"),
    "no_text": message("no text in the data"),
    "original": message("open on the platform"),
    "earlier": message("Earlier lines"),
    "further": message("Further lines"),
    "lines": message("Lines {from} to {to} of {of}."),
    "account_note": message("A place in a group is a lead for review, not a verdict on the account."),
    "source_note": message("A source is copied and no member of the group. Being copied is no coordination."),
    "meetings": message("{n, plural, one {# meeting} other {# meetings}}"),
    "posts": message("{n, plural, one {# pair of posts} other {# pairs of posts}}"),
    "drawn_ties": message("{n, plural, one {# tie on the map} other {# ties on the map}}"),
    "more_ties": message(
        "{n, plural, one {# weaker tie is drawn and not listed.} other {# weaker ties are drawn and not listed.}}"
    ),
    "accounts_shown": message("{n, plural, one {# account} other {# accounts}}"),
    "ties_shown": message("{n, plural, one {# tie is shown} other {# ties are shown}}"),
    "found": message("{n, plural, one {# account found} other {# accounts found}}"),
}


def phrases(language: Language) -> dict[str, Any]:
    """Return the phrases in a language, as the script fills them in: text with {names}, or wordings by plural category; and how
    the language writes numbers and dates."""
    return {
        **{name: _phrase(parse(language.find(text))) for name, text in PHRASES.items()},
        "language": {
            "code": language.code,
            "thousands": language.thousands,
            "decimal": language.decimal,
            "date": _pattern(language),
        },
    }


def _phrase(parts: Parts) -> str | dict[str, str]:
    """Return a phrase without counts as text; one that is a single count as its wordings."""
    if len(parts) == 1 and isinstance(parts[0], Field) and parts[0].choices:
        return {category: _text(inner) for category, inner in parts[0].choices}
    return _text(parts)


def _text(parts: Parts) -> str:
    if any(isinstance(part, Field) and part.choices for part in parts):
        raise ValueError("A phrase of the script is one count from end to end, or has none: it knows no other form.")
    return "".join(part if isinstance(part, str) else f"{{{part.name}}}" for part in parts)


def _pattern(language: Language) -> str:
    """Return the form of a date as the script knows it: $1 is the year."""
    return language.date.replace("\\", "$")
