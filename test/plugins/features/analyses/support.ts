import { spawnSync } from 'node:child_process';
import { defineObjectFeature } from '../../../../core/declare/feature.ts';
import { definePlugin } from '../../../../core/declare/plugin.ts';
import { createRegistry } from '../../../../core/declare/registry.ts';
import { compileProgram } from '../../../../core/expression/compile.ts';
import { planKey } from '../../../../core/flow/key-plan.ts';
import { Meter } from '../../../../core/flow/meter.ts';
import { defaultFlowSettings, type FlowSettings } from '../../../../core/flow/settings.ts';
import { frameColumns, Stage } from '../../../../core/flow/stage.ts';
import { FrameBatch } from '../../../../core/frame/batch.ts';
import { makeDispatch } from '../../../../core/run/dispatch.ts';
import { tcpAnalysis } from '../../../../plugins/features/analyses/tcp.ts';
import { captureFile } from '../../../../plugins/sources/capture-file.ts';
import { standard } from '../../../../plugins/standard.ts';

/** Values of one frame by name: 1 for a flag, nanoseconds for times; what is empty or false is left out. */
export type FrameValues = Readonly<Record<string, number>>;

export const NAMES = tcpAnalysis.values.map(({ name }) => name);
const DURATIONS = new Set(tcpAnalysis.values.filter(({ type }) => type === 'duration').map(({ name }) => name));
const FLAGS = new Set(tcpAnalysis.values.filter(({ type }) => type === 'boolean').map(({ name }) => name));

const CAPACITY = 512;
const DAY = 86_400e9;

/** What the analysis says of each TCP frame of a capture, by frame number; flows live as long as Wireshark's. */
export async function analysed(
  capture: string,
  changes: Partial<FlowSettings> = {},
): Promise<Map<number, FrameValues>> {
  const result = new Map<number, FrameValues>();
  let frame = 0;
  const probe = defineObjectFeature({
    name: 'probe',
    description: 'What the analysis says.',
    inputs: NAMES,
    type: 'number',
    state: {
      create: () => null,
      update(_state, inputs) {
        if (Number.isNaN(inputs[0])) return;
        const values = NAMES.map((name, i) => [name, inputs[i]!] as const);
        result.set(
          frame,
          Object.fromEntries(
            values.filter(([name, value]) => !Number.isNaN(value) && !(FLAGS.has(name) && value === 0)),
          ),
        );
      },
    },
    finish: () => 0,
  });
  const registry = createRegistry([standard, definePlugin({ name: 'test', features: [probe] })]);
  const columns = frameColumns(CAPACITY);
  const compiled = compileProgram({
    registry,
    features: [{ name: 'probe', feature: 'probe', at: 'test' }],
    keyFields: [],
    columns,
    capacity: CAPACITY,
  });
  let before = 0;
  const program = {
    ...compiled,
    update(slots: Float64Array, at: number, objects: unknown[] | undefined, index: number, forward: boolean) {
      frame = before + index + 1;
      compiled.update(slots, at, objects, index, forward);
    },
  };
  const settings = {
    ...defaultFlowSettings,
    idleTimeout: 100 * DAY,
    activeTimeout: 100 * DAY,
    tcpLinger: 100 * DAY,
    clockStep: 100 * DAY,
    ...changes,
  };
  const plan = planKey(registry, settings.key, settings.bidirectional);
  const stage = new Stage(makeDispatch(registry, program.demanded, false, []), program, plan, columns, undefined);
  const meter = new Meter(settings, plan, program, stage);
  const reader = await captureFile.open([capture], {});
  const batch = new FrameBatch(CAPACITY);
  for (let read = await reader.read(batch); read > 0; read = await reader.read(batch)) {
    stage.run(batch);
    meter.process(batch);
    before += read;
  }
  await reader.close();
  return result;
}

