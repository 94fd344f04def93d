import type { Plugin } from '../../core/declare/plugin.ts';
import type { Registry } from '../../core/declare/registry.ts';
import type { RowWriter } from '../../core/declare/sink.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import type { Column } from '../../core/flow/rows.ts';
import { type FlowRow, rowObjects, type TimeForm } from '../../core/output/row-objects.ts';
import { rowAdditions } from '../../core/run/additions.ts';
import { breathing } from '../../core/run/breathe.ts';
import { settle, withAllProblems } from '../../core/run/check.ts';
import { type Configuration, valueLayer } from '../../core/run/configuration.ts';
import type { RunResult } from '../../core/run/flow-run.ts';
import { runFlows } from '../../core/run/pipeline.ts';
import { shapeCheck } from '../../core/run/validate.ts';
import { defaultLayer } from '../default-layer.ts';
import { Handover } from './handover.ts';
import { openFiles, standardRegistry } from './registry.ts';

/**
 * What to compute and how; the settings of a configuration file (`flow`, `features`, `where`, `keep`, `decodeAs`,
 * `validate`, `compatibility`, `labels`, `anonymize`) with the same meaning, and what only a program can give.
 */
export interface FlowsOptions
  extends Pick<
    Configuration,
    'flow' | 'features' | 'where' | 'keep' | 'decodeAs' | 'validate' | 'compatibility' | 'labels' | 'anonymize'
  > {
  /** Columns of a preset, before `features`; `basic` where neither is given. */
  readonly preset?: string;
  /** Plugins besides the standard ones. */
  readonly plugins?: readonly Plugin[];
  /** Everything that is known, in place of the standard registry and `plugins`. */
  readonly registry?: Registry;
  /** Reads the files together, in order of time, in place of one after the other. */
  readonly merge?: boolean;
  /** Times as numbers (default), or as exact text with nine decimals. */
  readonly times?: TimeForm;
  /** Ends the run early, in order: open flows still come as rows. */
  readonly signal?: AbortSignal;
  /** Called once when the run has ended: frames read, used and skipped, flows by end reason, anomalies, damage. */
  onResult?(result: RunResult): void;
}

class HandingWriter implements RowWriter {
  rows = 0;
  readonly #handover: Handover<FlowRow>;
  readonly #objects: ReturnType<typeof rowObjects>;

  constructor(handover: Handover<FlowRow>, columns: readonly Column[], times: TimeForm) {
    this.#handover = handover;
    this.#objects = rowObjects(columns, times);
  }

  async write(batch: Parameters<RowWriter['write']>[0]): Promise<void> {
    this.rows += batch.count;
    await this.#handover.give(this.#objects(batch));
  }

  async close(): Promise<void> {}

  async abort(): Promise<void> {}
}

async function run(paths: readonly string[], options: FlowsOptions, handover: Handover<FlowRow>, signal: AbortSignal) {
  const registry = options.registry ?? standardRegistry(options.plugins);
  const { flow, features = [], where, keep, decodeAs, validate, compatibility, preset, times = 'number' } = options;
  const wanted = preset === undefined ? features : [{ preset }, ...features];
  const given = {
    flow,
    features: wanted.length > 0 ? wanted : undefined,
    where,
    keep,
    decodeAs,
    validate,
    compatibility,
    labels: options.labels,
    anonymize: options.anonymize,
  };
  const value = Object.fromEntries(Object.entries(given).filter(([, one]) => one !== undefined)) as Configuration;
  const own = valueLayer(value, process.cwd());
  const layers = [defaultLayer([own], []), own];
  const check = await shapeCheck(registry);
  const settled = settle(registry, check, layers);
  try {
    const requests = expandFeatures(registry, settled.wanted);
    const reader = breathing(await openFiles(registry, paths, { signal, merge: options.merge }));
    try {
      const result = await runFlows({
        registry,
        reader,
        features: requests,
        settings: settled.settings,
        where: settled.where,
        keep: settled.keep,
        decodeAs: settled.decodeAs,
        validateAll: settled.validateAll,
        imitation: settled.imitation,
        additions: rowAdditions(settled.additions),
        open: async (columns) => [new HandingWriter(handover, columns, times)],
        signal,
      });
      options.onResult?.(result);
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw withAllProblems(error, registry, check, layers);
  }
}

/**
 * Flows of capture files, a row each, in the stated order of rows. Nothing is opened before the first row is asked for,
 * frames are read only as rows are taken, and leaving the loop early closes everything.
 *
 * @example
 * for await (const flow of flows('x.pcap', { preset: 'basic' })) console.log(flow.src_ip, flow.fwd_bytes);
 *
 * @param paths capture files (pcap, pcapng, gzip, zstd), read one after the other as one run, or merged; `-` is standard input
 * @throws PacketloomError from the first step of the loop: a wrong option or expression (with `problems`), a file that
 * cannot be opened. Damage inside a file is no error: see `onResult`.
 */
export async function* flows(
  paths: string | readonly string[],
  options: FlowsOptions = {},
): AsyncGenerator<FlowRow, void, undefined> {
  const handover = new Handover<FlowRow>();
  const stop = new AbortController();
  const given = options.signal;
  // Not AbortSignal.any: Node has it from 20.3 only.
  if (given?.aborted) stop.abort();
  given?.addEventListener('abort', () => stop.abort(), { once: true, signal: stop.signal });
  const running = run([paths].flat(), options, handover, stop.signal).finally(() => handover.end());
  running.catch(() => {}); // seen below
  try {
    for (let rows = await handover.take(); rows !== undefined; rows = await handover.take()) yield* rows;
    await running;
  } finally {
    // Also when the loop was left: what still comes is dropped, and the run is waited for.
    stop.abort();
    handover.end();
    await running.catch(() => {});
  }
}
