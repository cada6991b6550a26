"""cib finds coordinated behaviour in social-media data. Every command is a function of the same name here."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"
__all__ = [  # loaded when first asked for: importing `cib` stays light
    "code",
    "demo",
    "detect",
    "evaluate",
    "explain",
    "export",
    "formats",
    "graphs",
    "ingest",
    "open",
    "report",
    "run",
    "simulate",
    "spread",
    "sql",
    "status",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'cib' has no attribute {name!r}")
    if name == "open":
        return import_module("cib.results").Results
    return getattr(import_module("cib.api"), name)
