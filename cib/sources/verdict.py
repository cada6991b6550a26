"""What to say of an input's rows when many of them could not be read, and what a case can be judged by."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from cib import queryfile
from cib.case import Case
from cib.engines.duckdb import DuckDB
from cib.errors import SchemaError
from cib.sources.layouts import NO_POST, Format
from cib.text import visible

LOUD_PERCENT = 5
N_REASONS, MAX_EXAMPLE, MAX_KINDS = 3, 200, 1_000


@dataclass
class Reasons:
    """Why rows of an input were rejected, counted, with the first example of each. After 1,000 different reasons no new ones.

    others  what the rows are that were understood and are no posts, counted alike
    """

    counts: Counter = field(default_factory=Counter)
    others: Counter = field(default_factory=Counter)
    examples: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)

    def take(self, rejected: pa.Table) -> None:
        for row in rejected.select(["field", "reason", "record", "raw"]).to_pylist():
            key = (row["field"], row["reason"])
            if row["reason"].startswith(NO_POST):
                kind = row["reason"].removeprefix(NO_POST)[:MAX_EXAMPLE]
                self.others[kind if kind in self.others or len(self.others) < MAX_KINDS else "…"] += 1
            elif key in self.examples or len(self.examples) < MAX_KINDS:
                self.counts[key] += 1
                self.examples.setdefault(key, {"record": row["record"], "raw": row["raw"][:MAX_EXAMPLE]})

    def most(self) -> list[dict[str, Any]]:
        """The three most frequent reasons: field, reason, n_rows, record and raw of the first row."""
        ranked = sorted(self.counts.items(), key=lambda pair: (-pair[1], pair[0]))[:N_REASONS]
        return [{"field": key[0], "reason": key[1], "n_rows": count} | self.examples[key] for key, count in ranked]


def in_words(reasons: Sequence[Mapping[str, Any]]) -> str:
    """The reasons in one line, safe to show, with the first row of the first."""
    told = ", ".join(f"{row['n_rows']:,} × {row['field'] + ': ' if row['field'] else ''}{row['reason']}" for row in reasons)
    said = f"{told}; record {reasons[0]['record']} for example: {reasons[0]['raw']}"
    return visible(" ".join(said.split()))


def apart(reasons: Reasons) -> list[str]:
    """The note on rows of an input that were understood and are no posts; none where there are none."""
    if not reasons.others:
        return []
    ranked = sorted(reasons.others.items(), key=lambda pair: (-pair[1], pair[0]))
    told = ", ".join(f"{count:,} × {visible(kind)}" for kind, count in ranked[:N_REASONS])
    more = f" and {len(ranked) - N_REASONS:,} more kinds" if len(ranked) > N_REASONS else ""
    n_others = sum(reasons.others.values())
    rows = "1 row is no post and was" if n_others == 1 else f"{n_others:,} rows are no posts and were"
    return [f"{rows} kept apart: {told}{more}."]


def warning(record: Mapping[str, Any]) -> list[str]:
    """The note on an input of whose rows more than 5 % were rejected; none otherwise."""
    n_read, n_rejected = record["rows_read"], record["rejected"]
    if not record["reasons"] or 100 * n_rejected <= LOUD_PERCENT * n_read:
        return []
    return [
        f"WARNING: {n_rejected:,} of {n_read:,} rows ({n_rejected / n_read:.1%}) were rejected: {in_words(record['reasons'])}"
    ]


def refusal(record: Mapping[str, Any]) -> SchemaError:
    """The error for an input of which no row could be read."""
    return SchemaError(
        f"{record['name']}: none of its {record['rows_read']:,} rows could be read as {record['closest']}, the closest format: "
        f"{in_words(record['reasons'])}. If it is another one, say --from FORMAT (cib formats lists them), or name its columns "
        "with --map."
    )


def closest(names: Sequence[str], found: Format, known: Sequence[Format]) -> str:
    """The format a file was read in; where that is the one that takes whatever is left, the one most of whose marks it has."""
    have = set(names)
    if found.marks:
        return found.name
    shares = [(max((len(mark & have) / len(mark) for mark in form.marks), default=0.0), form.name) for form in known]
    best = max(shares, key=lambda pair: pair[0])
    return best[1] if best[0] > 0.5 else found.name


def carries(case: Case, engine: DuckDB) -> list[dict[str, Any]]:
    """Return, per platform, how many posts there are and how many of them carry what each sort of graph is made of.

    Reads the columns of all posts that graphs are made of once.
    """
    engine.bind("post", case.parts("post"))
    return engine.read(queryfile.load("ingest_verb").text).read_all().to_pylist()
