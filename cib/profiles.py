"""Writes the work table `shown`: what accounts say of themselves, as marks that two of them can share."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pyarrow as pa

from cib import text
from cib.kernels import tails
from cib.runs import Run

WEEK_S = 7 * 86_400
AROUND = 8  # weeks on either side that tell how many accounts a week should have seen opened
LN_ALPHA = np.log(0.01)  # over all weeks
GIVEN_DIGITS = 8  # a platform that names accounts itself adds so many
MIN_STEM = 4  # letters before the digits of a handle that say something
_HANDLE = re.compile(r"(.*?)([0-9]+)$", re.DOTALL)
_WORD = re.compile(r"\w+")
Mark = tuple[int, str, str]  # account_ix, what kind of mark, its value


def read(run: Run) -> None:
    """Write `shown` where the run has a graph that joins profiles: a row per account and mark, numbered by kind and value.

    Four kinds, at most one of each per account. handle: one name before digits, or a name and the eight digits that platforms
    hand out. bio: the same once the account's own name, digits, addresses and mentions are taken out; short ones say nothing.
    image: the same picture, the platform's own left aside. week: opened in the same week, one in which far more accounts of the
    case were opened than in the eight before and after (Poisson, 1 % over all weeks). Cost: linear in the accounts; memory: their
    profiles.
    """
    if not any(graph.join == "profile" for graph in run.parameters.graphs):
        return
    accounts = run.read("account_shown").to_pylist()
    marks = [*(mark for account in accounts for mark in _marks(account)), *_opened(accounts)]
    number = {mark: n for n, mark in enumerate(sorted({mark[1:] for mark in marks}))}
    rows = sorted((account, number[kind, value]) for account, kind, value in marks)
    account_ix, mark_ix = zip(*rows, strict=True) if rows else ((), ())
    run.put("shown", pa.table({"account_ix": pa.array(account_ix, pa.int32()), "object_ix": pa.array(mark_ix, pa.int64())}))
    kinds = [kind for _, kind, _ in marks]
    run.note("profiles", accounts=len(accounts), **{kind: kinds.count(kind) for kind in ("handle", "bio", "image", "week")})


def _marks(account: dict[str, Any]) -> Iterator[Mark]:
    """Yield the marks that an account bears by itself. Time: linear in its text."""
    if found := _HANDLE.fullmatch(account["handle"] or ""):
        stem, digits = found.groups()
        if len(digits) == GIVEN_DIGITS and stem:
            yield account["account_ix"], "handle", "a name and eight digits"
        elif sum(map(str.isalpha, stem)) >= MIN_STEM:
            yield account["account_ix"], "handle", f"{stem.casefold()} and digits"
    if bio := text.key(_nameless(account["description"], f"{account['display_name']} {account['handle']}")):
        yield account["account_ix"], "bio", bio
    image = account["profile_image"]
    if image and "default" not in urlsplit(image.replace("[", "")).path.rsplit("/", 1)[-1].casefold():
        yield account["account_ix"], "image", image


def _nameless(bio: str | None, names: str) -> str | None:
    """Return a bio without digits and without the words of the account's own names: what is left of a template.

    >>> _nameless("Local news from Oakridge Wire, since 2012.", "Oakridge Wire oakridgewire")
    'Local news from  , since .'
    """
    own = {word.casefold() for word in _WORD.findall(names)}
    kept = bio and _WORD.sub(lambda word: "" if word[0].casefold() in own or word[0].isdigit() else word[0], bio)
    return kept and re.sub(r"[0-9]+", "", kept)


def _opened(accounts: list[dict[str, Any]]) -> Iterator[Mark]:
    """Yield the week of every account that was opened in a week of many."""
    known = [
        (account["account_ix"], account["created_at"] // WEEK_S) for account in accounts if account["created_at"] is not None
    ]
    if not known:
        return
    week = np.array([w for _, w in known])
    first = week.min()
    n_opened = np.bincount(week - first)
    padded = np.pad(n_opened, AROUND)
    around = np.convolve(padded, np.ones(2 * AROUND + 1, np.int64), "valid") - n_opened
    ln_p = tails.poisson(n_opened, (around + 1.0) / (2 * AROUND)) + np.log(np.count_nonzero(n_opened))
    many = ln_p < LN_ALPHA
    yield from ((account, "week", str(w)) for account, w in known if many[w - first])
