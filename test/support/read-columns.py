"""Prints rows of typed files as JSON: read-columns.py <reader> <path> ..., one list of rows for each pair.

Times are texts of nanoseconds since 1970, other values what JSON has for them.
"""
import datetime
import json
import math
import sys


def plain(value):
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return None
    if hasattr(value, "value") and hasattr(value, "nanosecond"):  # pandas.Timestamp
        import pandas

        return None if value is pandas.NaT else str(value.value)
    if isinstance(value, datetime.datetime):
        raise ValueError("nanoseconds are lost")
    return value.item() if hasattr(value, "item") else value


def of_arrow(table):
    import pyarrow

    names = [field.name for field in table.schema if pyarrow.types.is_timestamp(field.type)]
    for name in names:
        at = table.schema.get_field_index(name)
        assert table.schema.field(name).type == pyarrow.timestamp("ns", tz="UTC"), table.schema
        table = table.set_column(at, name, table.column(name).cast(pyarrow.int64()).cast(pyarrow.string()))
    return table.to_pylist()


def of_pandas(frame):
    return [{name: plain(value) for name, value in row.items()} for row in frame.to_dict("records")]


def of_polars(frame):
    import polars

    times = [polars.col(n).dt.epoch("ns").cast(polars.String) for n, t in frame.schema.items() if t == polars.Datetime("ns", "UTC")]
    return frame.with_columns(times).to_dicts()


def of_duckdb(connection, source):
    kinds = connection.sql(f"describe from {source}").fetchall()
    names = ", ".join(
        f'epoch_ns("{name}")::varchar as "{name}"' if kind.startswith("TIMESTAMP") else f'"{name}"'
        for name, kind, *_ in kinds
    )
    rows = connection.sql(f"select {names} from {source}")
    return [dict(zip(rows.columns, row)) for row in rows.fetchall()]


def read(reader, path):
    if reader == "pyarrow-parquet":
        import pyarrow.parquet

        return of_arrow(pyarrow.parquet.read_table(path))
    if reader == "pyarrow-file":
        import pyarrow.ipc

        return of_arrow(pyarrow.ipc.open_file(path).read_all())
    if reader == "pyarrow-stream":
        import pyarrow.ipc

        return of_arrow(pyarrow.ipc.open_stream(sys.stdin.buffer if path == "-" else path).read_all())
    if reader == "pandas-parquet":
        import pandas

        return of_pandas(pandas.read_parquet(path))
    if reader == "pandas-file":
        import pandas

        return of_pandas(pandas.read_feather(path))
    if reader == "polars-parquet":
        import polars

        return of_polars(polars.read_parquet(path))
    if reader == "polars-file":
        import polars

        return of_polars(polars.read_ipc(path))
    if reader == "polars-stream":
        import polars

        return of_polars(polars.read_ipc_stream(path))
    if reader == "duckdb-parquet":
        import duckdb

        return of_duckdb(duckdb.connect(), f"'{path}'")
    if reader == "duckdb":
        import duckdb

        path, table = path.split("#")
        return of_duckdb(duckdb.connect(path, read_only=True), f'"{table}"')
    raise ValueError(reader)


words = sys.argv[1:]
print(json.dumps([read(reader, path) for reader, path in zip(words[::2], words[1::2])]))
