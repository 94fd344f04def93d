import { defineDissector } from '../core/declare/dissector.ts';
import { repeated } from '../core/declare/kinds.ts';
import { MALFORMED } from '../core/frame/anomaly.ts';
import { lldpUnit } from './parts/lldp-tlv.ts';
import { u16 } from './parts/vector.ts';
import { etherType } from './tables.ts';

const fields = {
  units: repeated({
    from: (_view, at) => at,
    next: (view, at, end) => {
      const next = at + 2 > end ? -1 : at + 2 + (u16(view, at) & 0x1ff);
      // The unit of type 0 is the last one.
      return next > end ? -1 : next;
    },
    to: (view, at, end) => {
      let place = at;
      while (place + 2 <= end && u16(view, place) >>> 9 !== 0) place += 2 + (u16(view, place) & 0x1ff);
      return Math.min(place + 2, end);
    },
    item: lldpUnit,
    title: 'Unit',
  }),
};

/** Link Layer Discovery Protocol, IEEE 802.1AB. */
export const lldp = defineDissector({
  name: 'lldp',
  title: 'Link Layer Discovery Protocol',
  level: 'link',
  claims: [etherType.at(0x88cc)],
  fields,
  minimum: 2,
  dissect(frame, view, at) {
    for (let place = at; place + 2 <= frame.end; ) {
      const size = 2 + (u16(view, place) & 0x1ff);
      if (place + size > frame.contained) {
        return frame.anomaly(MALFORMED, place, size, frame.contained - place);
      }
      if (view[place]! >>> 1 === 0) {
        frame.limit(place + size, lldpUnit.length);
        return frame.payload(place + size);
      }
      place += size;
    }
  },
});
