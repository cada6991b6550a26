"""What was asked for: an address, a site, a hashtag, a mention or a term, and how that was understood, in a sentence."""

import hashlib
import re
from dataclasses import dataclass

from cib import urls
from cib.carriers import terms
from cib.errors import CaseError
from cib.text import HASHTAG, MENTION, folded, visible

KINDS = ("address", "site", "hashtag", "mention", "term")
_QUOTED = re.compile(r'\s*["“„«](.*)["”“»]\s*', re.DOTALL)
_MARK = {"hashtag": "#", "mention": "@"}


@dataclass(frozen=True)
class Asked:
    """A question. kind: one of KINDS; value: as it is compared; loose: letters that look alike count as alike."""

    kind: str
    value: str
    loose: bool = False

    @property
    def name(self) -> str:
        """What was asked for, short and in the form that is compared."""
        return _MARK.get(self.kind, "") + self.value

    @property
    def understood(self) -> str:
        """How the question was understood, in a sentence. It may hold what an adversary wrote, made visible."""
        shown = visible(self.value)
        if self.kind == "address":
            return f"The page {shown}, in any spelling of its address: with tracking parameters, as http, with www, as AMP."
        if self.kind == "site":
            return f"Every address under {shown} and its subdomains, in the posts' lists of addresses or their texts."
        if self.kind == "mention":
            return f"Mentions of the account @{shown}, by handle or id."
        if self.kind == "hashtag":
            also = ", with accents, points and look-alike letters made alike" if self.loose else ""
            return f"The hashtag #{shown} in any case{also}."
        return _term(self.value, loose=self.loose)


def read(what: str, *, loose: bool = False) -> Asked:
    """Return what a person asked for. Raises CaseError where nothing is left to look for.

    >>> read("HTTPS://www.Example.org/a/?utm_source=x").name, read("example.org").kind, read("#Wahl2025").name
    ('https://example.org/a', 'site', '#wahl2025')
    >>> read("@Anna").name, read("vote today").kind, read('"vote.now"').kind
    ('@anna', 'term', 'term')
    """
    what = what.strip()
    quoted = _QUOTED.fullmatch(what)
    given = quoted.group(1) if quoted else what
    if len(given) > urls.MAX_LENGTH:
        raise CaseError(f"What was asked for has {len(given):,} characters; expected at most {urls.MAX_LENGTH:,}.")
    if not quoted and (marked := _marked(given)):
        return Asked(*marked, loose)
    if not quoted and not re.search(r"\s", given) and (page := urls.canonical(given)):
        return _page(given, page)
    value = " ".join(word + "*" * star for word, star in terms.words(given)) or folded(given)
    if not value:
        raise CaseError(f"{visible(given)!r} holds no letter to look for. Give an address, a site, #tag, @name or words.")
    if len(value) > terms.MAX_LENGTH:
        raise CaseError(f"The term has {len(value):,} characters; expected at most {terms.MAX_LENGTH}. Give fewer words.")
    return Asked("term", value, loose)


def slug(asked: Asked, *, version: str) -> str:
    """Return the name of the folder for an answer: safe on every system, the same for the same question and data.

    version  whatever else the answer depends on
    """
    told = "\0".join((asked.kind, asked.value, str(asked.loose), version))
    digest = hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:10]
    ascii_only = re.sub(r"[^a-z0-9]+", "-", asked.value.removeprefix("https://")).strip("-")[:40].strip("-")
    return f"{asked.kind}-{ascii_only}-{digest}" if ascii_only else f"{asked.kind}-{digest}"


def tag(spelling: str) -> str:
    """Return a hashtag or a handle as it is compared.

    >>> tag("Ｗahl2025")
    'wahl2025'
    """
    return folded(spelling)


def host(url_key: str) -> str:
    """Return the host of a canonical address, without port."""
    return re.split(r"[/?#]", url_key.split("://", 1)[-1], maxsplit=1)[0].rsplit("@", 1)[-1].split(":", 1)[0]


def _marked(given: str) -> tuple[str, str] | None:
    """Return kind and value where the whole of what was given is one hashtag or one mention."""
    for kind, pattern in (("hashtag", HASHTAG), ("mention", MENTION)):
        if pattern.fullmatch(given) and (value := tag(given[1:])):
            return kind, value
    return None


def _page(given: str, page: str) -> Asked:
    """Return an address, or a site where only a host was given and no scheme."""
    bare = host(page)
    if "://" not in given and not given.startswith("//") and page == f"https://{bare}" and not given.rstrip().endswith("/"):
        return Asked("site", bare)
    return Asked("address", page)


def _term(value: str, *, loose: bool) -> str:
    parts = terms.words(value)
    if not parts:
        return f"The sign {visible(value)}, anywhere in a text."
    shown = " ".join(visible(word) + "*" * star for word, star in parts)
    what = f"The word {shown}" if len(parts) == 1 else f"The words {shown}, one directly after the other"
    how = f"as {'a whole word' if len(parts) == 1 else 'whole words'}, in any case; other forms of a word are other words"
    how += ", and vot* is any word that begins so" if not any(star for _, star in parts) else ""
    if loose:
        how = "also in look-alike letters, without accents, as a hashtag, and with letters set apart (v.o.t.e)"
    return f"{what}, {how}. Not in addresses, and not in the handles of mentions."
