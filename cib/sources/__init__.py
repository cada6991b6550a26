"""Files of collectors to the tables `post`, `account` and `reject` of a case. `ingest` reads, `formats` lists what is known."""

from cib.sources.catalogue import formats
from cib.sources.ingest import ingest
from cib.sources.verdict import carries

__all__ = ["carries", "formats", "ingest"]
