import type { Sink } from '../../core/declare/sink.ts';
import { csv } from './csv.ts';
import { jsonl } from './jsonl.ts';

/** The sinks that come with the program. */
export const sinks: readonly Sink[] = [csv, jsonl];
