"""What the measuring scripts share: a world detected at two error rates, its accounts with the truth beside them, and bounds."""

from collections import Counter
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import rivals
from scipy.stats import beta, chi2

import cib
from cib import fusion, pipeline, runs, simulator
from cib.case import Case
from cib.simulator.campaign import Campaign

RATES = (0.01, 0.05)  # error rates of ties; groups and clusters are those of the first
EXPLAINED = ("syndication", "crowd")
ENDS = ("platform_a", "account_a", "platform_b", "account_b")
ACCOUNTS = """
SELECT platform, account_id, ROW_NUMBER() OVER (ORDER BY platform, account_id) - 1 AS account_ix
FROM (SELECT DISTINCT platform, account_id FROM post)
ORDER BY account_ix
"""

Key = tuple[str, str]


@dataclass
class World:
    """A detected world. Arrays have one entry per account with a post, in the order of `keys`.

    group     named group of the truth, '' for ordinary people;  core: who should be found
    score     how we rank accounts: members of unexplained clusters by coordination, then all others by their strongest edge
    found     in a cluster that is neither syndication nor a crowd, and no source;  flagged: called inauthentic
    ties      per error rate: ties found by pair, by what they join
    rivals    per rule and setting: scores
    """

    keys: list[Key]
    group: np.ndarray
    core: np.ndarray
    score: np.ndarray
    found: np.ndarray
    flagged: np.ndarray
    ties: dict[float, Counter]
    rivals: dict[str, dict[str, np.ndarray]]
    facts: dict


def make(folder: Path, campaigns: Sequence[Campaign], *, accounts: int, seed: int, graphs: str | None = None) -> World:
    """Simulate a world with these campaigns in `folder`, detect it, and return what was found beside the truth."""
    simulator.simulate_campaigns(folder / "world", campaigns, accounts=accounts, seed=seed)
    files = [folder / "world" / "posts.parquet", folder / "world" / "accounts.parquet"]
    cib.ingest(folder / "case", files, sample="full", threads=1)
    return read(folder / "case", folder / "world" / "truth.parquet", graphs=graphs)


def read(case: Path, truth: Path, *, graphs: str | None = None, beside: bool = True) -> World:
    """Detect an ingested case and return what was found beside the truth; `beside` also runs the usual rules."""
    with wider(RATES[1]) as wide:
        home = Path(cib.detect(case, graphs=graphs, fdr=RATES[0], threads=1)["folder"])
    connection = duckdb.connect(config={"threads": 1})
    connection.read_parquet([str(path) for path in Case.open(case).parts("post")]).create_view("post")
    accounts = connection.sql(ACCOUNTS).to_arrow_table()
    keys = list(zip(accounts["platform"].to_pylist(), accounts["account_id"].to_pylist(), strict=True))
    labels = {(row["platform"], row["account_id"]): row for row in pq.read_table(truth).to_pylist()}
    group = np.array([labels.get(key, {}).get("group", "") for key in keys], dtype=object)
    core = np.array([labels.get(key, {}).get("role") == "core" for key in keys])
    members = {(m["platform"], m["account_id"]): m for m in runs.load(home, "member").to_pylist()}
    ties = {RATES[0]: runs.load(home, "tie", [*ENDS, "found_by"]), RATES[1]: wide[0]}
    sources = {key for key, member in members.items() if member["role"] == "source"}
    return World(
        keys, group, core, _rank(keys, members, home), np.array([_counts(members.get(key)) for key in keys]),
        np.array([bool(key in members and members[key]["flagged"]) for key in keys]),
        {rate: tie_kinds(table, labels, sources) for rate, table in ties.items()},
        _rivals(connection, accounts) if beside else {},
        {"peak_memory_mb": runs.peak_memory_mb(), "timings_s": runs.manifest(home)["timings_s"]},
    )  # fmt: skip


