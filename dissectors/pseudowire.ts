import { defineDissector } from '../core/declare/dissector.ts';
import { computed, header, uint16, unused } from '../core/declare/kinds.ts';
import { looksLikeEthernet } from './parts/ethernet-guess.ts';
import { ethernetPseudowire, linkTypes, mplsPayload } from './tables.ts';

const ETHERNET = 1;
const WITH_CONTROL_WORD = 1;
const WITHOUT = 0;

const fields = header({
  present: computed('pweth.cw', 'boolean', () => 1, { title: 'Control word' }),
  reserved: unused(16),
  sequence: uint16('pweth.cw.sequence_number', { title: 'Sequence number' }),
});

/**
 * Decides what a label stack carries whose payload begins with four zero bits: an Ethernet pseudowire with control word
 * (RFC 4385), unless the bytes are an Ethernet frame where they stand and none behind a control word.
 */
export const pseudowireGuess = defineDissector({
  name: 'pwethheuristic',
  title: 'Ethernet pseudowire, guessed',
  level: 'link',
  claims: [mplsPayload.at(0)],
  fields: {},
  tables: [ethernetPseudowire],
  minimum: 4,
  dissect(frame, bytes, at) {
    const { end } = frame;
    const bare = looksLikeEthernet(bytes, at, end) && !looksLikeEthernet(bytes, at + 4, end);
    return frame.next(ethernetPseudowire, bare ? WITHOUT : WITH_CONTROL_WORD, at);
  },
});

/** Ethernet pseudowire with control word, RFC 4448. */
export const pseudowireWithControlWord = defineDissector({
  name: 'pwethcw',
  title: 'Ethernet pseudowire with control word',
  level: 'link',
  claims: [ethernetPseudowire.at(WITH_CONTROL_WORD)],
  fields,
  tables: [linkTypes],
  dissect(frame, _bytes, at) {
    return frame.next(linkTypes, ETHERNET, at + 4);
  },
});

/** Ethernet pseudowire without control word, RFC 4448: by itself only where the frame in it is beyond doubt. */
export const pseudowireWithoutControlWord = defineDissector({
  name: 'pwethnocw',
  title: 'Ethernet pseudowire without control word',
  level: 'link',
  claims: [ethernetPseudowire.at(WITHOUT), mplsPayload.guess()],
  fields: {},
  tables: [linkTypes],
  accept: looksLikeEthernet,
  dissect(frame, _bytes, at) {
    return frame.next(linkTypes, ETHERNET, at);
  },
});
