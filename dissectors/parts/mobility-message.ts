import type { Field, Locate, Repeated, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  ipv6,
  located,
  masked,
  optional,
  repeated,
  uint8,
  uint16,
  uint64,
} from '../../core/declare/kinds.ts';
import { ipv6Text } from '../../core/frame/text.ts';

const HOME_TEST_INIT = 1;
const CARE_OF_TEST_INIT = 2;
const HOME_TEST = 3;
const CARE_OF_TEST = 4;
const UPDATE = 5;
const ACKNOWLEDGEMENT = 6;
const ERROR = 7;
const FAST_UPDATE = 8;
const FAST_ACKNOWLEDGEMENT = 9;

const is =
  (type: number): When =>
  (view, at) =>
    view[at + 2] === type;
const hex = { display: 'hex' } as const;
const bit = (type: number, name: string, mask: number, offset: number, title: string, size = 1): Field =>
  optional(is(type), masked(flag(`mip6.${name}`, { title }), mask, size), offset);
const sequence = (type: number, name: string, offset: number): Field =>
  optional(is(type), uint16(`mip6.${name}.seqnr`, { title: 'Sequence number' }), offset);
const lifetime = (type: number, name: string, offset: number): Field =>
  optional(is(type), uint16(`mip6.${name}.lifetime`, { title: 'Lifetime (4-second units)' }), offset);

/** Where the options begin, by message. */
const OPTIONS: Readonly<Record<number, number>> = {
  0: 8,
  [HOME_TEST_INIT]: 16,
  [CARE_OF_TEST_INIT]: 16,
  [HOME_TEST]: 24,
  [CARE_OF_TEST]: 24,
  [UPDATE]: 12,
  [ACKNOWLEDGEMENT]: 12,
  [ERROR]: 24,
  [FAST_UPDATE]: 12,
  [FAST_ACKNOWLEDGEMENT]: 12,
};
const hasType =
  (type: number, length?: number): When =>
  (view, at) =>
    view[at] === type && (length === undefined || view[at + 1] === length);
const prefix = (view: Uint8Array, at: number): string => ipv6Text(view, at);
const content =
  (type: number): Locate =>
  (view, at, end) =>
    at + 2 < end && view[at] === type ? at + 2 : -1;

/** One mobility option: RFC 6275 section 6.2, RFC 3963, 4283, 4285, 5213. Pad1 is a byte by itself. */
const option = header({
  type: uint8('mip6.mobility_opt', { title: 'Option' }),
  length: optional((view, at) => view[at] !== 0, uint8('mip6.mobility_opt.len', { unit: 'bytes' }), 1),
  refresh: optional(hasType(2, 2), uint16('mip6.bra.interval', { title: 'Refresh interval (4-second units)' }), 2),
  careOf: optional(hasType(3, 16), ipv6('mip6.acoa.acoa', { title: 'Alternate care-of address' }), 2),
  homeNonce: optional(hasType(4, 4), uint16('mip6.ni.hni', { title: 'Home nonce index' }), 2),
  careOfNonce: optional(hasType(4, 4), uint16('mip6.ni.cni', { title: 'Care-of nonce index' }), 4),
  authenticator: located(
    content(5),
    bytes('mip6.bad.auth', (_view, at, end) => end - at),
  ),
  networkLength: optional(
    (view, at) => (view[at] === 6 || view[at] === 22) && view[at + 1] === 18,
    uint8('mip6.nemo.mnp.pfl', { title: 'Prefix length', unit: 'bits' }),
    3,
  ),
  network: optional(
    (view, at) => (view[at] === 6 || view[at] === 22) && view[at + 1] === 18,
    bytes('mip6.nemo.mnp.mnp', 16, { title: 'Prefix', format: prefix }),
    4,
  ),
});

