import type { Locate, When } from '../../core/declare/field.ts';
import { bytes, header, ipv6, located, optional, repeated, uint8, uint32 } from '../../core/declare/kinds.ts';
import { macText } from '../../core/frame/text.ts';

const SOURCE = 1;
const TARGET = 2;
const PREFIX = 3;
const MTU = 5;
const RECURSIVE_DNS = 25;

const is =
  (type: number): When =>
  (view, at) =>
    view[at] === type;
const linkAddress = (wanted: (type: number) => boolean): Locate => {
  return (view, at, end) => (at + 2 < end && wanted(view[at]!) ? at + 2 : -1);
};
/** An option of one unit holds an Ethernet address; the length stands in the byte before the address. */
const addressLength: Locate = (view, at) => view[at - 1]! * 8 - 2;

const format = macText;

/** One option of neighbor discovery: RFC 4861 section 4.6, RFC 8106. Lengths are in units of 8 bytes. */
export const neighborOption = header({
  type: uint8('icmpv6.opt.type'),
  length: uint8('icmpv6.opt.length', { title: 'Length (8-byte units)' }),
  address: located(
    linkAddress((type) => type === SOURCE || type === TARGET),
    bytes('icmpv6.opt.linkaddr', addressLength, { title: 'Link-layer address', format }),
  ),
  source: located(
    linkAddress((type) => type === SOURCE),
    bytes('icmpv6.opt.src_linkaddr', addressLength, { format }),
  ),
  target: located(
    linkAddress((type) => type === TARGET),
    bytes('icmpv6.opt.target_linkaddr', addressLength, { format }),
  ),
  prefixLength: optional(is(PREFIX), uint8('icmpv6.opt.prefix.length', { unit: 'bits' }), 2),
  prefixFlags: optional(is(PREFIX), uint8('icmpv6.opt.prefix.flag', { display: 'hex' }), 3),
  valid: optional(is(PREFIX), uint32('icmpv6.opt.prefix.valid_lifetime', { unit: 's' }), 4),
  preferred: optional(is(PREFIX), uint32('icmpv6.opt.prefix.preferred_lifetime', { unit: 's' }), 8),
  prefix: optional(is(PREFIX), ipv6('icmpv6.opt.prefix'), 16),
  mtu: optional(is(MTU), uint32('icmpv6.opt.mtu', { unit: 'bytes' }), 4),
  dnsLifetime: optional(is(RECURSIVE_DNS), uint32('icmpv6.opt.rdnss.lifetime', { unit: 's' }), 4),
  dnsServers: repeated({
    from: (view, at, end) => (at + 8 <= end && view[at] === RECURSIVE_DNS ? at + 8 : -1),
    next: (_view, at, end) => (at + 16 <= end ? at + 16 : -1),
    item: header({ address: ipv6('icmpv6.opt.rdnss') }),
    title: 'Recursive DNS server',
  }),
});
