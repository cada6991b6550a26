"""What a case does hold where it does not hold what was asked for: the nearest questions that have an answer."""

import datetime as dt
import heapq
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

from cib.carriers import scan, terms
from cib.carriers.asked import Asked, host
from cib.urls import domain

ALL_TIME = (dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31))
MAX_WORDS = 6
MIN_STEM = 5
MAX_LIKE, ALIKE = 5, 0.75  # hashtags or handles that are spelled alike: how many are told, and from which share of letters
LISTS = {"hashtag": "hashtags", "mention": "mentions"}


def nearest(
    parts: Sequence[Path], question: Asked, *, period: tuple[dt.datetime, dt.datetime], whole: bool
) -> list[dict[str, Any]]:
    """Return the nearest questions that some post answers: how each was understood, and how many posts hold it.

    The same question without a period comes first, unless the period was the whole case. Two or three passes over the posts.
    """
    outside = 0 if whole else scan.count(parts, [scan.Finder(question)], period=ALL_TIME)[0]
    found = [{"what": question.name, "understood": "The same, in the whole of the case.", "n_posts": outside}] if outside else []
    others = list(dict.fromkeys([*_alike(parts, question, period), *near(question)]))
    counts = scan.count(parts, [scan.Finder(other) for other in others], period=period)
    told = zip(others, counts, strict=True)
    return found + [{"what": _typed(one), "understood": one.understood, "n_posts": n} for one, n in told if n]


def _alike(parts: Sequence[Path], question: Asked, period: tuple[dt.datetime, dt.datetime]) -> list[Asked]:
    """Return the hashtags or mentions that are spelled most like the one asked for."""
    if question.kind not in LISTS:
        return []
    matcher = SequenceMatcher(autojunk=False)
    matcher.set_seq2(question.value)
    scored = []
    for name in scan.spellings(parts, LISTS[question.kind], period=period):
        matcher.set_seq1(name)
        least = min(len(name), len(question.value))
        if name and min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= ALIKE and (like := matcher.ratio()) >= ALIKE:
            scored.append((-like, name))
        elif least >= MIN_STEM and (name.startswith(question.value) or question.value.startswith(name)):
            scored.append((-ALIKE, name))
    return [replace(question, value=name) for _, name in heapq.nsmallest(MAX_LIKE, scored)]


def near(question: Asked) -> list[Asked]:
    """Return questions near to one, the nearest first.

    >>> [one.name for one in near(Asked("address", "https://news.example.org/a"))]
    ['news.example.org', 'example.org']
    >>> [(one.name, one.loose) for one in near(Asked("hashtag", "wahl"))]
    [('#wahl', True), ('wahl', False), ('wahl', True)]
    """
    kind, value = question.kind, question.value
    if kind in ("address", "site"):
        site = host(value) if kind == "address" else value
        above = domain(f"https://{site}") or site
        found = [Asked("site", site), Asked("site", above)]
        return [one for one in found if one != question]
    if kind in ("hashtag", "mention"):
        found = [Asked("hashtag", value, True), Asked("term", value), Asked("term", value, True)]
        return [one for one in found if one != question]
    return _near_term(question)


def _near_term(question: Asked) -> list[Asked]:
    parts = [word for word, _ in terms.words(question.value)][:MAX_WORDS]
    found = [] if question.loose else [replace(question, loose=True)]
    found.append(Asked("hashtag", "".join(parts), question.loose))
    if len(parts) > 1:
        found += [Asked("term", word) for word in parts]
    if parts and len(parts[-1]) >= MIN_STEM:
        stem = parts[-1][: max(MIN_STEM - 1, 2 * len(parts[-1]) // 3)]
        found.append(Asked("term", " ".join([*parts[:-1], stem + "*"])))
    return [one for one in found if one.value]


def _typed(question: Asked) -> str:
    """Return the question as a person would type it."""
    return question.name + (" --loose" if question.loose else "")
