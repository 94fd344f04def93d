\echo Who talks most
SELECT host(src_ip) AS source, count(*) AS flows, sum(bytes) AS bytes
FROM flows WHERE src_ip IS NOT NULL GROUP BY src_ip ORDER BY bytes DESC, source LIMIT 5;

\echo Traffic over time, periods without any included
SELECT to_char(period AT TIME ZONE 'UTC', 'HH24:MI:SS') AS period, count(flow_id) AS flows, coalesce(sum(bytes), 0) AS bytes
FROM generate_series('2013-06-17 21:58:00Z'::timestamptz, '2013-06-17 21:59:30Z', '30 s') AS period
LEFT JOIN flows ON start >= period AND start < period + interval '30 s'
GROUP BY period ORDER BY period;

\echo Connections that were refused, or never answered
SELECT host(dst_ip) AS destination, dst_port AS port, count(*) FILTER (WHERE reset) AS refused,
  count(*) FILTER (WHERE bwd_frames = 0) AS unanswered
FROM flows WHERE protocol = 6 AND syn > 0 AND (reset OR bwd_frames = 0)
GROUP BY dst_ip, dst_port ORDER BY refused DESC, destination, port LIMIT 5;

\echo Names that were asked for, by the source
SELECT dns_name AS name, count(*) AS flows, count(DISTINCT src_ip) AS sources
FROM flows WHERE dns_name IS NOT NULL GROUP BY dns_name ORDER BY flows DESC, name LIMIT 5;

\echo Within the network, and out of it
SELECT CASE WHEN dst_ip <<= '192.168.0.0/16' THEN 'within' ELSE 'out' END AS way, count(*) AS flows, sum(bytes) AS bytes
FROM flows WHERE src_ip <<= '192.168.0.0/16' GROUP BY way ORDER BY way;
