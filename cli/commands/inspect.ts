import type { Registry } from '../../core/declare/registry.ts';
import { openOutput } from '../../core/output/output-file.ts';
import { ChunkOutput } from '../../core/packets/chunk-output.ts';
import type { Cursor } from '../../core/packets/cursor.ts';
import { FrameRun } from '../../core/packets/frame-run.ts';
import { JsonInspector } from '../../core/packets/inspect-json.ts';
import { textInspector } from '../../core/packets/inspect-text.ts';
import { FIELD_BYTES } from '../../core/packets/layer-json.ts';
import { Protocols } from '../../core/packets/protocols.ts';
import { TracingFrame } from '../../core/packets/tracing-frame.ts';
import { breathing } from '../../core/run/breathe.ts';
import { settle } from '../../core/run/check.ts';
import { compose } from '../compose.ts';
import type { InspectOptions } from '../declare-inspect.ts';
import { inputsOf } from '../inputs.ts';
import { optionsLayer } from '../options-layer.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { optionError, reportDamage, startCommand } from '../report.ts';
import { listenForSignals } from '../signals.ts';

/** Frames in a batch: what is printed of them stays in a core's cache until it is written. */
const FRAMES = 32;

interface Range {
  readonly first: number;
  readonly last: number;
}

/** `7`, `7-9`, `7-` (to the end). */
function rangeOf(text: string): Range {
  const match = /^(\d+)(-(\d*))?$/.exec(text);
  const first = Number(match?.[1]);
  const last = match?.[2] === undefined ? first : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3]);
  if (match === null || first < 1 || last < first) {
    throw optionError(`--frame ${text}: expected the number of a frame, from 1, or a range such as 3-5`);
  }
  return { first, last };
}

/** Writes the frame at the cursor; `i` counts from 0. */
type Print = (cursor: Cursor, output: ChunkOutput, i: number) => void;

function printer(options: InspectOptions, registry: Registry, frame: TracingFrame, cursor: Cursor): Print {
  const dump = options.hex === true;
  if (options.json === true) {
    const inspector = new JsonInspector(registry, frame, cursor, dump);
    return (_cursor, { chunk }, i) => {
      chunk.add(i === 0 ? '[' : ',\n');
      inspector.write(chunk);
    };
  }
  const text = textInspector(registry, frame, new Protocols(registry.dissectors.values()), dump);
  return (_cursor, { chunk }, i) => chunk.add((i === 0 ? '' : '\n') + text(cursor));
}

/** `packetloom inspect`: the field tree of chosen frames. Sets the exit code. */
export async function runInspectCommand(capture: string, options: InspectOptions): Promise<void> {
  startCommand('inspect');
  const { first, last } = rangeOf(options.frame);
  const { registry, shapeCheck } = await compose(pluginRequests([], options.plugin));
  const { decodeAs } = settle(registry, await shapeCheck(), [optionsLayer(options, registry)]);
  const inputs = inputsOf([capture], {}, registry);
  const signals = listenForSignals();
  const reader = breathing(await inputs.open(signals.signal));
  try {
    const frame = new TracingFrame();
    const limits = Number.isFinite(last) ? { frames: last } : {};
    const { signal } = signals;
    const capacity = FRAMES;
    const run = new FrameRun({
      registry,
      reader,
      demanded: [],
      all: true,
      decodeAs,
      signal,
      limits,
      from: first,
      capacity,
      frame,
    });
    const print = printer(options, registry, frame, run.cursor);
    const output = new ChunkOutput(await openOutput({ sink: 'inspect', target: '-', stop() {} }), FIELD_BYTES);
    let printed = 0;
    try {
      await run.read(
        (cursor) => {
          print(cursor, output, printed);
          printed += 1;
        },
        () => (output.full ? output.flush().then(() => !output.gone) : !output.gone),
      );
      if (printed > 0 && options.json === true) output.chunk.add(']\n');
    } catch (error) {
      await output.abort();
      throw error;
    }
    await output.close();
    if (printed === 0 && !signal.aborted) {
      reportDamage(reader);
      throw optionError(`--frame ${options.frame}: ${capture} has ${run.frames} frames`);
    }
  } finally {
    await reader.close();
    signals.dispose();
  }
  const damaged = reportDamage(reader);
  if (signals.code !== undefined) process.exitCode = signals.code;
  else if (damaged) process.exitCode = 3;
}
