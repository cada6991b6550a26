"""What every page of ours is made with: templates that escape, and a policy that allows our own style and script alone."""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

HERE = Path(__file__).parent


def environment(folder: Path) -> Environment:
    """Return an environment for the templates in `folder`. Autoescape is on, and a name that is missing is an error."""
    return Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


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
