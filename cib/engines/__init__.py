"""Engines run the SELECTs of `queries/`. An engine is three verbs: bind a name to Parquet files, read a SELECT, write a
SELECT."""
