-- What `flows.json` writes: names and types as docs/sinks/postgresql.md has them. The ledger is made by packetloom.
CREATE TABLE flows (
  flow_id text NOT NULL,
  segment bigint NOT NULL,
  src_ip inet,
  src_port bigint,
  dst_ip inet,
  dst_port bigint,
  protocol bigint,
  start timestamp with time zone NOT NULL,
  "end" timestamp with time zone,
  duration double precision,
  fwd_frames bigint,
  bwd_frames bigint,
  fwd_bytes bigint,
  bwd_bytes bigint,
  end_reason text,
  syn bigint,
  reset boolean,
  dns_name text,
  -- A column of one's own: the rows need not have it.
  bytes bigint GENERATED ALWAYS AS (fwd_bytes + bwd_bytes) STORED
) PARTITION BY RANGE (start);

CREATE TABLE flows_2013_06 PARTITION OF flows FOR VALUES FROM ('2013-06-01 00:00Z') TO ('2013-07-01 00:00Z');
-- What no month has been made for.
CREATE TABLE flows_other PARTITION OF flows DEFAULT;

-- Small beside an index of all values: rows come nearly in the order of time.
CREATE INDEX ON flows USING brin (start);
CREATE INDEX ON flows USING gist (dst_ip inet_ops);
