import { defineDissector } from '../../../core/declare/dissector.ts';
import { header, ipv4, uint8, uint16, uint32 } from '../../../core/declare/kinds.ts';
import { definePlugin } from '../../../core/declare/plugin.ts';
import { createRegistry } from '../../../core/declare/registry.ts';
import type { FlowFacts, Program } from '../../../core/expression/program.ts';
import { planKey } from '../../../core/flow/key-plan.ts';
import { Meter } from '../../../core/flow/meter.ts';
import { column, RowBatch } from '../../../core/flow/rows.ts';
import { defaultFlowSettings, END_REASONS, type EndReason, type FlowSettings } from '../../../core/flow/settings.ts';
import { frameColumns, Stage } from '../../../core/flow/stage.ts';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { linkTypes } from '../../../core/frame/walk.ts';
import { makeDispatch } from '../../../core/run/dispatch.ts';

/** A protocol of the tests' own that states everything the meter listens to. Link type 147 is for private use. */
const fields = header({
  kind: uint8('toy.kind'), // 0 ports, 1 stream, 2 exchange, 3 one-way, 4 no ports
  protocol: uint8('toy.protocol'),
  sourcePort: uint16('toy.srcport'),
  destinationPort: uint16('toy.dstport'),
  control: uint8('toy.control'),
  label: uint8('toy.label'),
  sequence: uint32('toy.sequence'),
  acknowledgment: uint32('toy.acknowledgment'),
  payload: uint32('toy.payload'),
  source: ipv4('toy.src'),
  destination: ipv4('toy.dst'),
});
const toy = defineDissector({
  name: 'toy',
  title: 'Toy',
  level: 'network',
  claims: [linkTypes.at(147)],
  fields,
  key: { pairs: [['toy.src', 'toy.dst']], symmetric: ['toy.label'] },
  dissect(frame, bytes, at) {
    frame.network(at + 20, 4, fields.protocol.read(bytes, at), at + 28);
    const kind = fields.kind.read(bytes, at);
    const source = fields.sourcePort.read(bytes, at);
    const destination = fields.destinationPort.read(bytes, at);
    if (kind <= 1) frame.ports(source, destination);
    if (kind === 1) {
      const { control, sequence, acknowledgment } = fields;
      frame.stream(control.read(bytes, at), sequence.read(bytes, at), acknowledgment.read(bytes, at));
    }
    if (kind === 2) frame.exchange(source, destination, source === 8 ? 0 : 8);
    if (kind === 3) frame.exchange(source, destination, -1);
    frame.payload(at + 28, at + 28 + fields.payload.read(bytes, at));
  },
});

export const toyRegistry = createRegistry([definePlugin({ name: 'toy', dissectors: [toy] })]);

/** A frame of the toy protocol. */
export interface ToyFrame {
  /** Nanoseconds since 1970 as a bigint, or null for a record without a time. */
  readonly time: bigint | null;
  /** Last number of the source's and destination's address. */
  readonly from?: number;
  readonly to?: number;
  readonly ports?: readonly [number, number];
  readonly kind?: 'udp' | 'tcp' | 'exchange' | 'one-way' | 'none';
  readonly flags?: string;
  readonly sequence?: number;
  readonly acknowledgment?: number;
  readonly payload?: number;
  readonly label?: number;
  readonly linkType?: number;
}

const FLAGS: Record<string, number> = { F: 1, S: 2, R: 4, P: 8, A: 16 };
const KINDS = { udp: 0, tcp: 1, exchange: 2, 'one-way': 3, none: 4 };