@contextmanager
def wider(rate: float):
    """While it lasts, a detection also makes the ties of a second error rate, aside; they are put into the list it gives."""
    steps, ties = pipeline.STEPS, []

    def again(run: runs.Run) -> None:
        aside = run.shadow("wide")
        aside.parameters = replace(run.parameters, fdr=rate)
        fusion.fuse(aside)
        ties.append(aside.load("tie", [*ENDS, "found_by"]))
        aside.fade()

    at = [name for name, _ in steps].index("ties")
    pipeline.STEPS = (*steps[:at], ("ties of another rate", again), *steps[at:])
    try:
        yield ties
    finally:
        pipeline.STEPS = steps


def _counts(member: dict | None) -> bool:
    return member is not None and member["role"] != "source" and member["kind"] not in EXPLAINED


def _rank(keys: list[Key], members: dict[Key, dict], home: Path) -> np.ndarray:
    """Return 1 to 2 for members that count, 0 for those explained and for sources, and between them the strongest edge."""
    edges = duckdb.connect(config={"threads": 1}).read_parquet([str(path) for path in sorted((home / "edge").glob("*.parquet"))])
    rows = edges.query(
        "edge",
        "SELECT platform, account, MAX(surprise_bits) FROM (SELECT platform_a AS platform, account_a AS account, surprise_bits "
        "FROM edge UNION ALL SELECT platform_b, account_b, surprise_bits FROM edge) GROUP BY platform, account",
    ).fetchall()
    bits = {(platform, account): value or 0.0 for platform, account, value in rows}
    score = np.array([bits.get(key, 0.0) / (bits.get(key, 0.0) + 64.0) for key in keys])
    if np.isnan(score).any():
        raise ValueError(f"{home.name}: edges without a number for surprise_bits cannot be ranked; a p-value is NaN.")
    for at, key in enumerate(keys):
        if key in members:
            score[at] = 1.0 + members[key]["coordination"] if _counts(members[key]) else 0.0
    return score


def tie_kinds(table: pa.Table, labels: dict[Key, dict], sources: set[Key]) -> Counter:
    """Count ties found by pair: inside one campaign, inside one innocent group, with a source, and false; and those of groups."""
    counts: Counter = Counter()
    for row in table.to_pylist():
        ends = (row["platform_a"], row["account_a"]), (row["platform_b"], row["account_b"])
        a, b = labels.get(ends[0]), labels.get(ends[1])
        same = a is not None and b is not None and a["group"] == b["group"]
        what = ("campaign" if a["role"] == "core" else "innocent group") if same else "false"
        if what == "false" and not sources.isdisjoint(ends):
            what = "source"
        counts[what if row["found_by"] == "pair" else f"extent {what}"] += 1
    return counts


def _rivals(connection: duckdb.DuckDBPyConnection, accounts: pa.Table) -> dict[str, dict[str, np.ndarray]]:
    acts = rivals.acts(connection, accounts)
    central, strongest = rivals.fused_cosine(acts)
    windows = rivals.window_and_count(acts, connection)
    return {"window and count": windows, "cosine, centrality": central, "cosine, strongest": strongest}


def share_bounds(n: int, of: int) -> tuple[float, float]:
    """Return the exact two-sided 95 % bounds on a share that came out as n of so many (Clopper & Pearson 1934).

    >>> [round(bound, 4) for bound in share_bounds(0, 100)]
    [0.0, 0.0362]
    """
    low = float(beta.ppf(0.025, n, of - n + 1)) if n else 0.0
    return low, float(beta.ppf(0.975, n + 1, of - n)) if n < of else 1.0


def number_bounds(n: int) -> tuple[float, float]:
    """Return the exact two-sided 95 % bounds on the mean of a Poisson number that came out as n.

    >>> [round(bound, 2) for bound in number_bounds(0)]
    [0.0, 3.69]
    """
    return (float(chi2.ppf(0.025, 2 * n)) / 2 if n else 0.0, float(chi2.ppf(0.975, 2 * n + 2)) / 2)
