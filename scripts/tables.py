"""Write docs/tables.md, the dictionary of every table and column, from cib/schema.py.

python scripts/tables.py            # writes docs/tables.md; a test compares it
"""

from pathlib import Path

from cib import schema
from cib.datapackage import ROWS

HEAD = """# Tables

Every table is Parquet. `post`, `account` and `reject` stand under `CASE/data/`, all others under `CASE/runs/NAME/`, where
`datapackage.json` says the same as this page, for programs. Times are UTC. Version {version} of the tables. Made by
`scripts/tables.py`.

Ids are text, also where they look like numbers: spreadsheets and floats round them.
"""


def dictionary() -> str:
    """Return the page."""
    parts = [HEAD.format(version=schema.VERSION)]
    for table, columns in schema.TABLES.items():
        rows = [f"| {c.name} | {c.type} | {c.meaning.replace('|', '∣')} |" for c in columns]
        parts.append(
            "\n".join([f"## {table}", "", f"One row: {ROWS[table]}.", "", "| column | type | says |", "|---|---|---|", *rows])
        )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n"


if __name__ == "__main__":
    (Path(__file__).parent.parent / "docs" / "tables.md").write_text(dictionary(), encoding="utf-8")
