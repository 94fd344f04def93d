import type { Field, Locate, When } from '../../core/declare/field.ts';
import { bytes, flag, header, located, masked, optional, uint8, uint16, uint24 } from '../../core/declare/kinds.ts';

const FLAGS_WITH_OPTIONS = 0x07;
const EXTENDED = 0x04;
/** Of sequence number, N-PDU number and next extension header: the last of twelve bytes. */
const NEXT = 11;
const RAN_CONTAINER = 0x81;
const LONG_PDCP = 0x82;
const XW_RAN_CONTAINER = 0x83;
const PDU_SESSION = 0x85;
const UDP_PORT = 0x40;
const PDCP = 0xc0;
const DOWNLINK = 0;

export const hasOptions: When = (view, at) => (view[at]! & FLAGS_WITH_OPTIONS) !== 0;
/** Where the first extension header begins; -1 when there is none. */
export const firstExtension: Locate = (view, at, end) =>
  at + NEXT < end && (view[at]! & EXTENDED) !== 0 && view[at + NEXT] !== 0 ? at + NEXT + 1 : -1;

/** The extension header after the one at `at`: its length counts four bytes each, its last byte names the next type. */
export const nextExtension: Locate = (view, at, end) => {
  const size = view[at]! * 4;
  return size === 0 || at + size > end ? -1 : view[at + size - 1] === 0 ? end : at + size;
};

/** Where the payload begins, behind all extension headers; -1 when their list breaks off. */
export function gtpPayloadAt(view: Uint8Array, at: number, end: number): number {
  if ((view[at]! & FLAGS_WITH_OPTIONS) === 0) return at + 8;
  let place = at + NEXT + 1;
  if (place > end) return -1;
  if ((view[at]! & EXTENDED) === 0) return place;
  for (let type = view[place - 1]!; type !== 0; type = view[place - 1]!) {
    if (place >= end || view[place] === 0 || place + view[place]! * 4 > end) return -1;
    place += view[place]! * 4;
  }
  return place;
}

/** The type of an extension header stands in the last byte of the header before it. */
const is =
  (...types: readonly number[]): When =>
  (view, at) =>
    types.includes(view[at - 1]!);
/** Everything between length and next type. */
const content: Locate = (view, at) => view[at - 1]! * 4 - 2;
const container = (types: readonly number[], name: string): Field =>
  located((view, at, end) => (at + 1 < end && types.includes(view[at - 1]!) ? at + 1 : -1), bytes(name, content));
const isSession = is(PDU_SESSION);
const isDownlink: When = (view, at, end, frame, layer) =>
  isSession(view, at, end, frame, layer) && view[at + 1]! >>> 4 === DOWNLINK;
const hasPolicy: When = (view, at, end, frame, layer) =>
  isDownlink(view, at, end, frame, layer) && (view[at + 2]! & 0x80) !== 0;

/** One extension header (3GPP TS 29.281, 5.2; TS 38.415 for the PDU session container). */
export const gtpExtension = header({
  length: uint8('gtp.ext_hdr.length', { title: 'Length (4-byte words)' }),
  ran: container([RAN_CONTAINER], 'gtp.ext_hdr.ran_cont'),
  xwRan: container([XW_RAN_CONTAINER], 'gtp.ext_hdr.xw_ran_cont'),
  longNumber: optional(
    is(LONG_PDCP),
    masked(uint24('gtp.ext_hdr.long_pdcp_sn', { title: 'PDCP number' }), 0x03ffff),
    1,
  ),
  number: optional(is(PDCP), uint16('gtp.ext_hdr.pdcp_sn', { title: 'PDCP number' }), 1),
  port: optional(is(UDP_PORT), uint16('gtp.ext_hdr.udp_port', { title: 'UDP port' }), 1),
  session: optional(isSession, masked(uint8('gtp.ext_hdr.pdu_ses_con.pdu_type', { title: 'PDU type' }), 0xf0), 1),
  policyPresent: optional(isDownlink, masked(flag('gtp.ext_hdr.pdu_ses_cont.ppp'), 0x80), 2),
  reflective: optional(isDownlink, masked(flag('gtp.ext_hdr.pdu_ses_cont.rqi'), 0x40), 2),
  flow: optional(isSession, masked(uint8('gtp.ext_hdr.pdu_ses_con.qos_flow_id', { title: 'QoS flow' }), 0x3f), 2),
  policy: optional(hasPolicy, masked(uint8('gtp.ext_hdr.pdu_ses_cont.ppi', { title: 'Paging policy' }), 0xe0), 3),
  next: located(
    (view, at, end) => (view[at]! > 0 && at + view[at]! * 4 <= end ? at + view[at]! * 4 - 1 : -1),
    uint8('gtp.ext_hdr.next', { title: 'Next extension header', display: 'hex' }),
  ),
});
