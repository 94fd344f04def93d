import type { Sink } from '../../core/declare/sink.ts';
import { arrow } from './arrow.ts';
import { clickhouse } from './clickhouse.ts';
import { csv } from './csv.ts';
import { duckdb } from './duckdb.ts';
import { ipfix } from './ipfix.ts';
import { jsonl } from './jsonl.ts';
import { kafka } from './kafka.ts';
import { nats } from './nats.ts';
import { parquet } from './parquet.ts';
import { postgresql } from './postgresql.ts';

/** The sinks that come with the program. */
export const sinks: readonly Sink[] = [arrow, clickhouse, csv, duckdb, ipfix, jsonl, kafka, nats, parquet, postgresql];
