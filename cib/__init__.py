"""cib finds coordinated behaviour in social-media data. Every command is a function of the same name here."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__: list[str] = []


def __getattr__(name: str) -> Any:
    """Load the public functions when they are first asked for: importing `cib` stays light."""
    if name.startswith("_"):
        raise AttributeError(name)
    return getattr(import_module("cib.api"), name)
