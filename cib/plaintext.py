"""Rows as aligned columns of text, and hostile text as one visible line."""

from typing import Any

from cib.text import visible

MAX_CELL = 100


def safe(text: str) -> str:
    """Return text that may hold anything as one visible line."""
    return " ".join(visible(text).split())


def table(rows: list[dict[str, Any]], columns: list[str] | None = None) -> list[str]:
    """Return rows as aligned text columns."""
    if not rows:
        return ["(no rows)"]
    columns = columns or list(rows[0])
    return aligned(columns, [[row.get(column) for column in columns] for row in rows])


def aligned(columns: list[str], rows: list[list[Any]]) -> list[str]:
    """Return rows of cells as lines of equal columns, below their names."""
    names = [cell(column) for column in columns]
    cells = [[cell(value) for value in row] for row in rows]
    widths = [max(len(name), *(len(line[i]) for line in cells)) for i, name in enumerate(names)]
    lines = [names, ["-" * w for w in widths], *cells]
    return ["  ".join(text.ljust(w) for text, w in zip(line, widths, strict=True)).rstrip() for line in lines]


def cell(value: Any) -> str:
    """Return a value as one visible line of at most MAX_CELL characters."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        value = ", ".join(str(v) for v in value)
    text = visible(str(value)).replace("\n", " ")
    return text if len(text) <= MAX_CELL else text[: MAX_CELL - 1] + "…"
