"""Who is told how far we are. Silent unless the command line installs a reporter; results never depend on it."""

from collections.abc import Callable

_reporter: Callable[[str], None] | None = None


def report(what: str) -> None:
    """Tell the reporter, if there is one, what begins now."""
    if _reporter:
        _reporter(what)


def install(reporter: Callable[[str], None] | None) -> None:
    """Send every later report to `reporter`; None for silence."""
    global _reporter
    _reporter = reporter
