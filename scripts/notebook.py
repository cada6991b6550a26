"""Runs the cells of docs/notebook.ipynb and writes what they print into it, without Jupyter.

python scripts/notebook.py FOLDER      # FOLDER holds cib-demo, as `cib demo` makes it
"""

import ast
import contextlib
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

NOTEBOOK = Path(__file__).parent.parent / "docs" / "notebook.ipynb"


def run(source: str, names: dict[str, Any]) -> tuple[str, str]:
    """Run a cell as Jupyter does, in `names`; return what it printed, and its last expression as text ('' where it is none)."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None
    return printed.getvalue(), "" if value is None else repr(value)


def outputs(printed: str, value: str, number: int) -> list[dict[str, Any]]:
    """Return a cell's outputs as a notebook holds them."""
    found: list[dict[str, Any]] = []
    if printed:
        found.append({"name": "stdout", "output_type": "stream", "text": printed.splitlines(keepends=True)})
    if value:
        data = {"text/plain": value.splitlines(keepends=True)}
        found.append({"data": data, "execution_count": number, "metadata": {}, "output_type": "execute_result"})
    return found


def execute(notebook: dict[str, Any]) -> dict[str, Any]:
    """Return the notebook with the outputs of its code cells, run in order in the current folder."""
    names: dict[str, Any] = {}
    number = 0
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            number += 1
            cell["outputs"] = outputs(*run("".join(cell["source"]), names), number)
            cell["execution_count"] = number
    return notebook


if __name__ == "__main__":
    os.chdir(sys.argv[1])
    made = execute(json.loads(NOTEBOOK.read_text(encoding="utf-8")))
    NOTEBOOK.write_text(json.dumps(made, indent=1, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")
