"""Names of the columns of a table that people made."""

from collections.abc import Sequence


def unique(names: Sequence[str]) -> list[str]:
    """Column names without blanks around; nameless and repeated ones get a number."""
    seen: set[str] = set()
    out = []
    for place, given in enumerate(names, start=1):
        name = base = given.strip() or f"column_{place}"
        n = 1
        while name in seen:
            n += 1
            name = f"{base}_{n}"
        seen.add(name)
        out.append(name)
    return out
