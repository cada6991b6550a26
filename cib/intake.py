"""How what was ingested looks in a terminal."""

from typing import Any

from cib.plaintext import cell, safe, table

MAX_NOTE = 600


def inputs(records: list[dict[str, Any]]) -> list[str]:
    """Return what became of every input, and whole what there is to say of it."""
    columns = ["name", "format", "rows_read", "posts", "accounts", "merged", "rejected", "rate", "resolution_s", "naive_times"]
    if any(record.get("others") for record in records):
        columns.insert(columns.index("rejected"), "others")
    columns += [name for name in ("sample", "period") if any(record.get(name) for record in records)]
    rates = [f"{record['rejected'] / record['rows_read']:.1%}" if record.get("rows_read") else "" for record in records]
    records = [record | {"rate": rate} for record, rate in zip(records, rates, strict=True)]
    notes = [f"  {cell(r['name'])}: {safe(note)[:MAX_NOTE]}" for r in records for note in r.get("notes", [])]
    return [*table(records, columns), *notes]


def carried(rows: list[dict[str, Any]]) -> list[str]:
    """Return what the posts of each platform can be compared by: a graph whose column says "–" cannot be judged there."""
    shown = [{key: value or "–" for key, value in row.items()} | {"platform": row["platform"] or "(unknown)"} for row in rows]
    return ["", "What can be judged, per platform: posts that carry what the graphs are made of", *table(shown)] if shown else []
