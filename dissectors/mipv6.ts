import { defineDissector } from '../core/declare/dissector.ts';
import { header, uint8, uint16 } from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { mobilityMessage } from './parts/mobility-message.ts';
import { ipProtocol, ipv6Extension, nextHeader } from './tables.ts';

const NO_NEXT_HEADER = 59;
const TYPES = {
  0: 'Binding refresh request',
  1: 'Home test init',
  2: 'Care-of test init',
  3: 'Home test',
  4: 'Care-of test',
  5: 'Binding update',
  6: 'Binding acknowledgement',
  7: 'Binding error',
  8: 'Fast binding update',
  9: 'Fast binding acknowledgement',
  10: 'Fast neighbor advertisement',
  11: 'Experimental',
  12: 'Home agent switch',
  13: 'Heartbeat',
  14: 'Handover initiate',
  15: 'Handover acknowledge',
  16: 'Binding revocation',
  17: 'Localized routing initiation',
  18: 'Localized routing acknowledgment',
  19: 'Update notification',
  20: 'Update notification acknowledgement',
};
const fields = header({
  next: uint8('mip6.proto', { title: 'Payload protocol', values: namesOf('ip-protocols') }),
  length: uint8('mip6.hlen', { title: 'Length (8-byte units behind the first)' }),
  type: uint8('mip6.mhtype', { title: 'Mobility header type', values: TYPES }),
  reserved: uint8('mip6.reserved', { display: 'hex' }),
  checksum: uint16('mip6.csum', { title: 'Checksum', display: 'hex' }),
  ...mobilityMessage,
});

/** Mobility header of Mobile IPv6, RFC 6275 section 6.1. Its message is the payload unless another protocol follows. */
export const mipv6 = defineDissector({
  name: 'mipv6',
  title: 'Mobile IPv6',
  level: 'network',
  claims: [ipv6Extension.at(135)],
  fields,
  tables: [ipv6Extension, ipProtocol],
  minimum: 8,
  dissect(frame, bytes, at) {
    const end = at + 8 + fields.length.read(bytes, at) * 8;
    if (end > frame.contained) return frame.malformed(fields.length, end - at, frame.contained - at);
    const next = fields.next.read(bytes, at);
    if (next === NO_NEXT_HEADER) return;
    frame.extend(next, end);
    return nextHeader(frame, next, end);
  },
});