/** What the messages of the mobility header say: RFC 6275 section 6.1, RFC 3963, 5213, 5568. */
export const mobilityMessage: Record<string, Field | Repeated> = {
  homeInit: optional(is(HOME_TEST_INIT), uint64('mip6.hoti.cookie', hex), 8),
  careOfInit: optional(is(CARE_OF_TEST_INIT), uint64('mip6.coti.cookie', hex), 8),
  homeIndex: optional(is(HOME_TEST), uint16('mip6.hot.nindex'), 6),
  homeCookie: optional(is(HOME_TEST), uint64('mip6.hot.cookie', hex), 8),
  homeToken: optional(is(HOME_TEST), uint64('mip6.hot.token', hex), 16),
  careOfIndex: optional(is(CARE_OF_TEST), uint16('mip6.cot.nindex'), 6),
  careOfCookie: optional(is(CARE_OF_TEST), uint64('mip6.cot.cookie', hex), 8),
  careOfToken: optional(is(CARE_OF_TEST), uint64('mip6.hot.token', hex), 16),
  updateSequence: sequence(UPDATE, 'bu', 6),
  updateA: bit(UPDATE, 'bu.a_flag', 0x8000, 8, 'Acknowledge', 2),
  updateH: bit(UPDATE, 'bu.h_flag', 0x4000, 8, 'Home registration', 2),
  updateL: bit(UPDATE, 'bu.l_flag', 0x2000, 8, 'Link-local address compatibility', 2),
  updateK: bit(UPDATE, 'bu.k_flag', 0x1000, 8, 'Key management mobility', 2),
  updateM: bit(UPDATE, 'bu.m_flag', 0x0800, 8, 'MAP registration', 2),
  updateR: bit(UPDATE, 'nemo.bu.r_flag', 0x0400, 8, 'Mobile router', 2),
  updateP: bit(UPDATE, 'bu.p_flag', 0x0200, 8, 'Proxy registration', 2),
  updateF: bit(UPDATE, 'bu.f_flag', 0x0100, 8, 'Force UDP encapsulation', 2),
  updateT: bit(UPDATE, 'bu.t_flag', 0x0080, 8, 'TLV header', 2),
  updateB: bit(UPDATE, 'bu.b_flag', 0x0040, 8, 'Bulk binding update', 2),
  updateLifetime: lifetime(UPDATE, 'bu', 10),
  status: optional(is(ACKNOWLEDGEMENT), uint8('mip6.ba.status', { title: 'Status' }), 6),
  acknowledgedK: bit(ACKNOWLEDGEMENT, 'ba.k_flag', 0x80, 7, 'Key management mobility'),
  acknowledgedR: bit(ACKNOWLEDGEMENT, 'nemo.ba.r_flag', 0x40, 7, 'Mobile router'),
  acknowledgedP: bit(ACKNOWLEDGEMENT, 'ba.p_flag', 0x20, 7, 'Proxy registration'),
  acknowledgedT: bit(ACKNOWLEDGEMENT, 'ba.t_flag', 0x10, 7, 'TLV header'),
  acknowledgedB: bit(ACKNOWLEDGEMENT, 'ba.b_flag', 0x08, 7, 'Bulk binding update'),
  acknowledgedSequence: sequence(ACKNOWLEDGEMENT, 'ba', 8),
  acknowledgedLifetime: lifetime(ACKNOWLEDGEMENT, 'ba', 10),
  errorStatus: optional(is(ERROR), uint8('mip6.be.status', { title: 'Status' }), 6),
  errorAddress: optional(is(ERROR), ipv6('mip6.be.haddr', { title: 'Home address' }), 8),
  fastSequence: sequence(FAST_UPDATE, 'fbu', 6),
  fastA: bit(FAST_UPDATE, 'fbu.a_flag', 0x80, 8, 'Acknowledge'),
  fastH: bit(FAST_UPDATE, 'fbu.h_flag', 0x40, 8, 'Home registration'),
  fastL: bit(FAST_UPDATE, 'fbu.l_flag', 0x20, 8, 'Link-local address compatibility'),
  fastK: bit(FAST_UPDATE, 'fbu.k_flag', 0x10, 8, 'Key management mobility'),
  fastLifetime: lifetime(FAST_UPDATE, 'fbu', 10),
  fastStatus: optional(is(FAST_ACKNOWLEDGEMENT), uint8('mip6.fback.status', { title: 'Status' }), 6),
  fastAcknowledgedK: bit(FAST_ACKNOWLEDGEMENT, 'fback.k_flag', 0x80, 7, 'Key management mobility'),
  fastAcknowledgedSequence: sequence(FAST_ACKNOWLEDGEMENT, 'fback', 8),
  fastAcknowledgedLifetime: lifetime(FAST_ACKNOWLEDGEMENT, 'fback', 10),
  options: repeated({
    from: (view, at, end) => {
      const offset = at + 3 <= end ? OPTIONS[view[at + 2]!] : undefined;
      return offset === undefined ? -1 : at + offset;
    },
    to: (view, at) => at + 8 + view[at + 1]! * 8,
    next: (view, at, end, frame) => {
      if (view[at] === 0) return at + 1;
      if (at + 2 <= end) return at + 2 + view[at + 1]!;
      return end === frame.capturedEnd && end < frame.wireEnd ? end : -1; // cut by the capture
    },
    item: option,
    title: 'Option',
  }),
};