function encode(frame: ToyFrame): Uint8Array {
  const bytes = new Uint8Array(28);
  const view = new DataView(bytes.buffer);
  const kind = frame.kind ?? (frame.flags === undefined ? 'udp' : 'tcp');
  bytes[0] = KINDS[kind];
  bytes[1] = kind === 'tcp' ? 6 : kind === 'udp' ? 17 : kind === 'none' ? 47 : 1;
  view.setUint16(2, frame.ports?.[0] ?? 1000);
  view.setUint16(4, frame.ports?.[1] ?? 2000);
  bytes[6] = [...(frame.flags ?? '')].reduce((sum, letter) => sum | FLAGS[letter]!, 0);
  bytes[7] = frame.label ?? 0;
  view.setUint32(8, frame.sequence ?? 0);
  view.setUint32(12, frame.acknowledgment ?? 0);
  view.setUint32(16, frame.payload ?? 0);
  bytes.set([10, 0, 0, frame.from ?? 1, 10, 0, 0, frame.to ?? 2], 20);
  return bytes;
}

/** One row, as the tests compare it. Times are nanoseconds since 1970. */
export interface ToyRow {
  readonly key: string;
  readonly segment: number;
  readonly start: bigint;
  readonly end: bigint;
  readonly frames: number;
  readonly forward: number;
  readonly reason: string;
  readonly id: string;
}

const absolute = (facts: FlowFacts, time: number): bigint => BigInt(facts.base) * 1_000_000_000n + BigInt(time);

/** Runs frames through stage 1 and the meter, in batches of `batchSize`. */
export function meter(
  frames: readonly ToyFrame[],
  changes: Partial<FlowSettings> = {},
  batchSize = 3,
): { rows: ToyRow[]; meter: Meter; stage: Stage } {
  const settings = { ...defaultFlowSettings, ...changes };
  const plan = planKey(toyRegistry, settings.key, settings.bidirectional);
  const rows: ToyRow[] = [];
  const columns = frameColumns(batchSize);
  const program: Program = {
    birth: new Float64Array([0]),
    timeSlots: [],
    createObjects: undefined,
    shiftObjects: () => {},
    demanded: [],
    gather: () => {},
    update: (slots, at, _objects, _index, forward) => {
      if (forward) slots[at]! += 1;
    },
    columns: [column('x', 'number')],
    keep: () => true,
    finish: (slots, at, _objects, facts) => {
      const [source, destination] = [facts.sourceWords[0]! & 0xff, facts.destinationWords[0]! & 0xff];
      rows.push({
        key: `${source}:${facts.sourcePort}>${destination}:${facts.destinationPort}/${facts.protocol}`,
        segment: facts.segment,
        start: absolute(facts, facts.start),
        end: absolute(facts, facts.end),
        frames: facts.frames,
        forward: slots[at]!,
        reason: END_REASONS[facts.endReason as EndReason],
        id: facts.idHigh.toString(16).padStart(8, '0') + facts.idLow.toString(16).padStart(8, '0'),
      });
    },
  };
  const stage = new Stage(makeDispatch(toyRegistry, [], false, []), program, plan, columns, undefined);
  const subject = new Meter(settings, plan, program, stage);
  const output = new RowBatch(program.columns, 4);
  const batch = new FrameBatch(batchSize, batchSize * 28);
  const drain = () => {
    while (subject.drain(output)) output.count = 0;
    output.count = 0;
  };
  for (let first = 0; first < frames.length; first += batchSize) {
    const some = frames.slice(first, first + batchSize);
    batch.count = some.length;
    some.forEach((frame, i) => {
      batch.bytes.set(encode(frame), i * 28);
      batch.offset[i] = i * 28;
      batch.captured[i] = 28;
      batch.wire[i] = 28 + (frame.payload ?? 0);
      batch.seconds[i] = frame.time === null ? 0 : Number(frame.time / 1_000_000_000n);
      batch.nanoseconds[i] = frame.time === null ? -1 : Number(frame.time % 1_000_000_000n);
      batch.linkType[i] = frame.linkType ?? 147;
    });
    stage.run(batch);
    subject.process(batch);
    drain();
  }
  subject.finish();
  drain();
  return { rows, meter: subject, stage };
}

/** Seconds as nanoseconds. */
export const s = (seconds: number): bigint => BigInt(Math.round(seconds * 1e6)) * 1000n;
