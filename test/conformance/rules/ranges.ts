import { layersWith, valuesOf } from '../layers.ts';
import { sameBits } from '../ranges.ts';
import type { Places, Rule } from '../rule.ts';
import { stackRules } from './stack.ts';

/** Fields of a layer that only one side has: the reason is that of the layer. */
const layerRules: readonly Rule<Places>[] = stackRules.map((rule) => ({
  ...rule,
  name: `layer: ${rule.name}`,
  applies: (places) =>
    layersWith(places.field, places.frame.stack) !== layersWith(places.field, places.stack) && rule.applies(places),
}));

/** Theirs are the first of ours. */
const stopped = ({ ours, theirs }: Places) =>
  theirs.length < ours.length && theirs.every((one, i) => sameBits(ours[i]!, one));

export const rangeRules: readonly Rule<Places>[] = [
  {
    name: 'empty value',
    kind: 'tshark derives',
    reason: 'tshark states no place of a field without bytes',
    fields: /^/,
    applies({ ours, theirs }) {
      const some = ours.filter(({ length }) => length !== 0);
      return (
        some.length < ours.length && some.length === theirs.length && some.every((one, i) => sameBits(one, theirs[i]!))
      );
    },
  },
  {
    name: 'source route',
    kind: 'tshark substitutes',
    reason: 'with a source route tshark shows its last address as the destination; we show what the header says',
    fields: /^ip\.(dst|addr|src_rt)$/,
    applies: ({ frame }) => valuesOf(frame, 'ip.opt.type').some((type) => type === '131' || type === '137'),
  },
  {
    name: 'shown twice',
    kind: 'defect of tshark',
    reason: 'tshark shows each FDDI address twice',
    fields: /^fddi\.(dst|src|addr)$/,
    applies: ({ ours, theirs }) => theirs.length === 2 * ours.length,
  },
  {
    name: 'parameter behind an empty one',
    kind: 'defect of tshark',
    reason: 'behind two separators in a row tshark states places one byte too early',
    fields: /^http\.request\.uri\.query\.parameter$/,
    applies: ({ ours, theirs }) =>
      theirs.every(({ offset, length }, i) => ours[i]!.length === length && ours[i]!.offset! - offset <= 1),
  },
  {
    name: 'pointer',
    kind: 'defect of tshark',
    reason: 'of a name that is a pointer tshark states the second byte',
    fields: /^nbns\.name$/,
    applies: ({ ours, theirs }) =>
      theirs.every(
        (range, i) => sameBits(ours[i]!, range) || (range.length === 1 && range.offset === ours[i]!.offset! + 1),
      ),
  },
  {
    name: 'payload behind the length',
    kind: 'defect of tshark',
    reason: 'tshark shows the rest of the IP packet as the payload of a datagram that ends earlier',
    fields: /^udp\.payload$/,
    applies: ({ ours, theirs }) =>
      ours.length === theirs.length &&
      theirs.every(({ offset, length }, i) => offset === ours[i]!.offset && length > ours[i]!.length!),
  },
  {
    name: 'certificates',
    kind: 'not dissected',
    reason: 'tshark shows signed certificate timestamps inside certificates, of which packetloom shows the bytes',
    fields: /^tls\.(sct\.|handshake\.sig_hash_)/,
    applies: ({ stack }) => /x509/.test(stack),
  },
  {
    name: 'RTP that is none',
    kind: 'tshark remembers',
    reason: 'tshark shows the redundant payload of what other frames announced as such',
    fields: /^rtp\.(p_type|payload)$/,
    applies: ({ ours, theirs }) => ours.every((one, i) => sameBits(one, theirs[i]!)),
  },
  {
    name: 'damaged CSeq',
    kind: 'tshark stops',
    reason: 'tshark states another length of a CSeq with a byte 0 or of more than 300 bytes',
    fields: /^sip\.CSeq(\.method)?$/,
    applies: ({ ours, theirs }) => ours.every(({ offset }, i) => offset === theirs[i]!.offset),
  },
  ...layerRules,
  {
    name: 'malformed',
    kind: 'tshark stops',
    reason: 'tshark found the message malformed and shows nothing behind that place; we show what still can be read',
    fields: /^/,
    applies: (places) => places.malformed !== '' && stopped(places),
  },
];
