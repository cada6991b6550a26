"""What is known of every account, as arrays: the ground that traits are measured on."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from scipy.sparse import csr_matrix

from cib.runs import Run

CATEGORIES = ("client", "hour", "weekhour", "lang", "retweeted", "answered", "domain", "address", "tag", "text")
MIN_POSTS_A_DAY_SHAPE = 30
NIGHT_H = 6
SAYING = 200  # accounts from which a text is a saying
EACH = 40  # posts with which an account counts at most: one busy member is not the group


@dataclass(frozen=True)
class Category:
    """Counts of posts by account and category. counts: int64 csr[n_accounts, n_categories]; names: the categories, sorted."""

    counts: csr_matrix
    names: list[str]

    @cached_property
    def totals(self) -> np.ndarray:
        """int64[n_categories]: posts of all accounts."""
        return np.asarray(self.counts.sum(axis=0)).ravel()

    @cached_property
    def column(self) -> dict[str, int]:
        """The number of each category by its name."""
        return {name: number for number, name in enumerate(self.names)}

    @cached_property
    def most_used(self) -> np.ndarray:
        """int64[n_accounts]: each account's commonest category, the first of equals; -1 where it used none."""
        if not self.names:
            return np.full(self.counts.shape[0], -1)
        top = np.asarray(self.counts.argmax(axis=1)).ravel()
        return np.where(np.asarray(self.counts.sum(axis=1)).ravel() > 0, top, -1)

    def of(self, group: np.ndarray) -> np.ndarray:
        """Return int64[n_categories]: posts of the group in each category."""
        return np.asarray(self.counts[group].sum(axis=0)).ravel()

    def balanced(self, group: np.ndarray) -> np.ndarray:
        """Return float64[n_categories]: posts of the group in each category, no account with the weight of more than EACH."""
        return balance(self.counts[group])


def balance(counts: csr_matrix) -> np.ndarray:
    """Return float64[n_categories]: the sum over the rows, each scaled down to EACH where it holds more."""
    n_posts = np.asarray(counts.sum(axis=1)).ravel()
    return counts.T @ weight(n_posts)


def weight(n_posts: np.ndarray) -> np.ndarray:
    """Return float64[n] in (0, 1]: what one of an account's posts weighs when it counts with at most EACH."""
    return EACH / np.maximum(n_posts, EACH)


@dataclass(frozen=True)
class Shared:
    """Texts that more accounts than one published, and when each did first.

    account, first_at int64[n_rows], rows of one text together (head: int64[n_texts + 1]); by: bool csr[n_accounts, n_texts]
    """

    account: np.ndarray
    first_at: np.ndarray
    head: np.ndarray
    by: csr_matrix

    def taken(self, group: np.ndarray) -> np.ndarray:
        """Return int64[len(group)]: how many texts of each account somebody outside of the group had published before it.

        Cost: the rows of the group's texts.
        """
        texts = np.unique(self.by[group].indices)
        n_rows = self.head[texts + 1] - self.head[texts]
        text = np.repeat(np.arange(len(texts)), n_rows)
        rows = np.repeat(self.head[texts] - (np.cumsum(n_rows) - n_rows), n_rows) + np.arange(n_rows.sum())
        account, first_at = self.account[rows], self.first_at[rows]
        inside = np.isin(account, group)
        outside_first = np.full(len(texts), np.iinfo(np.int64).max)
        np.minimum.at(outside_first, text[~inside], first_at[~inside])
        later = inside & (first_at > outside_first[text])
        counts = np.bincount(account[later], minlength=self.by.shape[0])
        return counts[group]


@dataclass(frozen=True)
class Facts:
    """number: float64[n_accounts] per measure, NaN where unknown; category: see Category; text: strings or None per account;
    shared: see Shared."""

    number: dict[str, np.ndarray]
    category: dict[str, Category]
    text: dict[str, list[str | None]]
    shared: Shared

    @property
    def n_accounts(self) -> int:
        return len(self.number["n_posts"])

    @cached_property
    def day(self) -> np.ndarray:
        """int64[n_accounts, 24]: posts by UTC hour."""
        hours = self.category["hour"]
        day = np.zeros((self.n_accounts, 24), np.int64)
        day[:, [int(name) for name in hours.names]] = hours.counts.toarray()
        return day

    @cached_property
    def night_share(self) -> np.ndarray:
        """float64[n_accounts]: share of an account's posts in its own quietest six hours in a row, 0 to 0.25; NaN under 30 posts.

        Who sleeps has hardly any there, however much they post; a longest pause would shrink with every post.
        """
        n_posts = self.day.sum(axis=1)
        quiet = np.min([np.roll(self.day, -hour, axis=1)[:, :NIGHT_H].sum(axis=1) for hour in range(24)], axis=0)
        return np.where(n_posts >= MIN_POSTS_A_DAY_SHAPE, quiet / np.maximum(n_posts, 1), np.nan)

    @cached_property
    def language_day(self) -> dict[int, np.ndarray]:
        """int64[24] per main language: posts by UTC hour of all accounts that mostly write it."""
        main = self.category["lang"].most_used
        return {int(lang): self.day[main == lang].sum(axis=0) for lang in np.unique(main)}


