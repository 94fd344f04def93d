import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv4,
  located,
  mac,
  masked,
  part,
  repeated,
  text,
  uint8,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { readableEnd } from '../core/frame/values.ts';
import { skipName } from './parts/dns-name.ts';
import { netbiosName, plainNetbiosName } from './parts/netbios-name.ts';
import { type Find, u16 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const HEADER = 12;
const NB = 32;
const NBSTAT = 33;
/** Query, registration, release, wait, refresh (two numbers), multi-homed registration. */
const OPERATIONS = new Set([0, 5, 6, 7, 8, 9, 15]);
const types = { values: { 1: 'A', 2: 'NS', 10: 'NULL', 32: 'NB', 33: 'NBSTAT' } };
const ENTRY = 18;
/** A name of one byte, type and class; and for a record lifetime and length. */
const SHORTEST_QUESTION = 5;
const SHORTEST_RECORD = 11;
const LETTERS = 32;
const FEW = 4;

const nameField = (record: boolean): Field =>
  located(
    (view, at, end) => (skipName(view, at, end) < 0 ? -1 : at),
    text('nbns.name', (view, at, end) => skipName(view, at, end) - at, {
      format: (view, at, _length, frame, layer) => {
        const end = readableEnd(frame, layer);
        const behindName = skipName(view, at, end);
        const use = record && behindName + 2 <= end && u16(view, behindName) === NB;
        return netbiosName(view, at, end, frame.layerOffset[layer]!, use);
      },
    }),
  );
const behind =
  (skip: number, when?: (type: number) => boolean): Find =>
  (view, at, end) => {
    const place = skipName(view, at, end);
    if (place < 0 || place + skip > end) return -1;
    return when === undefined || when(u16(view, place)) ? place + skip : -1;
  };
const next =
  (fixed: number): Find =>
  (view, at, end) => {
    const place = skipName(view, at, end);
    return place < 0 || place + fixed > end ? end : place + fixed + (fixed > 4 ? u16(view, place + 8) : 0);
  };
const nextQuestion = next(4);
const nextRecord = next(10);

/** A name of this node and what is said of it, in the answer to a status query (RFC 1002, 4.2.18). */
const ownName = header({
  name: text('nbns.netbios_name', 16, { format: plainNetbiosName }),
  flags: uint16('nbns.name_flags', { display: 'hex' }),
  group: part(flag('nbns.name_flags.group')),
  owner: located((_view, at) => at + 16, masked(uint16('nbns.name_flags.ont'), 0x6000)),
  deregistering: located((_view, at) => at + 16, masked(flag('nbns.name_flags.drg'), 0x1000, 2)),
  conflict: located((_view, at) => at + 16, masked(flag('nbns.name_flags.cnf'), 0x800, 2)),
  active: located((_view, at) => at + 16, masked(flag('nbns.name_flags.act'), 0x400, 2)),
  permanent: located((_view, at) => at + 16, masked(flag('nbns.name_flags.prm'), 0x200, 2)),
});

const behindNames =
  (skip: number): Find =>
  (view, at) =>
    at + 1 + view[at]! * ENTRY + skip;

const status = header({
  count: uint8('nbns.number_of_names'),
  names: repeated({
    from: (_view, at) => at + 1,
    to: behindNames(0),
    next: (_view, at, end) => (at + ENTRY <= end ? at + ENTRY : -1),
    item: ownName,
    title: 'Name',
  }),
  unit: located(behindNames(0), mac('nbns.unit_id')),
  jumpers: located(behindNames(6), uint8('nbns.jumpers', { display: 'hex' })),
  testResult: located(behindNames(7), uint8('nbns.test_result', { display: 'hex' })),
  version: located(behindNames(8), uint16('nbns.version_number', { display: 'hex' })),
  period: located(behindNames(10), uint16('nbns.period_of_statistics', { display: 'hex' })),
});

const question = header({
  name: nameField(false),
  type: located(behind(0), uint16('nbns.type', types)),
  class: located(behind(2), uint16('nbns.class')),
});

const record = header({
  name: nameField(true),
  type: located(behind(0), uint16('nbns.type', types)),
  class: located(behind(2), uint16('nbns.class')),
  lifetime: located(behind(4), uint32('nbns.ttl', { unit: 's' })),
  length: located(behind(8), uint16('nbns.data_length', { unit: 'bytes' })),
  addresses: repeated({
    from: behind(10, (type) => type === NB),
    next: (_view, at, end) => (at + 2 <= end ? Math.min(at + 6, end) : -1),
    item: header({
      flags: uint16('nbns.nb_flags', { display: 'hex' }),
      group: part(flag('nbns.nb_flags.group')),
      owner: located((_view, at) => at, masked(uint16('nbns.nb_flags.ont'), 0x6000)),
      address: ipv4('nbns.addr'),
    }),
    title: 'Address',
  }),
  status: repeated({
    from: behind(10, (type) => type === NBSTAT),
    next: (_view, _at, end) => end,
    item: status,
    title: 'Node status',
  }),
  data: located(
    behind(10, (type) => type !== NB && type !== NBSTAT),
    bytes('nbns.data', (_view, at, end) => end - at),
  ),
});

const isResponse: When = (view, at) => (view[at + 2]! & 0x80) !== 0;
const bit = (name: string, mask: number, when?: When): Field =>
  located(
    (view, at, end, frame, layer) => {
      if (at + 4 > end) return -1;
      return when === undefined || when(view, at, end, frame, layer) ? at + 2 : -1;
    },
    masked(flag(name), mask, 2),
  );

function behindItems(view: Uint8Array, at: number, end: number, records: boolean): number {
  const all = records ? u16(view, at + 6) + u16(view, at + 8) + u16(view, at + 10) : 0;
  let place = at + HEADER;
  for (let left = u16(view, at + 4); left > 0 && place < end; left -= 1) place = nextQuestion(view, place, end);
  for (let left = all; left > 0 && place < end; left -= 1) place = nextRecord(view, place, end);
  return place;
}

const fields = header({
  id: uint16('nbns.id', { title: 'Identifier', display: 'hex' }),
  flags: uint16('nbns.flags', { display: 'hex' }),
  response: bit('nbns.flags.response', 0x8000),
  operation: located((_view, at) => at + 2, masked(uint16('nbns.flags.opcode'), 0x7800)),
  authoritative: bit('nbns.flags.authoritative', 0x400, isResponse),
  truncated: bit('nbns.flags.truncated', 0x200),
  recursionDesired: bit('nbns.flags.recdesired', 0x100),
  recursionAvailable: bit('nbns.flags.recavail', 0x80, isResponse),
  broadcast: bit('nbns.flags.broadcast', 0x10),
  code: located(
    (view, at, end, frame, layer) => (at + 4 <= end && isResponse(view, at, end, frame, layer) ? at + 2 : -1),
    masked(uint16('nbns.flags.rcode'), 15),
  ),
  questionCount: uint16('nbns.count.queries'),
  answers: uint16('nbns.count.answers'),
  authorities: uint16('nbns.count.auth_rr'),
  additional: uint16('nbns.count.add_rr'),
  questions: repeated({
    from: (_view, at) => at + HEADER,
    to: (view, at, end) => behindItems(view, at, end, false),
    next: nextQuestion,
    item: question,
    title: 'Question',
  }),
  records: repeated({
    from: (view, at, end) => (at + HEADER <= end ? behindItems(view, at, end, false) : -1),
    to: (view, at, end) => behindItems(view, at, end, true),
    next: nextRecord,
    item: record,
    title: 'Record',
  }),
});

/** A name of 32 letters from A to P (RFC 1001, 14.1), but for a few that may be damaged. */
function isEncoded(view: Uint8Array, at: number, end: number): boolean {
  if (at + LETTERS >= end || view[at] !== LETTERS) return false;
  let letters = 0;
  for (let i = 1; i <= LETTERS; i += 1) if (view[at + i]! >= 0x41 && view[at + i]! <= 0x50) letters += 1;
  return letters >= LETTERS - FEW;
}

/** NetBIOS Name Service, RFC 1002, section 4.2. */
export const nbns = defineDissector({
  name: 'nbns',
  title: 'NetBIOS Name Service',
  claims: [udpPort.at(137)],
  fields,
  accept(view, at, end, frame) {
    if (at + HEADER > end) return false;
    const first = at + HEADER;
    if (isEncoded(view, first, end)) return true;
    if (!OPERATIONS.has((view[at + 2]! >>> 3) & 15)) return false;
    const questions = u16(view, at + 4);
    const records = u16(view, at + 6) + u16(view, at + 8) + u16(view, at + 10);
    // Four numbers that there is room for are not there by chance.
    return (
      questions + records > 0 && SHORTEST_QUESTION * questions + SHORTEST_RECORD * records <= frame.contained - first
    );
  },
});
