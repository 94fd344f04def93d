import { statSync } from 'node:fs';
import { PacketloomError } from '../../core/errors.ts';
import { asksForFlow } from '../../core/expression/filter.ts';
import { FRAME_FIELDS } from '../../core/packets/frame-fields.ts';
import { openFrameFile } from '../../core/packets/frame-file.ts';
import type { FrameFlows } from '../../core/packets/frame-flows.ts';
import { FrameRun, type Stopped } from '../../core/packets/frame-run.ts';
import { meterFrames } from '../../core/packets/meter-frames.ts';
import { openPacketRows, type PacketTaker } from '../../core/packets/rows.ts';
import { demandedBy, needed, selectColumns } from '../../core/packets/selection.ts';
import { rowAdditions } from '../../core/run/additions.ts';
import { breathing } from '../../core/run/breathe.ts';
import { settle, withAllProblems } from '../../core/run/check.ts';
import { type Layer, readConfiguration } from '../../core/run/configuration.ts';
import { ReorderingReader } from '../../core/run/reorder.ts';
import type { Settled } from '../../core/run/settle.ts';
import { compose, type Services } from '../compose.ts';
import type { PacketsOptions } from '../declare-packets.ts';
import { inputsOf } from '../inputs.ts';
import { mergeLayer } from '../merge-layer.ts';
import { optionsLayer } from '../options-layer.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { optionError, reportDamage, startCommand } from '../report.ts';
import { listenForSignals } from '../signals.ts';

const DEFAULT_FIELDS = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.protocols'];

/** `/s` is a space, as in tshark; `/t` a tab. */
const aggregatorOf = (text: string | undefined): string | undefined =>
  text === '/s' ? ' ' : text === '/t' ? '\t' : text;

/**
 * What the run needs: without the dissectors of applications, which take long to load, where everything that was named is
 * known without them. (No application has a field of the name of a carrier's.)
 */
async function composeFor(
  wanted: readonly string[],
  file: readonly Layer[],
  options: PacketsOptions,
): Promise<Services> {
  const { config, plugin, preset, where, key, decodeAs } = options;
  const requests = pluginRequests(file, plugin);
  if ([config, plugin, preset, where, key, decodeAs].every((one) => one === undefined)) {
    const services = await compose(requests, false);
    const known = (name: string) => services.registry.fields.has(name) || FRAME_FIELDS.has(name);
    if (wanted.every((name) => known(name) && FRAME_FIELDS.get(name)?.needs !== 'layers')) return services;
  }
  return compose(requests);
}

/** Reads frames and hands them on, until one side ends. */
async function pump(run: FrameRun, taker: PacketTaker, live: boolean): Promise<Stopped> {
  try {
    const stopped = await run.read(
      (cursor) => taker.take(cursor),
      (idle) => taker.flush(live || idle),
    );
    await taker.close();
    return stopped;
  } catch (error) {
    // What a device gave until it failed is right.
    const isDevice = error instanceof PacketloomError && error.code === 'device';
    await (isDevice ? taker.close() : taker.abort());
    throw error;
  }
}

/** A capture that can be read twice. */
function isFile(target: string): boolean {
  return target !== '-' && (statSync(target, { throwIfNoEntry: false })?.isFile() ?? false);
}

/** Frames that come once only have their flows at once: no setting may put them in another order or keep them waiting. */
function refuseUnknown({ settings, imitation, additions }: Settled): void {
  const why =
    imitation !== undefined
      ? 'compatibility exact'
      : settings.reorder > 0
        ? 'a reorder window'
        : settings.duplicates !== undefined
          ? 'a window of duplicates'
          : settings.sampling !== undefined
            ? 'sampling'
            : additions.anonymize !== undefined
              ? 'anonymisation'
              : undefined;
  if (why !== undefined) throw optionError(`flow_id: with ${why} the flows of frames are known for capture files only`);
}

/** `packetloom packets`: a row of fields for each frame, or the frames themselves. Sets the exit code. */
export async function runPacketsCommand(captures: readonly string[], options: PacketsOptions): Promise<void> {
  startCommand('packets');
  const file = options.config === undefined ? [] : [readConfiguration(options.config)];
  const fields = options.write === undefined ? (options.fields ?? DEFAULT_FIELDS) : [];
  const { registry, shapeCheck } = await composeFor(fields, file, options);
  const layers = [...mergeLayer(options), ...file, optionsLayer(options, registry)];
  const check = await shapeCheck();
  const settled = settle(registry, check, layers);
  const { where, decodeAs } = settled;
  const ofFlows = where !== undefined && asksForFlow(where.text);
  // Flows are made of all frames that the configuration wants; a filter over flows comes behind them.
  const metered = ofFlows && options.where !== undefined ? settle(registry, check, file).where : where;
  if (options.write !== undefined && options.fields !== undefined) {
    throw optionError('--write: the frames are written instead of rows: leave out --fields');
  }
  const columns = selectColumns(registry, fields, 'packets');
  const inputs = inputsOf(captures, options, registry);
  // Merged interfaces: rows and flows see frames in the order of time.
  const window = inputs.live && options.merge === true ? settled.settings.reorder : 0;
  const settings = window > 0 ? { ...settled.settings, reorder: 0 } : settled.settings;
  const signals = listenForSignals();
  let stopped: Stopped;
  const { signal } = signals;
  const { limits } = inputs;
  const flows = ofFlows || needed(columns, 'flows');
  let known: FrameFlows | undefined;
  if (flows && !inputs.live && inputs.targets.every(isFile)) {
    try {
      const { imitation } = settled;
      const { anonymizer } = rowAdditions({ ...settled.additions, labels: undefined });
      const meter = {
        registry,
        settings,
        where: metered,
        decodeAs,
        imitation,
        additions: { anonymizer },
        signal,
        limits,
      };
      known = await meterFrames({ ...meter, reader: breathing(await inputs.open(signal)) });
    } catch (error) {
      signals.dispose();
      throw withAllProblems(error, registry, check, layers, true);
    }
  } else if (flows) refuseUnknown({ ...settled, settings });
  const opened = breathing(await inputs.open(signals.signal));
  const { clockStep: step } = settings;
  const most = limits.frames ?? Number.POSITIVE_INFINITY;
  const reader = window > 0 ? new ReorderingReader(opened, { window, step, most }) : opened;
  try {
    const run = new FrameRun({
      registry,
      reader,
      demanded: demandedBy(columns),
      all: needed(columns, 'layers'),
      layers: needed(columns, 'walk'),
      times: needed(columns, 'times'),
      flows: flows ? settings : undefined,
      known,
      metered,
      where,
      decodeAs,
      signal: signals.signal,
      limits: inputs.limits,
      live: inputs.live,
    });
    const rows = { ...options, aggregator: aggregatorOf(options.aggregator), target: '-' };
    const taker =
      options.write === undefined
        ? await openPacketRows(registry, columns, rows, run.cursor)
        : await openFrameFile(options.write);
    stopped = await pump(run, taker, inputs.live);
  } catch (error) {
    throw withAllProblems(error, registry, check, layers, flows);
  } finally {
    await reader.close();
    signals.dispose();
  }
  const damaged = reportDamage(reader);
  if (signals.code !== undefined && !inputs.live && stopped === 'signal') process.exitCode = signals.code;
  else if (damaged) process.exitCode = 3;
}
