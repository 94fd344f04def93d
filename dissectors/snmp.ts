import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import { bytes, computed, header, ipv4, located, masked, repeated, text, uint8 } from '../core/declare/kinds.ts';
import { contentAt, contentOf, element, endOf, identifier, integer, lengthBefore } from './parts/ber.ts';
import { spanning } from './parts/spanning.ts';
import type { Find } from './parts/vector.ts';
import { etherType, tcpPort, udpPort } from './tables.ts';

const SEQUENCE = 0x30;
const INTEGER = 2;
const OCTETS = 4;
const IDENTIFIER = 6;
const TRAP = 0xa4;
const BULK = 0xa5;
const VERSION_3 = 3;

const versionOf: Find = (view, at, end) => {
  const content = contentOf(view, at, end);
  return content >= 0 && content + 3 <= end ? view[content + 2]! : -1;
};
/** The `index`th element of the message: version, community, data. */
const part =
  (index: number): Find =>
  (view, at, end) => {
    const content = contentOf(view, at, end);
    return content < 0 ? -1 : element(view, content, end, index);
  };
/** The same, of versions 1 and 2c alone. */
const plain =
  (index: number): Find =>
  (view, at, end) =>
    versionOf(view, at, end) < VERSION_3 ? part(index)(view, at, end) : -1;
const data = plain(2);

/** The `index`th element of the data, where their tag is one that `when` takes. */
const inside =
  (index: number, when: (tag: number) => boolean): Find =>
  (view, at, end) => {
    const place = data(view, at, end);
    if (place < 0 || !when(view[place]!)) return -1;
    const content = contentOf(view, place, end);
    return content < 0 ? -1 : element(view, content, end, index);
  };
const isTrap = (tag: number) => tag === TRAP;
const isBulk = (tag: number) => tag === BULK;
const isPlain = (tag: number) => tag !== TRAP && tag !== BULK;
const bindings: Find = (view, at, end) => {
  const place = data(view, at, end);
  return place < 0 ? -1 : inside(view[place] === TRAP ? 5 : 3, () => true)(view, at, end);
};

const bindingCount: Find = (view, at, end) => {
  const list = bindings(view, at, end);
  if (list < 0) return Number.NaN;
  const stop = Math.min(endOf(view, list, end), end);
  let count = 0;
  for (let place = contentOf(view, list, end); place >= 0 && place < stop; count += 1) place = endOf(view, place, stop);
  return count;
};

/** The value of a binding, where its tag is `tag`. */
const value =
  (...tags: number[]): Find =>
  (view, at, end) => {
    const content = contentOf(view, at, end);
    const place = content < 0 ? -1 : element(view, content, end, 1);
    return place >= 0 && tags.includes(view[place]!) ? place : -1;
  };
const name: Find = (view, at, end) => {
  const content = contentOf(view, at, end);
  return content >= 0 && content < end && view[content] === IDENTIFIER ? content : -1;
};
const span = (field: string, tag: number): Field => located(contentAt(value(tag)), bytes(field, lengthBefore));

/** A variable and its value: RFC 3416, section 3. */
const binding = header({
  name: identifier('snmp.name', name, { title: 'Name' }),
  integer: integer('snmp.value.int', value(INTEGER), true),
  octets: span('snmp.value.octets', OCTETS),
  identifier: identifier('snmp.value.oid', value(IDENTIFIER)),
  address: located(contentAt(value(0x40)), ipv4('snmp.value.ipv4')),
  counter: integer('snmp.value.counter', value(0x41, 0x46), false),
  gauge: integer('snmp.value.g32', value(0x42), true),
  ticks: integer('snmp.value.timeticks', value(0x43), false),
  opaque: span('snmp.value.opaque', 0x44),
});

const versions = { values: { 0: 'version 1', 1: 'version 2c', 3: 'version 3' } };
const untilNull = (view: Uint8Array, at: number, length: number): string => {
  let size = 0;
  while (size < length && view[at + size] !== 0) size += 1;
  return decoder.decode(view.subarray(at, at + size));
};
const decoder = new TextDecoder();

const fields = header({
  version: integer(
    'snmp.version',
    (view, at, end) => (versionOf(view, at, end) < VERSION_3 ? part(0)(view, at, end) : -1),
    true,
    versions,
  ),
  secureVersion: integer(
    'snmp.msgVersion',
    (view, at, end) => (versionOf(view, at, end) === VERSION_3 ? part(0)(view, at, end) : -1),
    true,
    versions,
  ),
  community: located(contentAt(plain(1)), text('snmp.community', lengthBefore, { format: untilNull })),
  data: located(
    data,
    spanning(
      masked(
        uint8('snmp.data', {
          title: 'Message',
          values: {
            0: 'Get request',
            1: 'Get-next request',
            2: 'Response',
            3: 'Set request',
            4: 'Trap (version 1)',
            5: 'Get-bulk request',
            6: 'Inform request',
            7: 'Trap (version 2)',
            8: 'Report',
          },
        }),
        0x1f,
      ),
      (view, at, end) => endOf(view, at, end) - at,
    ),
  ),
  request: integer(
    'snmp.request_id',
    inside(0, (tag) => tag !== TRAP),
    true,
  ),
  errorStatus: integer('snmp.error_status', inside(1, isPlain), true),
  errorIndex: integer('snmp.error_index', inside(2, isPlain), true),
  nonRepeaters: integer('snmp.non_repeaters', inside(1, isBulk), false),
  maximumRepetitions: integer('snmp.max_repetitions', inside(2, isBulk), false),
  enterprise: identifier('snmp.enterprise', inside(0, isTrap)),
  agent: located(contentAt(inside(1, isTrap)), ipv4('snmp.agent_addr')),
  generic: integer('snmp.generic_trap', inside(2, isTrap), true),
  specific: integer('snmp.specific_trap', inside(3, isTrap), true),
  time: integer('snmp.time_stamp', inside(4, isTrap), false),
  bindingCount: located(
    contentAt(bindings),
    spanning(computed('snmp.variable_bindings', 'uint', bindingCount), lengthBefore),
  ),
  bindings: repeated({
    from: contentAt(bindings),
    to: (view, at, end) => endOf(view, bindings(view, at, end), end),
    next: endOf,
    item: binding,
    title: 'Variable',
  }),
});

/** Simple Network Management Protocol, versions 1 and 2c: RFC 1157, 3416, 1901. Of version 3 only the version is read. */
export const snmp = defineDissector({
  name: 'snmp',
  title: 'Simple Network Management Protocol',
  claims: [udpPort.at(161), udpPort.at(162), udpPort.at(8161), tcpPort.at(161), tcpPort.at(162), etherType.at(0x814c)],
  fields,
  minimum: 5,
  accept(view, at, end, frame) {
    if (at + 5 > end || view[at] !== SEQUENCE) return false;
    const content = contentOf(view, at, end);
    if (content < 0 || endOf(view, at, end) > frame.contained || content + 4 > end) return false;
    if (view[content] !== INTEGER || view[content + 1] !== 1) return false;
    const version = view[content + 2]!;
    return version === VERSION_3 ? view[content + 3] === SEQUENCE : version <= 2 && view[content + 3] === OCTETS;
  },
  dissect(frame, view, at) {
    const end = endOf(view, at, frame.end);
    if (end > frame.end) frame.short(at, end - at);
  },
});
