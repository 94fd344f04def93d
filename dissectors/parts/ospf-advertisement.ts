import type { Field } from '../../core/declare/field.ts';
import { flag, header, ipv4, located, masked, uint8, uint16, uint32 } from '../../core/declare/kinds.ts';
import type { Find } from './vector.ts';

/** Bytes of the header of an advertisement. */
export const ADVERTISEMENT_HEADER = 20;

const begin: Find = (_view, at) => at;
const third: Find = (_view, at) => at + 2;

const bit = (name: string, mask: number, from: Find): Field => located(from, masked(flag(name), mask, 1));

/** The options of version 2, one byte (RFC 2328, A.2; 5340, 6845). */
export const options2 = (from: Find): Record<string, Field> => ({
  options: located(from, uint8('ospf.v2.options', { display: 'hex' })),
  down: bit('ospf.v2.options.dn', 0x80, from),
  opaque: bit('ospf.v2.options.o', 0x40, from),
  demand: bit('ospf.v2.options.dc', 0x20, from),
  local: bit('ospf.v2.options.l', 0x10, from),
  nssa: bit('ospf.v2.options.n', 8, from),
  multicast: bit('ospf.v2.options.mc', 4, from),
  external: bit('ospf.v2.options.e', 2, from),
  topology: bit('ospf.v2.options.mt', 1, from),
});

/** An advertisement's header of version 2 (RFC 2328, A.4.1). */
export const advertisement2 = header({
  age: located(begin, masked(uint16('ospf.lsa.age', { unit: 's' }), 0x7fff)),
  doNotAge: located(begin, masked(uint16('ospf.lsa.donotage'), 0x8000)),
  ...options2(third),
  type: located(
    (_view, at) => at + 3,
    uint8('ospf.lsa', {
      title: 'Type',
      values: {
        1: 'Router',
        2: 'Network',
        3: 'Summary (network)',
        4: 'Summary (boundary router)',
        5: 'External',
        6: 'Multicast group membership',
        7: 'Not-so-stubby area external',
        9: 'Opaque, link',
        10: 'Opaque, area',
        11: 'Opaque, system',
      },
    }),
  ),
  id: located((_view, at) => at + 4, ipv4('ospf.lsa.id')),
  router: located((_view, at) => at + 8, ipv4('ospf.advrouter', { title: 'Advertising router' })),
  sequence: located((_view, at) => at + 12, uint32('ospf.lsa.seqnum', { display: 'hex' })),
  checksum: located((_view, at) => at + 16, uint16('ospf.lsa.chksum', { display: 'hex' })),
  length: located((_view, at) => at + 18, uint16('ospf.lsa.length', { unit: 'bytes' })),
});

/** The type of an advertisement of version 3 and its parts (RFC 5340, A.4.2.1). */
export const type3 = (from: Find): Record<string, Field> => ({
  type: located(
    from,
    uint16('ospf.v3.lsa', {
      title: 'Type',
      display: 'hex',
      values: {
        8193: 'Router',
        8194: 'Network',
        8195: 'Inter-area prefix',
        8196: 'Inter-area router',
        16389: 'AS-external',
        8199: 'Type 7',
        8: 'Link',
        8201: 'Intra-area prefix',
      },
    }),
  ),
  flood: located(from, masked(flag('ospf.v3.lsa.u'), 0x8000, 2)),
  scope: located(from, masked(uint16('ospf.v3.lsa.s12', { display: 'hex', digits: 4 }), 0x6000)),
  function: located(from, masked(uint16('ospf.v3.lsa.fc'), 0x1fff)),
});

/** An advertisement's header of version 3 (RFC 5340, A.4.2). */
export const advertisement3 = header({
  age: located(begin, masked(uint16('ospf.lsa.age', { unit: 's' }), 0x7fff)),
  doNotAge: located(begin, masked(flag('ospf.v3.lsa.do_not_age'), 0x8000, 2)),
  ...type3(third),
  id: located((_view, at) => at + 4, ipv4('ospf.link_state_id')),
  router: located((_view, at) => at + 8, ipv4('ospf.advrouter', { title: 'Advertising router' })),
  sequence: located((_view, at) => at + 12, uint32('ospf.lsa.seqnum', { display: 'hex' })),
  checksum: located((_view, at) => at + 16, uint16('ospf.lsa.chksum', { display: 'hex' })),
  length: located((_view, at) => at + 18, uint16('ospf.lsa.length', { unit: 'bytes' })),
});
