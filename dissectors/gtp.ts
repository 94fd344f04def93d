import { defineDissector } from '../core/declare/dissector.ts';
import type { When } from '../core/declare/field.ts';
import { flag, header, masked, optional, part, repeated, uint8, uint16, uint32 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { looksLikeEthernet } from './parts/ethernet-guess.ts';
import { firstExtension, gtpExtension, gtpPayloadAt, nextExtension } from './parts/gtp-extension.ts';
import { etherType, linkTypes, udpPort } from './tables.ts';

const FIXED = 8;
const IPV4 = 0x0800;
const IPV6 = 0x86dd;
const T_PDU = 255;
/** Version 1, protocol type GTP, and the spare bit, which is 0. */
const KIND = 0x30;
const KIND_BITS = 0xf8;
/** What is sent on the user plane (3GPP TS 29.281, table 6.1-1). */
const USER_MESSAGES: readonly number[] = [1, 2, 26, 31, 253, 254, T_PDU];
const HIGHEST_CONTROL_MESSAGE = 128;

const has =
  (bit: number): When =>
  (view, at) =>
    (view[at]! & bit) !== 0;

const fields = header({
  flags: uint8('gtp.flags', { display: 'hex' }),
  version: part(masked(uint8('gtp.flags.version'), 0xe0)),
  kind: part(masked(uint8('gtp.flags.payload', { title: 'Protocol type' }), 0x10)),
  reserved: part(masked(uint8('gtp.flags.reserved'), 0x08)),
  hasExtension: part(masked(flag('gtp.flags.e', { title: 'Extension header' }), 0x04)),
  hasSequence: part(masked(flag('gtp.flags.s', { title: 'Sequence number' }), 0x02)),
  hasNumber: part(masked(flag('gtp.flags.pn', { title: 'N-PDU number' }), 0x01)),
  message: uint8('gtp.message', { title: 'Message type', display: 'hex', values: namesOf('gtp-messages') }),
  length: uint16('gtp.length', { unit: 'bytes' }),
  tunnel: uint32('gtp.teid', { title: 'Tunnel endpoint', display: 'hex' }),
  sequence: optional(has(0x02), uint16('gtp.seq_number', { title: 'Sequence number', display: 'hex' }), FIXED),
  number: optional(has(0x01), uint8('gtp.npdu_number', { title: 'N-PDU number', display: 'hex' }), FIXED + 2),
  next: optional(has(0x04), uint8('gtp.ext_hdr.next', { title: 'Next extension header', display: 'hex' }), FIXED + 3),
  extensions: repeated({ from: firstExtension, next: nextExtension, item: gtpExtension, title: 'Extension header' }),
});

const isVersion1 = (view: Uint8Array, at: number, end: number) => at + FIXED <= end && (view[at]! & KIND_BITS) === KIND;

/**
 * GPRS Tunnelling Protocol, version 1: the user plane (3GPP TS 29.281) with the packets it carries, and of the control
 * plane (TS 29.060) the header.
 */
export const gtp = defineDissector({
  name: 'gtp',
  title: 'GPRS Tunnelling Protocol',
  level: 'tunnel',
  claims: [
    udpPort.checked(2152, (view, at, end) => at + FIXED <= end && USER_MESSAGES.includes(view[at + 1]!)),
    udpPort.checked(
      2123,
      (view, at, end) => at + FIXED <= end && view[at + 1]! > 0 && view[at + 1]! <= HIGHEST_CONTROL_MESSAGE,
    ),
  ],
  fields,
  tables: [etherType, linkTypes],
  minimum: FIXED,
  accept: isVersion1,
  dissect(frame, view, at) {
    frame.limit(at + FIXED + fields.length.read(view, at), fields.length);
    if (view[at + 1] !== T_PDU) return;
    const payload = gtpPayloadAt(view, at, frame.end);
    if (payload < 0) return frame.end < frame.contained ? frame.short(frame.end, 1) : frame.malformed(fields.length);
    if (payload >= frame.end) return payload < frame.contained && frame.short(payload, 1);
    const version = view[payload]! >>> 4;
    if (version === 4) return frame.next(etherType, IPV4, payload);
    if (version === 6) return frame.next(etherType, IPV6, payload);
    return looksLikeEthernet(view, payload, frame.end) && frame.next(linkTypes, 1, payload);
  },
});
