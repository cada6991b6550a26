"""Every sentence that the report can say, found where it is written; and what the catalogues lack of them.

python scripts/messages.py          # says per catalogue what it lacks and what it holds in vain
python scripts/messages.py --add    # and writes what it lacks into it, with the English beside it, to be translated
"""

import ast
import json
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, nodes

from cib import significance, wording
from cib.clusters import words as sentences
from cib.languages import HERE

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "cib" / "htmlreport"
SPEAKS = {"say", "message", "voice"}


def in_code() -> Iterator[str]:
    """Yield the messages that modules of the report say."""
    for path in sorted(PAGES.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(ast.Name(name), [ast.Constant(str(text)), *_]) if name in SPEAKS:
                    yield text


def in_templates() -> Iterator[str]:
    """Yield the messages that the templates say."""
    for path in sorted(PAGES.glob("*.j2")):
        for call in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "_" and isinstance(call.args[0], nodes.Const):
                yield call.args[0].value


def borrowed() -> Iterator[str]:
    """Yield the sentences of other modules and files that the report repeats: kinds, events, reasons, readings, graphs."""
    yield from (*wording.KIND_WORDS.values(), *wording.EVENT_WORDS.values())
    for pair in sentences.SAYS.values():
        yield from (text[0].upper() + text[1:] for text in pair)
    yield from (text for texts in sentences.BENIGN.values() for text in texts)
    yield from sentences.ALWAYS
    for path in sorted((ROOT / "graphs").glob("*.toml")):
        graph = tomllib.loads(path.read_text(encoding="utf-8"))
        yield from (graph["says"], graph["misleads"])
    yield from missing()


def missing() -> Iterator[str]:
    """Yield why a trait or a graph could not be judged, as far as it stands in the code in one piece."""
    for path in ("clusters/reference.py", "significance.py", "graphdef.py"):
        tree = ast.parse((ROOT / "cib" / path).read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            match node:
                case ast.Constant(str(text)) if text.count(" ") > 4 and "\n" not in text:
                    if text[0].islower() and not text.endswith("."):
                        yield text
    yield from significance.MISSING.values()


def messages() -> list[str]:
    """Return every message once, in order."""
    return sorted({*in_code(), *in_templates(), *borrowed()})


def main() -> None:
    known = messages()
    for path in sorted(HERE.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        held = tomllib.loads(text)["messages"]
        lacks = [one for one in known if one not in held]
        print(f"{path.stem}: {len(held)} messages, {len(lacks)} lacking, in vain: {[one for one in held if one not in known]}")
        if "--add" in sys.argv:
            lines = (f"{json.dumps(one, ensure_ascii=False)} = {json.dumps(one, ensure_ascii=False)}" for one in lacks)
            path.write_text("\n".join([text.rstrip("\n"), *lines, ""]), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
