import type { Field, Locate, When } from '../../core/declare/field.ts';
import { bytes, header, located, optional, repeated, text, uint16, uint32 } from '../../core/declare/kinds.ts';
import { before1, before2, u16, u32 } from './vector.ts';

const VENDOR_SPECIFIC = 0x0105;
/** The Broadband Forum's enterprise number; its sub-tags are those of TR-101. */
const BROADBAND_FORUM = 3561;
const KNOWN = new Set([
  0x0101, 0x0102, 0x0103, 0x0104, 0x0105, 0x0110, 0x0111, 0x0112, 0x0120, 0x0121, 0x0201, 0x0202, 0x0203,
]);

const value =
  (type: number, least: number): Locate =>
  (view, at, end) =>
    at + 4 + least <= end && u16(view, at) === type ? at + 4 : -1;
const blob = (type: number, name: string, title: string): Field =>
  located(value(type, 0), bytes(name, before2, { title }));
/** An empty name means any and is not shown. */
const words = (type: number, name: string, title: string, least = 0): Field =>
  located(
    (view, at, end) => (at + 4 <= end && u16(view, at) === type && u16(view, at + 2) >= least ? at + 4 : -1),
    text(name, before2, { title }),
  );
const unknown: When = (view, at) => !KNOWN.has(u16(view, at));

const subtext = (type: number, name: string, title: string): Field =>
  located((view, at, end) => (at + 2 <= end && view[at] === type ? at + 2 : -1), text(name, before1, { title }));
const rate = (type: number, name: string, title: string): Field =>
  optional(
    (view, at) => view[at] === type && view[at + 1] === 4,
    uint32(name, { title, unit: type > 0x8a ? 'ms' : 'kbit/s' }),
    2,
  );

/** A sub-tag of the Broadband Forum (TR-101, appendix A). */
const accessLine = header({
  circuit: subtext(1, 'pppoed.tags.circuit_id', 'Circuit id'),
  remote: subtext(2, 'pppoed.tags.remote_id', 'Remote id'),
  actualUp: rate(0x81, 'pppoed.tags.act_data_rate_up', 'Actual rate upstream'),
  actualDown: rate(0x82, 'pppoed.tags.act_data_rate_down', 'Actual rate downstream'),
  leastUp: rate(0x83, 'pppoed.tags.min_data_rate_up', 'Minimum rate upstream'),
  leastDown: rate(0x84, 'pppoed.tags.min_data_rate_down', 'Minimum rate downstream'),
  attainableUp: rate(0x85, 'pppoed.tags.attainable_data_rate_up', 'Attainable rate upstream'),
  attainableDown: rate(0x86, 'pppoed.tags.attainable_data_rate_down', 'Attainable rate downstream'),
  mostUp: rate(0x87, 'pppoed.tags.max_data_rate_up', 'Maximum rate upstream'),
  mostDown: rate(0x88, 'pppoed.tags.max_data_rate_down', 'Maximum rate downstream'),
  lowPowerUp: rate(0x89, 'pppoed.tags.min_data_rate_up_lp', 'Minimum rate upstream, low power'),
  lowPowerDown: rate(0x8a, 'pppoed.tags.min_data_rate_down_lp', 'Minimum rate downstream, low power'),
  mostDelayUp: rate(0x8b, 'pppoed.tags.max_int_delay_up', 'Maximum interleaving delay upstream'),
  delayUp: rate(0x8c, 'pppoed.tags.act_int_delay_up', 'Interleaving delay upstream'),
  mostDelayDown: rate(0x8d, 'pppoed.tags.max_int_delay_down', 'Maximum interleaving delay downstream'),
  delayDown: rate(0x8e, 'pppoed.tags.act_int_delay_down', 'Interleaving delay downstream'),
});

/** One tag of PPPoE discovery (RFC 2516 appendix A, RFC 4638). */
export const pppoeTag = header({
  type: optional(unknown, uint16('pppoed.tag', { title: 'Tag', display: 'hex' }), 0),
  length: optional(unknown, uint16('pppoed.tag_length', { title: 'Tag length', unit: 'bytes' }), 2),
  service: words(0x0101, 'pppoed.tags.service_name', 'Service name', 1),
  concentrator: words(0x0102, 'pppoed.tags.ac_name', 'Access concentrator name'),
  unique: blob(0x0103, 'pppoed.tags.host_uniq', 'Host-Uniq'),
  cookie: blob(0x0104, 'pppoed.tags.ac_cookie', 'Access concentrator cookie'),
  vendor: optional(
    (view, at) => u16(view, at) === VENDOR_SPECIFIC && u16(view, at + 2) >= 4,
    uint32('pppoed.tags.vendor_id', { title: 'Vendor id' }),
    4,
  ),
  line: repeated({
    from: (view, at, end) =>
      at + 8 < end && u16(view, at) === VENDOR_SPECIFIC && u32(view, at + 4) === BROADBAND_FORUM ? at + 8 : -1,
    next: (view, at, end) => (at + 2 <= end && at + 2 + view[at + 1]! <= end ? at + 2 + view[at + 1]! : -1),
    item: accessLine,
    title: 'Sub-tag',
  }),
  relay: blob(0x0110, 'pppoed.tags.relay_session_id', 'Relay session id'),
  url: blob(0x0111, 'pppoed.tags.hurl', 'HURL'),
  message: blob(0x0112, 'pppoed.tags.motm', 'Message of the minute'),
  payload: blob(0x0120, 'pppoed.tags.max_payload', 'Maximum payload'),
  route: blob(0x0121, 'pppoed.tags.ip_route_add', 'Route'),
  serviceError: words(0x0201, 'pppoed.tags.service_name_error', 'Service name error', 1),
  systemError: words(0x0202, 'pppoed.tags.ac_system_error', 'System error'),
  error: words(0x0203, 'pppoed.tags.generic_error', 'Error', 1),
  unknown: located(
    (view, at, end, frame, layer) =>
      at + 4 < end && unknown(view, at, end, frame, layer) && u16(view, at + 2) > 0 ? at + 4 : -1,
    bytes('pppoed.tag.unknown_data', before2, { title: 'Value' }),
  ),
});
