import { FRAME_FIELDS } from '../../core/packets/frame-fields.ts';
import { openFrameFile } from '../../core/packets/frame-file.ts';
import { FrameRun, type Stopped } from '../../core/packets/frame-run.ts';
import { openPacketRows, type PacketTaker } from '../../core/packets/rows.ts';
import { demandedBy, needed, selectColumns } from '../../core/packets/selection.ts';
import { breathing } from '../../core/run/breathe.ts';
import { settle, withAllProblems } from '../../core/run/check.ts';
import { type Layer, readConfiguration } from '../../core/run/configuration.ts';
import { compose, type Services } from '../compose.ts';
import type { PacketsOptions } from '../declare-packets.ts';
import { inputsOf } from '../inputs.ts';
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
  const { config, plugin, where, key, decodeAs } = options;
  const requests = pluginRequests(file, plugin);
  if ([config, plugin, where, key, decodeAs].every((one) => one === undefined)) {
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
    await taker.abort();
    throw error;
  }
}

/** `packetloom packets`: a row of fields for each frame, or the frames themselves. Sets the exit code. */
export async function runPacketsCommand(captures: readonly string[], options: PacketsOptions): Promise<void> {
  startCommand('packets');
  const file = options.config === undefined ? [] : [readConfiguration(options.config)];
  const fields = options.write === undefined ? (options.fields ?? DEFAULT_FIELDS) : [];
  const { registry, shapeCheck } = await composeFor(fields, file, options);
  const layers = [...file, optionsLayer(options, registry)];
  const check = await shapeCheck();
  const { settings, where, decodeAs } = settle(registry, check, layers);
  if (options.write !== undefined && options.fields !== undefined) {
    throw optionError('--write: the frames are written instead of rows: leave out --fields');
  }
  const columns = selectColumns(registry, fields, 'packets');
  const inputs = inputsOf(captures, options, registry);
  const signals = listenForSignals();
  let stopped: Stopped;
  const reader = breathing(await inputs.open(signals.signal));
  try {
    const run = new FrameRun({
      registry,
      reader,
      demanded: demandedBy(columns),
      all: needed(columns, 'layers'),
      layers: needed(columns, 'walk'),
      times: needed(columns, 'times'),
      flows: needed(columns, 'flows') ? settings : undefined,
      where,
      decodeAs,
      signal: signals.signal,
      limits: inputs.limits,
    });
    const rows = { ...options, aggregator: aggregatorOf(options.aggregator), target: '-' };
    const taker =
      options.write === undefined
        ? await openPacketRows(registry, columns, rows, run.cursor)
        : await openFrameFile(options.write);
    stopped = await pump(run, taker, inputs.live);
  } catch (error) {
    throw withAllProblems(error, registry, check, layers);
  } finally {
    await reader.close();
    signals.dispose();
  }
  const damaged = reportDamage(reader);
  if (signals.code !== undefined && !inputs.live && stopped === 'signal') process.exitCode = signals.code;
  else if (damaged) process.exitCode = 3;
}
