"""Engines run the SELECTs of `queries/`: they bind a name to Parquet files and read a SELECT as a stream of rows."""
