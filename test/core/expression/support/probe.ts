import { defineDissector } from '../../../../core/declare/dissector.ts';
import {
  bits,
  flag,
  header,
  int16,
  ipv4,
  located,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../../../../core/declare/kinds.ts';
import { defineTable } from '../../../../core/declare/table.ts';
import { linkTypes } from '../../../../core/frame/walk.ts';

/** Link type of the probe, in the range for private use. */
export const PROBE_LINK = 147;

const inside = defineTable('probe.inside', 'What a probe carries');

/** Where the list of items begins: behind the name. */
const itemsAt = (bytes: Uint8Array, at: number): number => at + 21 + bytes[at + 20]!;

const fields = header({
  kind: uint8('probe.kind', { aliases: ['probe.count'] }),
  a: flag('probe.a', { aliases: ['probe.flag'] }),
  b: flag('probe.b', { aliases: ['probe.flag', 'probe.mixed'] }),
  rest: bits('probe.rest', 6),
  value: uint16('probe.value', { unit: 'bytes' }),
  signed: int16('probe.signed'),
  word: uint32('probe.word'),
  source: ipv4('probe.source', { aliases: ['probe.address'] }),
  target: ipv4('probe.target', { aliases: ['probe.address'] }),
  lease: uint16('probe.lease', { unit: 's' }),
  nameLength: uint8('probe.name_length', { aliases: ['probe.count', 'probe.mixed'] }),
  name: located(
    (_bytes, at) => at + 21,
    text('probe.name', (bytes, place) => bytes[place - 1]!),
  ),
  items: repeated({
    from: (bytes, at) => itemsAt(bytes, at) + 1,
    to: (bytes, at) => itemsAt(bytes, at) + 1 + 2 * bytes[itemsAt(bytes, at)]!,
    next: (_bytes, at) => at + 2,
    item: header({ number: uint8('probe.item'), letter: text('probe.letter', 1) }),
  }),
});

/** A made-up protocol with a field of every kind that expressions know. It may carry another probe. */
export const probe = defineDissector({
  name: 'probe',
  title: 'Probe',
  level: 'network',
  claims: [linkTypes.at(PROBE_LINK), inside.at(1)],
  tables: [inside],
  fields,
  dissect(frame, bytes, at) {
    const items = itemsAt(bytes, at);
    const end = items + 1 + 2 * bytes[items]!;
    frame.network(at + 10, 4, 99, end);
    frame.ports(bytes[at + 18]!, bytes[at + 19]!);
    frame.payload(end);
    if (bytes[at] === 2) frame.quote();
    return frame.next(inside, bytes[at] === 2 ? 1 : bytes[at]!, end);
  },
});

/** What a probe holds; everything has a value when it is not given. */
export interface ProbeValues {
  readonly a?: boolean;
  readonly b?: boolean;
  readonly rest?: number;
  readonly value?: number;
  readonly signed?: number;
  readonly word?: number;
  readonly source?: readonly number[];
  readonly target?: readonly number[];
  readonly lease?: number;
  readonly name?: string;
  readonly items?: readonly (readonly [number, string])[];
  readonly payload?: readonly number[];
  readonly inner?: ProbeValues;
  /** A probe that this one reports as faulty. */
  readonly quoted?: ProbeValues;
}

/** The bytes of a probe. */
export function probeBytes(values: ProbeValues): number[] {
  const { a = false, b = false, rest = 0, value = 0, signed = 0, word = 0, lease = 0, name = '', items = [] } = values;
  const letters = [...new TextEncoder().encode(name)];
  return [
    values.inner === undefined ? (values.quoted === undefined ? 0 : 2) : 1,
    (a ? 128 : 0) + (b ? 64 : 0) + rest,
    value >> 8,
    value & 255,
    (signed >> 8) & 255,
    signed & 255,
    word >>> 24,
    (word >>> 16) & 255,
    (word >>> 8) & 255,
    word & 255,
    ...(values.source ?? [10, 0, 0, 1]),
    ...(values.target ?? [10, 0, 0, 2]),
    lease >> 8,
    lease & 255,
    letters.length,
    ...letters,
    items.length,
    ...items.flatMap(([number, letter]) => [number, letter.charCodeAt(0)]),
    ...carried(values),
  ];
}

function carried({ inner, quoted, payload = [] }: ProbeValues): readonly number[] {
  const other = inner ?? quoted;
  return other === undefined ? payload : probeBytes(other);
}