/** The same from tshark. */
export function tsharkAnalysis(capture: string): Map<number, FrameValues> {
  const preferences = ['ip.defragment:FALSE', 'tcp.desegment_tcp_streams:FALSE', 'tcp.relative_sequence_numbers:FALSE'];
  const { stdout, status } = spawnSync(
    'tshark',
    [
      ...['-n', '-r', capture, '-Y', 'tcp', '-T', 'fields', '-E', 'occurrence=l'],
      ...preferences.flatMap((one) => ['-o', one]),
      ...['frame.number', 'tcp.stream', 'tcp.options.sack.count', ...NAMES].flatMap((name) => ['-e', name]),
    ],
    { encoding: 'utf8', maxBuffer: 1 << 30 },
  );
  if (status !== 0 && stdout === '') throw new Error(`tshark: ${capture}`);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return new Map(
    lines.map((line) => {
      const [number, stream, blocks, ...texts] = line.split('\t');
      const values = NAMES.flatMap((name, i) => {
        const text = texts[i]!;
        if (text === '') return [];
        return [[name, DURATIONS.has(name) ? nanoseconds(text) : Number(text)] as const];
      });
      return [Number(number), { ...Object.fromEntries(values), stream: Number(stream), blocks: Number(blocks) }];
    }),
  );
}

/** Seconds with nine decimals as nanoseconds. */
function nanoseconds(text: string): number {
  const [, sign, whole, fraction] = /^(-?)(\d+)\.(\d{9})$/.exec(text)!;
  return (sign === '-' ? -1 : 1) * (Number(whole) * 1e9 + Number(fraction));
}

/** Why a value differs from tshark's, by name; undefined where nothing explains it. */
function nameOf(
  name: string,
  ours: FrameValues,
  theirs: FrameValues,
  selective: ReadonlySet<number>,
): string | undefined {
  const [own, other] = [ours[name], theirs[name]];
  const alone = Object.keys(theirs).every((key) => !key.startsWith('tcp.analysis.'));
  switch (name) {
    case 'tcp.analysis.initial_rtt':
      // tshark prints it only beside another value, and measures to the first ACK without asking for a SYN+ACK before it.
      if (other === undefined && alone) return 'handshake shown beside other values only';
      if (own === undefined) return 'handshake not seen whole';
      return other! < own ? 'data of the server before the ACK' : undefined;
    case 'tcp.analysis.ack_rtt':
      return own === 0 && other === undefined ? 'round trip of no time' : undefined;
    case 'tcp.analysis.bytes_in_flight':
    case 'tcp.analysis.push_bytes_sent':
      return selective.has(theirs.stream!) ? 'bytes selectively acknowledged' : undefined;
    case 'tcp.analysis.retransmission':
    case 'tcp.analysis.fast_retransmission':
    case 'tcp.analysis.out_of_order':
      return theirs['tcp.analysis.out_of_order'] === 1 && ours['tcp.analysis.retransmission'] === 1
        ? 'sent before and not acknowledged'
        : undefined;
    default:
      return undefined;
  }
}

/** Compares frame by frame: values compared, differences by name, and those that have none. */
export function differences(ours: ReadonlyMap<number, FrameValues>, theirs: ReadonlyMap<number, FrameValues>) {
  const selective = new Set([...theirs.values()].filter(({ blocks }) => blocks! > 0).map(({ stream }) => stream!));
  const named: Record<string, number> = {};
  const unnamed: string[] = [];
  let cells = 0;
  for (const [frame, other] of theirs) {
    const own = ours.get(frame);
    // Quoted in an error message, or cut short in the header.
    if (own === undefined) continue;
    for (const name of NAMES) {
      if (own[name] !== undefined || other[name] !== undefined) cells += 1;
      if (own[name] === other[name]) continue;
      const why = nameOf(name, own, other, selective);
      if (why === undefined) unnamed.push(`frame ${frame}: ${name} is ${own[name]}, tshark has ${other[name]}`);
      else named[why] = (named[why] ?? 0) + 1;
    }
  }
  return { cells, named, unnamed };
}
