"""Holds a DuckDB database open until its standard input ends: hold-database.py <path>."""
import sys

import duckdb

connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
sys.stdin.read()
