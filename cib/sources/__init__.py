"""Files of collectors to the tables `post`, `account` and `reject` of a case. `ingest` reads, `catalogue` lists what is known."""

from cib.sources.catalogue import catalogue
from cib.sources.ingest import ingest

formats = catalogue  # the name of the command that shows it

__all__ = ["catalogue", "formats", "ingest"]
