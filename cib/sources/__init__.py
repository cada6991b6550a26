"""Files of collectors to the tables `post`, `account` and `reject` of a case. `ingest` reads, `catalogue` lists what is known."""

from cib.sources.catalogue import catalogue
from cib.sources.ingest import ingest

__all__ = ["catalogue", "ingest"]
