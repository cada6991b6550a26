"""Files of collectors to the tables `post`, `account` and `reject` of a case. One public function: `ingest`."""

from cib.sources.ingest import ingest

__all__ = ["ingest"]
