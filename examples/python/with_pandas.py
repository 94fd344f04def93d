"""Questions to flow rows with pandas: with_pandas.py <file.parquet>."""
import sys

import pandas

flows = pandas.read_parquet(sys.argv[1])
flows["bytes"] = flows["fwd_bytes"] + flows["bwd_bytes"]

print("Bytes by address; a flow counts for both of its ends")
ends = pandas.concat([flows.rename(columns={end: "address"})[["address", "bytes"]] for end in ("src_ip", "dst_ip")])
top = ends.groupby("address")["bytes"].agg(["count", "sum"]).sort_values("sum", ascending=False)
print(top.head(5).to_string(), end="\n\n")

print("Connections again and again: gaps between their begins, in seconds")
service = ["src_ip", "dst_ip", "dst_port", "protocol"]
flows = flows.sort_values("start")
flows["gap"] = flows.groupby(service)["start"].diff().dt.total_seconds()
gaps = flows.groupby(service)["gap"].agg(["count", "mean", "std"])
gaps["variation"] = gaps["std"] / gaps["mean"]
print(gaps[gaps["count"] >= 5].sort_values("variation").round(3).to_string())