def gather(run: Run) -> tuple[Facts, Facts]:
    """Return the facts of all accounts over all their posts, and over the posts that no tie rests on.

    Who somebody is must be read from what did not select them: a group that was found because it posts at eight every morning has
    "office hours" by construction. Memory: one row per account, and per account and distinct category it used.
    """
    run.write("met")
    profile = run.read("profile")
    reaction = run.read("reaction")
    shared = shared_texts(run.read("shared_text", {"most_accounts": SAYING}), run.n_rows["account_code"])
    return _facts(run, profile, reaction, shared=shared, free=False), _facts(run, profile, reaction, shared=shared, free=True)


def shared_texts(rows: pa.Table, n_accounts: int) -> Shared:
    """Return the rows of the query `shared_text` as Shared."""
    text, account = rows["text_ix"].to_numpy(), rows["account_ix"].to_numpy().astype(np.int64)
    n_texts = int(text.max(initial=-1)) + 1
    by = csr_matrix((np.ones(len(text), bool), (account, text)), shape=(n_accounts, n_texts))
    return Shared(account, rows["first_at"].to_numpy(), np.searchsorted(text, np.arange(n_texts + 1)), by)


def _facts(run: Run, profile: pa.Table, reaction: pa.Table, *, shared: Shared, free: bool) -> Facts:
    n = run.n_rows["account_code"]
    measure = run.read("account_measure", {"free": free})
    number = {name: _spread(n, measure, name) for name in measure.column_names if name not in ("account_ix", "gap_square_sum")}
    number["gap_cv"] = _variation(n, measure)
    number["reaction_s"] = _spread(n, reaction, "median_s")
    number["n_reactions"] = np.nan_to_num(_spread(n, reaction, "n_reactions"))
    number["n_fast"] = np.nan_to_num(_spread(n, reaction, "n_within_60_s"))
    number["n_posts"] = np.nan_to_num(number["n_posts"])
    for name in ("created_at", "followers", "following"):
        number[name] = _numbers(profile[name])
    number["known"] = _numbers(profile["known"].cast(pa.int8()))
    text = {
        name: profile[name].to_pylist()
        for name in ("platform", "account_id", "handle", "display_name", "description", "location")
    }
    return Facts(number, _categories(run.read("account_category", {"free": free}), n), text, shared)


def _numbers(column: pa.ChunkedArray) -> np.ndarray:
    return column.cast(pa.float64()).fill_null(np.nan).to_numpy()


def _spread(n: int, rows: pa.Table, column: str) -> np.ndarray:
    """Return float64[n] with the values of `column` at their accounts, NaN elsewhere."""
    out = np.full(n, np.nan)
    out[rows["account_ix"].to_numpy()] = _numbers(rows[column])
    return out


def _variation(n_accounts: int, measure: pa.Table) -> np.ndarray:
    """Return float64[n]: coefficient of variation of the times between posts; NaN under 20 of them."""
    n, total, square = (_spread(n_accounts, measure, c) for c in ("n_gaps", "gap_sum", "gap_square_sum"))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = total / n
        return np.where((n >= 20) & (mean > 0), np.sqrt(np.maximum(square / n - mean**2, 0.0)) / mean, np.nan)


def _categories(rows: pa.Table, n_accounts: int) -> dict[str, Category]:
    found: dict[str, Category] = {}
    what = rows["what"].to_numpy(zero_copy_only=False)
    for name in CATEGORIES:
        part = rows.filter(pa.array(what == name))
        codes = part["category"].combine_chunks().dictionary_encode()
        values = codes.dictionary.to_pylist()
        order = sorted(range(len(values)), key=values.__getitem__)
        rank = np.empty(len(values), np.int64)
        rank[order] = np.arange(len(values))
        columns = rank[codes.indices.to_numpy()] if len(values) else np.empty(0, np.int64)
        entries = (part["n_posts"].to_numpy(), (part["account_ix"].to_numpy(), columns))
        found[name] = Category(csr_matrix(entries, shape=(n_accounts, len(values)), dtype=np.int64), [values[i] for i in order])
    return found
