-- Who moves most: a flow counts for both of its ends.
SELECT address, count(*) AS flows, sum(bytes)::BIGINT AS bytes, count(DISTINCT peer) AS peers
FROM (
  SELECT src_ip AS address, dst_ip AS peer, fwd_bytes + bwd_bytes AS bytes FROM flows
  UNION ALL
  SELECT dst_ip, src_ip, fwd_bytes + bwd_bytes FROM flows
)
WHERE address IS NOT NULL
GROUP BY address
ORDER BY bytes DESC, address
LIMIT 5;

-- Bytes by hour, UTC.
SELECT date_trunc('hour', start::TIMESTAMP) AS hour, count(*) AS flows, sum(fwd_bytes + bwd_bytes)::BIGINT AS bytes
FROM flows
GROUP BY hour
ORDER BY hour;

-- Beacons: connections to one service, again and again, whose gaps hardly vary (standard deviation / mean).
WITH gaps AS (
  SELECT src_ip, dst_ip, dst_port, protocol,
    (epoch_ns(start) - lag(epoch_ns(start)) OVER (PARTITION BY src_ip, dst_ip, dst_port, protocol ORDER BY start)) / 1e9
      AS gap
  FROM flows
)
SELECT src_ip, dst_ip, dst_port, protocol, count(gap) AS gaps, round(avg(gap), 1) AS mean_seconds,
  round(stddev_samp(gap) / avg(gap), 2) AS variation
FROM gaps
GROUP BY src_ip, dst_ip, dst_port, protocol
HAVING count(gap) >= 5 AND stddev_samp(gap) / avg(gap) < 0.7
ORDER BY variation, src_ip;

-- Scans: one source, many targets that never answer.
SELECT src_ip, count(DISTINCT (dst_ip, dst_port)) AS targets, count(DISTINCT dst_ip) AS hosts,
  count(DISTINCT dst_port) AS ports, min(start) AS begin, max("end") AS finish
FROM flows
WHERE bwd_frames = 0 AND protocol IN (6, 17)
GROUP BY src_ip
HAVING targets >= 20
ORDER BY targets DESC, src_ip;
