import type { When } from '../../core/declare/field.ts';
import { bytes, header, located, optional, text, uint8, uint16 } from '../../core/declare/kinds.ts';
import { ipv4Text, ipv6Text } from '../../core/frame/text.ts';
import { namesOf } from '../names.ts';
import { type Find, u16 } from './vector.ts';

const SUBNET = 8;
const COOKIE = 10;
const KEEPALIVE = 11;
const PADDING = 12;
const ERROR = 15;

const is =
  (code: number): When =>
  (view, at) =>
    u16(view, at) === code;
const valueAt =
  (code: number, skip = 0): Find =>
  (view, at, end) =>
    at + 4 + skip < end && u16(view, at) === code ? at + 4 + skip : -1;
const rest: Find = (_view, at, end) => end - at;

/** An address of which only the bytes of its prefix are on the wire (RFC 7871, section 6). */
const prefix =
  (family: number, size: number): Find =>
  (view, at, end) =>
    at + 8 <= end && u16(view, at) === SUBNET && u16(view, at + 4) === family && end - at - 8 <= size ? at + 8 : -1;

const padded = (view: Uint8Array, at: number, length: number, size: number): Uint8Array => {
  const whole = new Uint8Array(size);
  whole.set(view.subarray(at, at + length));
  return whole;
};

/** One option of an EDNS record: RFC 6891 section 6.1.2, 7871, 7873, 7828, 7830, 8914. */
export const ednsOption = header({
  code: uint16('dns.opt.code', { values: namesOf('dns-options') }),
  length: uint16('dns.opt.len', { unit: 'bytes' }),
  data: located((_view, at, end) => (at + 4 <= end ? at + 4 : -1), bytes('dns.opt.data', rest)),
  family: optional(is(SUBNET), uint16('dns.opt.client.family'), 4),
  netmask: optional(is(SUBNET), uint8('dns.opt.client.netmask', { unit: 'bits' }), 6),
  scope: optional(is(SUBNET), uint8('dns.opt.client.scope', { unit: 'bits' }), 7),
  address: located(
    prefix(1, 4),
    text('dns.opt.client.addr4', rest, {
      format: (view, at, length) => ipv4Text(padded(view, at, length, 4), 0),
    }),
  ),
  addressSix: located(
    prefix(2, 16),
    text('dns.opt.client.addr6', rest, {
      format: (view, at, length) => ipv6Text(padded(view, at, length, 16), 0),
    }),
  ),
  clientCookie: located(
    valueAt(COOKIE),
    bytes('dns.opt.cookie.client', (_view, at, end) => Math.min(8, end - at)),
  ),
  serverCookie: located(
    (view, at, end) => (at + 12 <= end && u16(view, at) === COOKIE ? at + 12 : -1),
    bytes('dns.opt.cookie.server', rest),
  ),
  keepalive: optional(is(KEEPALIVE), uint16('dns.opt.edns_tcp_keepalive.timeout'), 4),
  padding: located(valueAt(PADDING), bytes('dns.opt.padding', rest)),
  error: optional(is(ERROR), uint16('dns.opt.ext_error.info_code'), 4),
  errorText: located(valueAt(ERROR, 2), text('dns.opt.ext_error.extra_text', rest)),
});
