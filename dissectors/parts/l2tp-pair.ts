import type { Field, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  located,
  masked,
  optional,
  part,
  text,
  uint8,
  uint16,
  uint32,
} from '../../core/declare/kinds.ts';
import { u16 } from './vector.ts';

const HEADER = 6;
const HIDDEN = 0x40;

const lengthOf = (view: Uint8Array, at: number) => u16(view, at) & 0x03ff;
/** The pair is of the IETF, is not hidden and holds at least `size` bytes of value. */
const is =
  (type: number, size: number): When =>
  (view, at) =>
    u16(view, at + 2) === 0 &&
    u16(view, at + 4) === type &&
    (view[at]! & HIDDEN) === 0 &&
    lengthOf(view, at) >= HEADER + size;
const value = (type: number, field: Field, skip = 0): Field =>
  optional(is(type, skip + field.size), field, HEADER + skip);
const words = (type: number, name: string, title: string): Field =>
  located(
    (view, at, end, frame, layer) => (at + HEADER < end && is(type, 1)(view, at, end, frame, layer) ? at + HEADER : -1),
    text(name, (view, at) => lengthOf(view, at - HEADER) - HEADER, { title }),
  );
const blob = (type: number, name: string, title: string): Field =>
  located(
    (view, at, end, frame, layer) => (at + HEADER < end && is(type, 1)(view, at, end, frame, layer) ? at + HEADER : -1),
    bytes(name, (view, at) => lengthOf(view, at - HEADER) - HEADER, { title }),
  );

/** One attribute-value pair (RFC 2661 section 4.4, RFC 3931 section 5.4). */
export const l2tpPair = header({
  mandatory: masked(flag('l2tp.avp.mandatory'), 0x8000, 2),
  hidden: part(masked(flag('l2tp.avp.hidden'), 0x4000, 2)),
  length: part(masked(uint16('l2tp.avp.length', { unit: 'bytes' }), 0x03ff)),
  vendor: uint16('l2tp.avp.vendor_id', { title: 'Vendor id' }),
  type: optional((view, at) => u16(view, at + 2) === 0, uint16('l2tp.avp.type'), 4),
  message: value(0, uint16('l2tp.avp.message_type')),
  protocolVersion: value(2, uint8('l2tp.avp.protocol_version')),
  protocolRevision: value(2, uint8('l2tp.avp.protocol_revision'), 1),
  framesAsynchronous: value(3, masked(flag('l2tp.avp.async_framing_supported'), 2, 4)),
  framesSynchronous: value(3, masked(flag('l2tp.avp.sync_framing_supported'), 1, 4)),
  bearsAnalog: value(4, masked(flag('l2tp.avp.analog_access_supported'), 2, 4)),
  bearsDigital: value(4, masked(flag('l2tp.avp.digital_access_supported'), 1, 4)),
  firmware: value(6, uint16('l2tp.avp.firmware_revision', { display: 'decimal-hex' })),
  host: words(7, 'l2tp.avp.host_name', 'Host name'),
  vendorName: words(8, 'l2tp.avp.vendor_name', 'Vendor name'),
  tunnel: value(9, uint16('l2tp.avp.assigned_tunnel_id')),
  window: value(10, uint16('l2tp.avp.receive_window_size')),
  challenge: blob(11, 'l2tp.avp.chap_challenge', 'Challenge'),
  response: blob(13, 'l2tp.avp.chap_challenge_response', 'Challenge response'),
  session: value(14, uint16('l2tp.avp.assigned_session_id')),
  serial: value(15, uint32('l2tp.avp.call_serial_number')),
  called: words(21, 'l2tp.avp.called_number', 'Called number'),
  calling: words(22, 'l2tp.avp.calling_number', 'Calling number'),
  speed: value(24, uint32('l2tp.avp.connect_speed', { unit: 'bit/s' })),
  connection: value(61, uint32('l2tp.avp.assigned_control_conn_id')),
  localSession: value(63, uint32('l2tp.avp.local_session_id')),
  remoteSession: value(64, uint32('l2tp.avp.remote_session_id')),
});
