import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import { flag, header, located, masked, optional, repeated, uint8, uint16, uint32 } from '../core/declare/kinds.ts';
import { type Find, u16 } from './parts/vector.ts';
import { ipProtocol } from './tables.ts';

const FIXED = 20;
const PARAMETERS = 1;

const is =
  (type: number) =>
  (view: Uint8Array, at: number): boolean =>
    u16(view, at) === type;
const parameter = (offset: number, field: Field) => optional(is(PARAMETERS), field, offset);
const bit = (name: string, mask: number) => located((_view, at) => at + 4, masked(flag(name), mask, 4));
/** A length below the four bytes of type and length ends the list. */
const next: Find = (view, at, end) => (at + 4 <= end && u16(view, at + 2) >= 4 ? at + u16(view, at + 2) : -1);

const fields = header({
  version: uint8('eigrp.version'),
  operation: uint8('eigrp.opcode', {
    values: {
      1: 'Update',
      2: 'Request',
      3: 'Query',
      4: 'Reply',
      5: 'Hello',
      7: 'Probe',
      8: 'Acknowledgment',
      10: 'SIA query',
      11: 'SIA reply',
    },
  }),
  checksum: uint16('eigrp.checksum', { display: 'hex' }),
  flags: uint32('eigrp.flags', { display: 'hex' }),
  endOfTable: bit('eigrp.flags.eot', 8),
  restart: bit('eigrp.flags.restart', 4),
  conditional: bit('eigrp.flags.condrecv', 2),
  initial: bit('eigrp.flags.init', 1),
  sequence: uint32('eigrp.seq'),
  acknowledgment: uint32('eigrp.ack'),
  router: uint16('eigrp.vrid', { title: 'Virtual router id' }),
  system: uint16('eigrp.as', { title: 'Autonomous system' }),
  items: repeated({
    from: (_view, at) => at + FIXED,
    next,
    item: header({
      type: uint16('eigrp.tlv_type', {
        display: 'hex',
        values: {
          1: 'Parameters',
          2: 'Authentication',
          3: 'Sequence',
          4: 'Software version',
          5: 'Next multicast sequence',
          258: 'Internal route (IPv4)',
          259: 'External route (IPv4)',
          1026: 'Internal route (IPv6)',
          1027: 'External route (IPv6)',
          1538: 'Internal route',
          1539: 'External route',
        },
      }),
      length: uint16('eigrp.tlv.len', { unit: 'bytes' }),
      k1: parameter(4, uint8('eigrp.par.k1')),
      k2: parameter(5, uint8('eigrp.par.k2')),
      k3: parameter(6, uint8('eigrp.par.k3')),
      k4: parameter(7, uint8('eigrp.par.k4')),
      k5: parameter(8, uint8('eigrp.par.k5')),
      k6: parameter(9, uint8('eigrp.par.k6')),
      hold: parameter(10, uint16('eigrp.par.holdtime', { unit: 's' })),
    }),
    title: 'Parameter',
  }),
});

/** Enhanced Interior Gateway Routing Protocol: the header, parameters, and the kinds of what follows. RFC 7868. */
export const eigrp = defineDissector({
  name: 'eigrp',
  title: 'Enhanced Interior Gateway Routing Protocol',
  level: 'transport',
  claims: [ipProtocol.at(88)],
  fields,
  minimum: FIXED,
});
