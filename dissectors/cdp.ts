import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import { computed, header, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import { MALFORMED } from '../core/frame/anomaly.ts';
import { addWords, foldSum } from '../core/frame/checksum.ts';
import { cdpUnit } from './parts/cdp-unit.ts';
import { u16 } from './parts/vector.ts';
import { chdlcProtocol, ciscoPid, greProtocol, pppProtocol } from './tables.ts';

const FIXED = 4;
const UNIT_HEADER = 4;

/**
 * 1 for a right checksum, 0 for a wrong one. An odd last byte is taken for the lower one, as a signed number, and from a
 * negative one 1 is taken: so the makers compute it.
 */
const checksumStatus: Locate = (view, at, end, frame, layer) => {
  if (at + FIXED > end) return Number.NaN;
  if (frame.layerEnd[layer]! > end) return 2;
  const even = at + ((end - at) & ~1);
  let sum = addWords(view, at, even);
  if (even < end) sum += view[even]! < 0x80 ? view[even]! : 0xff00 + view[even]! - 1;
  return foldSum(sum) === 0xffff ? 1 : 0;
};

const fields = header({
  version: uint8('cdp.version'),
  timeToLive: uint8('cdp.ttl', { title: 'Time to live', unit: 's' }),
  checksum: uint16('cdp.checksum', { display: 'hex' }),
  checksumStatus: computed('cdp.checksum.status', 'uint', checksumStatus, {
    values: { 0: 'wrong', 1: 'right', 2: 'not verified' },
  }),
  units: repeated({
    from: (_view, at) => at + FIXED,
    next: (view, at, end) => {
      const length = at + UNIT_HEADER <= end ? u16(view, at + 2) : 0;
      return length < UNIT_HEADER || at + length > end ? -1 : at + length;
    },
    item: cdpUnit,
    title: 'Unit',
  }),
});

/** Cisco Discovery Protocol, as Cisco publishes its frame format. */
export const cdp = defineDissector({
  name: 'cdp',
  title: 'Cisco Discovery Protocol',
  level: 'link',
  claims: [ciscoPid.at(0x2000), greProtocol.at(0x2000), chdlcProtocol.at(0x2000), pppProtocol.at(0x0207)],
  fields,
  minimum: FIXED,
  dissect(frame, view, at) {
    for (let place = at + FIXED; place + UNIT_HEADER <= frame.end; ) {
      const length = u16(view, place + 2);
      if (length < UNIT_HEADER || place + length > frame.contained) {
        const needed = Math.max(length, UNIT_HEADER);
        return frame.anomaly(MALFORMED, place, needed, length < UNIT_HEADER ? length : frame.contained - place);
      }
      place += length;
    }
  },
});
