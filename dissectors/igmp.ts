import { defineDissector } from '../core/declare/dissector.ts';
import {
  bytes,
  computed,
  flag,
  header,
  ipv4,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
} from '../core/declare/kinds.ts';
import { type Find, u16 } from './parts/vector.ts';
import { ipProtocol } from './tables.ts';

const FIXED = 8;
const QUERY_3 = 12;
const QUERY = 0x11;
const REPORT_1 = 0x12;
const REPORT_2 = 0x16;
const LEAVE = 0x17;
const REPORT_3 = 0x22;
const GROUP_RECORD = 8;

/** The version of a message: of its type, and of its length and code for queries (RFC 3376, 7.1). */
const version: Find = (view, at, end) => {
  if (at + FIXED > end) return Number.NaN;
  switch (view[at]) {
    case QUERY:
      return at + QUERY_3 <= end ? 3 : view[at + 1] === 0 ? 1 : 2;
    case REPORT_1:
      return 1;
    case REPORT_2:
    case LEAVE:
      return 2;
    case REPORT_3:
      return 3;
    default:
      return Number.NaN;
  }
};
const isQuery3 = (view: Uint8Array, at: number, end: number) => at + QUERY_3 <= end && view[at] === QUERY;
const hasGroup = (view: Uint8Array, at: number) => view[at] !== REPORT_3;
const isReport3 = (view: Uint8Array, at: number) => view[at] === REPORT_3;
const isVersion2 = (view: Uint8Array, at: number, end: number) =>
  version(view, at, end) === 2 || isQuery3(view, at, end);

/** From 128 on a mantissa and an exponent, in version 3 (RFC 3376, 4.1.1). */
const maximumResponse: Find = (view, at, end) => {
  if (!isVersion2(view, at, end)) return Number.NaN;
  const code = view[at + 1]!;
  return code < 128 || version(view, at, end) < 3 ? code : ((code & 15) | 16) << (((code >> 4) & 7) + 3);
};

const addresses = (from: Find, count: Find) =>
  repeated({
    from,
    to: (view, at, end) => from(view, at, end) + count(view, at, end) * 4,
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ address: ipv4('igmp.saddr', { title: 'Source' }) }),
    title: 'Source',
  });
const recordSources: Find = (view, at, end) => (at + 4 <= end ? u16(view, at + 2) : 0);
const auxiliaryAt: Find = (view, at, end) =>
  at + GROUP_RECORD <= end && view[at + 1]! > 0 ? at + GROUP_RECORD + recordSources(view, at, end) * 4 : -1;

/** A group record of a version 3 report (RFC 3376, 4.2.4). */
const record = header({
  type: uint8('igmp.record_type', {
    values: {
      1: 'Mode is include',
      2: 'Mode is exclude',
      3: 'Change to include',
      4: 'Change to exclude',
      5: 'Allow new sources',
      6: 'Block old sources',
    },
  }),
  auxiliaryLength: uint8('igmp.aux_data_len', { title: 'Auxiliary data (4-byte words)' }),
  sourceCount: uint16('igmp.num_src', { title: 'Number of sources' }),
  group: ipv4('igmp.maddr', { title: 'Group' }),
  sources: addresses((_view, at) => at + GROUP_RECORD, recordSources),
  auxiliary: located(
    auxiliaryAt,
    bytes('igmp.aux_data', (_view, at, end) => end - at),
  ),
});

const fields = header({
  version: computed('igmp.version', 'uint', version),
  type: uint8('igmp.type', {
    display: 'hex',
    values: {
      [QUERY]: 'Membership query',
      [REPORT_1]: 'Version 1 membership report',
      19: 'DVMRP',
      20: 'PIM version 1',
      [REPORT_2]: 'Version 2 membership report',
      [LEAVE]: 'Leave group',
      30: 'Multicast traceroute response',
      31: 'Multicast traceroute',
      [REPORT_3]: 'Version 3 membership report',
    },
  }),
  maximumResponse: located(
    (view, at, end) => (isVersion2(view, at, end) ? at + 1 : -1),
    computed('igmp.max_resp', 'uint', maximumResponse, { title: 'Maximum response time (1/10 s)' }, 1),
  ),
  reserved: optional(
    (view, at, end) => isReport3(view, at) || version(view, at, end) === 1,
    bytes('igmp.reserved', 1),
    1,
  ),
  checksum: located((_view, at) => at + 2, uint16('igmp.checksum', { display: 'hex' })),
  reservedBefore: optional(isReport3, bytes('igmp.reserved', 2), 4),
  group: optional(hasGroup, ipv4('igmp.maddr', { title: 'Group' }), 4),
  suppress: located(
    (view, at, end) => (isQuery3(view, at, end) ? at + 8 : -1),
    masked(flag('igmp.s', { title: 'Suppress router-side processing' }), 8),
  ),
  robustness: located(
    (view, at, end) => (isQuery3(view, at, end) ? at + 8 : -1),
    masked(uint8('igmp.qrv', { title: "Querier's robustness variable" }), 7),
  ),
  interval: optional(isQuery3, uint8('igmp.qqic', { title: "Querier's query interval code" }), 9),
  sourceCount: optional(isQuery3, uint16('igmp.num_src', { title: 'Number of sources' }), 10),
  sources: addresses(
    (view, at, end) => (isQuery3(view, at, end) ? at + QUERY_3 : -1),
    (view, at) => u16(view, at + 10),
  ),
  recordCount: optional(isReport3, uint16('igmp.num_grp_recs', { title: 'Number of group records' }), 6),
  records: repeated({
    from: (view, at, end) => (at + FIXED <= end && isReport3(view, at) ? at + FIXED : -1),
    next: (view, at, end) =>
      at + GROUP_RECORD <= end ? at + GROUP_RECORD + recordSources(view, at, end) * 4 + view[at + 1]! * 4 : -1,
    item: record,
    title: 'Group record',
  }),
});

/** Internet Group Management Protocol, versions 1 to 3: RFC 1112, 2236, 3376. */
export const igmp = defineDissector({
  name: 'igmp',
  // Wireshark lists it twice: once for the header, once for its version.
  protocol: 'igmp:igmp',
  title: 'Internet Group Management Protocol',
  level: 'transport',
  claims: [ipProtocol.at(2)],
  fields,
  minimum: FIXED,
});
