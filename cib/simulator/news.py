"""News sites and their articles: what links point at, and whose titles strangers repeat word for word."""

import numpy as np

from cib.simulator.clock import DAY, START, Clock
from cib.simulator.stream import Stream
from cib.simulator.words import Writer

SITES = (("dailylantern", 0), ("harbourpost", 0), ("thevalleytimes", 0), ("lakesidegazette", 0), ("morningferry", 0),
         ("orchardnews", 0), ("seestadtbote", 1), ("brueckenblatt", 1), ("abendkurier", 1), ("dorfzeitung", 1))  # fmt: skip
PER_DAY = 14
TRACKING = ("", "", "", "", "?utm_source=share&utm_medium=social", "?ref=app", "?fbclid=Iw4R2x")


class News:
    """Articles of the week, ordered by time of publication.

    t int64 UTC seconds; lang, site int64 numbers; title, url object
    """

    def __init__(self, stream: Stream, clock: Clock, writer: Writer):
        rng = stream.rng
        n = len(SITES) * PER_DAY * clock.n_days
        self.site = rng.integers(0, len(SITES), n)
        self.lang = np.array([lang for _, lang in SITES])[self.site]
        # Two days older articles are still passed on when the week begins.
        self.t = np.sort(rng.integers(START - 2 * DAY, clock.end, n))
        titles = writer.texts(rng, self.lang, rng.integers(0, len(writer.topics), n), mean_words=8)
        self.title = np.array([_headline(title) for title in titles], dtype=object)
        parts = zip(self.site.tolist(), self.title.tolist(), self.t.tolist(), strict=True)
        self.url = np.array([article_url(SITES[site][0], title, t) for site, title, t in parts], dtype=object)
        self._heat = rng.pareto(1.1, n) + 0.05
        self._by_lang = [np.flatnonzero(self.lang == lang) for lang in range(2)]

    def pick(self, rng: np.random.Generator, t: np.ndarray, lang: np.ndarray) -> np.ndarray:
        """Return int64[n] article numbers that people of `lang` pass on at `t`: recent ones, the popular far more often."""
        out = np.zeros(t.size, dtype=np.int64)
        for number, rows in enumerate(self._by_lang):
            mine = np.flatnonzero(lang == number)
            cumulated = np.concatenate([[0.0], np.cumsum(self._heat[rows])])
            last = np.maximum(np.searchsorted(self.t[rows], t[mine]), 1)
            first = np.minimum(np.searchsorted(self.t[rows], t[mine] - DAY), last - 1)
            place = cumulated[first] + rng.random(mine.size) * (cumulated[last] - cumulated[first])
            out[mine] = rows[np.clip(np.searchsorted(cumulated, place, side="right") - 1, first, last - 1)]
        return out

    def shared(self, article: int, tracking: int = 0) -> tuple[str, str]:
        """Return text and address that the share button of an article fills in."""
        return f"{self.title[article]} | {SITES[self.site[article]][0]}", self.url[article] + TRACKING[tracking]


def _headline(text: str) -> str:
    """Return `text` as papers print it: without a full stop, without a face."""
    return " ".join(word.strip(".!?…") for word in text.split() if word[0].isalpha())


def article_url(site: str, title: str, number: int) -> str:
    """Return the address of an article on the site's own domain (below .example, which belongs to nobody)."""
    slug = "-".join(word for word in title.lower().split()[:6] if word.isalpha())
    return f"https://www.{site}.example/2024/03/{slug}-{number % 100_000}"
