import { defineDissector } from '../core/declare/dissector.ts';
import { bytes, header, repeated, uint8, uint16 } from '../core/declare/kinds.ts';
import { MALFORMED } from '../core/frame/anomaly.ts';
import { namesOf } from './names.ts';
import { radiusAttribute } from './parts/radius-attribute.ts';
import { type Find, u16 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const FIXED = 20;
const LONGEST = 4096;
const HIGHEST_CODE = 52;

/** An attribute shorter than its header ends the list. */
const nextAttribute: Find = (view, at, end) => (at + 2 <= end && view[at + 1]! >= 2 ? at + view[at + 1]! : -1);

const fields = header({
  code: uint8('radius.code', { values: namesOf('radius-codes') }),
  id: uint8('radius.id', { title: 'Identifier' }),
  length: uint16('radius.length', { unit: 'bytes' }),
  authenticator: bytes('radius.authenticator', 16),
  attributes: repeated({
    from: (_view, at) => at + FIXED,
    next: nextAttribute,
    item: radiusAttribute,
    title: 'Attribute',
  }),
});

/** Remote Authentication Dial-In User Service, RFC 2865, 2866, 5176. */
export const radius = defineDissector({
  name: 'radius',
  title: 'Remote Authentication Dial-In User Service',
  claims: [1645, 1646, 1700, 1812, 1813, 3799].map((port) => udpPort.at(port)),
  fields,
  accept(view, at, end, frame) {
    if (at + 4 > end) return false;
    const length = u16(view, at + 2);
    if (view[at] === 0 || view[at]! > HIGHEST_CODE || length < FIXED || length > LONGEST) return false;
    if (at + length > frame.contained) return false;
    return length === FIXED || at + FIXED + 2 > end || (view[at + FIXED] !== 0 && view[at + FIXED + 1]! >= 2);
  },
  dissect(frame, view, at) {
    frame.limit(at + fields.length.read(view, at), fields.length);
    const { end } = frame;
    for (let place = at + FIXED; place < end; ) {
      const next = nextAttribute(view, place, end);
      if (next < 0 && end === frame.contained) frame.anomaly(MALFORMED, place, 2, end - place);
      if (next < 0) return;
      if (next > end) frame.short(place, next - place);
      place = next;
    }
  },
});
