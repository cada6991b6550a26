"""What every page of ours is made with: templates that escape, and a policy that allows our own style and script alone."""

import base64
import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from cib.languages import ENGLISH, Language, Said

HERE = Path(__file__).parent


def environment(folder: Path, language: Language = ENGLISH) -> Environment:
    """Return an environment for the templates in `folder`. Autoescape is on, a name that is missing is an error, and whatever
    we say is said in the language."""

    def spoken(value: Any) -> Any:
        return value.to(language) if isinstance(value, Said) else value

    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=spoken,
    )

    def join(parts: Iterable[Any], between: str) -> Markup:
        return Markup(escape(between)).join(spoken(part) for part in parts)

    made.filters |= {"join": join, "capitalize": lambda text: str(spoken(text))[:1].upper() + str(spoken(text))[1:]}
    return made


def styles(*folders: Path) -> str:
    """Return the style sheet of all pages, and those of `folders` below it."""
    return "\n".join((folder / "style.css").read_text(encoding="utf-8") for folder in (HERE, *folders))


def policy(style: str, script: str = "") -> str:
    """Return the policy of a page: exactly this style sheet, exactly this script or none, no request, no form."""
    allowed = digest(script) if script else "'none'"
    return (
        f"default-src 'none'; style-src {digest(style)}; script-src {allowed}; img-src data:; base-uri 'none'; "
        "form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


def digest(text: str) -> str:
    """Return the source by which a policy allows exactly this style sheet or script."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
