"""Every error the product raises on purpose. The command line prints them as one line; anything else is a bug and keeps its
traceback.

A message names the place, what was found, what was expected, and the next move.
"""


class CibError(Exception):
    """The root: something the user can act on."""


class SchemaError(CibError):
    """A table or an input file does not have the shape that was promised."""


class GraphError(CibError):
    """A graph definition does not say what it must, or says what nobody understands."""


class CaseError(CibError):
    """A case folder is missing, held by another process, or older than the question."""


class MissingExtraError(CibError):
    """An optional package is needed and not installed."""
