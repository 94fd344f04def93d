import { defineDissector } from '../core/declare/dissector.ts';
import {
  bits,
  header,
  ipv4,
  ipv6,
  located,
  masked,
  optional,
  part,
  repeated,
  text,
  uint8,
  uint16,
} from '../core/declare/kinds.ts';
import { textUntilNull } from './parts/token.ts';
import type { Find } from './parts/vector.ts';
import { ipProtocol } from './tables.ts';

const FIXED = 8;
const PLAIN_TEXT = 1;

const is3 = (view: Uint8Array, at: number) => view[at]! >> 4 === 3;
const isOlder = (view: Uint8Array, at: number) => !is3(view, at);
/** Version 3 lists addresses of the family that the packet came by; told by how many bytes each has. */
const size = (view: Uint8Array, at: number, end: number): number =>
  is3(view, at) && end - at - FIXED >= view[at + 3]! * 16 ? 16 : 4;
const addresses =
  (wanted: number): Find =>
  (view, at, end) =>
    at + FIXED <= end && view[at + 3]! > 0 && size(view, at, end) === wanted ? at + FIXED : -1;
const list = (bytes: number, item: Parameters<typeof header>[0]) =>
  repeated({
    from: addresses(bytes),
    to: (view, at) => at + FIXED + view[at + 3]! * bytes,
    next: (_view, at, end) => (at + bytes <= end ? at + bytes : -1),
    item: header(item),
    title: 'Address',
  });

const fields = header({
  versionAndType: uint8('vrrp.typever'),
  version: part(bits('vrrp.version', 4)),
  type: part(bits('vrrp.type', 4, { values: { 1: 'Advertisement' } })),
  router: uint8('vrrp.virt_rtr_id', { title: 'Virtual router id' }),
  priority: uint8('vrrp.prio'),
  count: uint8('vrrp.addr_count', { title: 'Number of addresses' }),
  authentication: optional(isOlder, uint8('vrrp.auth_type'), 4),
  interval: optional(isOlder, uint8('vrrp.adver_int', { unit: 's' }), 5),
  reserved: located(
    (view, at, end) => (at + FIXED <= end && is3(view, at) ? at + 4 : -1),
    masked(uint8('vrrp.reserved_mbz'), 0xf0),
  ),
  shortInterval: located(
    (view, at, end) => (at + FIXED <= end && is3(view, at) ? at + 4 : -1),
    masked(uint16('vrrp.short_adver_int', { title: 'Interval (1/100 s)' }), 0xfff),
  ),
  checksum: located((_view, at) => at + 6, uint16('vrrp.checksum', { display: 'hex' })),
  addresses: list(4, { address: ipv4('vrrp.ip_addr') }),
  addressesSix: list(16, { address: ipv6('vrrp.ipv6_addr') }),
  authenticationText: located(
    (view, at, end) => {
      if (at + FIXED > end) return -1;
      const place = at + FIXED + view[at + 3]! * 4;
      return isOlder(view, at) && view[at + 4] === PLAIN_TEXT && place + 8 <= end ? place : -1;
    },
    text('vrrp.auth_string', 8, { format: textUntilNull }),
  ),
});

/** Virtual Router Redundancy Protocol, versions 2 and 3: RFC 3768, 9568. */
export const vrrp = defineDissector({
  name: 'vrrp',
  title: 'Virtual Router Redundancy Protocol',
  level: 'transport',
  claims: [ipProtocol.at(112)],
  fields,
  minimum: FIXED,
});
