"""Questions to flow rows with polars: with_polars.py <file.parquet>."""
import sys

import polars
from polars import col

flows = polars.scan_parquet(sys.argv[1]).with_columns(bytes=col("fwd_bytes") + col("bwd_bytes"))
polars.Config(
    tbl_hide_dataframe_shape=True,
    tbl_hide_column_data_types=True,
    tbl_formatting="ASCII_MARKDOWN",
    tbl_width_chars=120,
)

print("Bytes by address; a flow counts for both of its ends")
ends = polars.concat([flows.select(address=end, bytes="bytes") for end in ("src_ip", "dst_ip")])
top = ends.group_by("address").agg(count=polars.len(), sum=col("bytes").sum())
print(top.sort("sum", "address", descending=[True, False]).head(5).collect(), end="\n\n")

print("Connections again and again: gaps between their begins, in seconds")
service = ["src_ip", "dst_ip", "dst_port", "protocol"]
gap = col("start").sort().diff().dt.total_nanoseconds() / 1e9
gaps = flows.group_by(service).agg(count=gap.count(), mean=gap.mean(), std=gap.std())
gaps = gaps.with_columns(variation=col("std") / col("mean")).filter(col("count") >= 5)
print(gaps.sort("variation", "src_ip").with_columns(col("mean", "std", "variation").round(3)).collect())
