import { registry } from '../capture.ts';
import { has, ourProtocols, portClaims, valuesOf } from '../layers.ts';
import type { BothFrames, Rule } from '../rule.ts';

/** What follows the layers that both sides agree on. */
function parted({ frame, stack }: BothFrames): readonly [ours: readonly string[], theirs: readonly string[]] {
  const ours = frame.stack.split(':').filter((one) => one !== '');
  const theirs = stack.split(':').filter((one) => one !== '');
  let same = 0;
  while (same < ours.length && ours[same] === theirs[same]) same += 1;
  return [ours.slice(same), theirs.slice(same)];
}

const isData = (layers: readonly string[]) => layers.length === 0 || (layers.length === 1 && layers[0] === 'data');
const known = (layers: readonly string[]) => layers.length > 0 && layers[0] !== 'data' && ourProtocols.has(layers[0]!);

const APPLICATIONS = new Set(
  [...registry.dissectors.values()].filter(({ level }) => level === 'application').map(({ protocol }) => protocol),
);

/** Differences of the list of layers; each names what differs first. */
export const stackRules: readonly Rule<BothFrames>[] = [
  {
    name: 'protocol we do not have',
    kind: 'not dissected',
    reason: 'tshark has a dissector for what follows, packetloom has not',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      if (isData(ours)) return theirs.length > 0 && !ourProtocols.has(theirs[0]!);
      // Ours without a layer that only tshark lists: a trailer, or a protocol of its own for a part of another.
      const rest = theirs.filter((one) => ourProtocols.has(one));
      return theirs.length > 0 && !ourProtocols.has(theirs[0]!) && ours.join() === rest.join();
    },
  },
  {
    name: 'port-only',
    kind: 'port only',
    reason: 'tshark goes by the port alone; the bytes are none of that protocol, or the middle of a message of it',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      return isData(ours) && known(theirs) && portClaims(theirs[0]!, both.frame);
    },
  },
  {
    name: 'known from other frames',
    kind: 'tshark remembers',
    reason: 'other frames told tshark what these ports carry (a TFTP request, a call set up by SIP, a TLS handshake)',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      return isData(ours) && known(theirs) && APPLICATIONS.has(theirs[0]!);
    },
  },
  {
    name: 'another protocol',
    kind: 'not dissected',
    reason: 'by a port or other frames tshark takes the conversation for one of a protocol packetloom does not have',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      return ours.length > 0 && theirs.length > 0 && !ourProtocols.has(theirs[0]!);
    },
  },
  {
    name: 'depth',
    kind: 'ours',
    reason: 'a frame ends at 32 layers, with an anomaly',
    fields: /^/,
    applies: ({ frame }) => has(frame, 'pwethcw', 'depth') || frame.anomalies.some(({ code }) => code === 'depth'),
  },
  {
    name: 'payload not listed',
    kind: 'tshark remembers',
    reason:
      'tshark does not dissect bytes of a stream a second time (a segment sent again), nor what a dissector that it goes to by the port has not shown',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      return ours.join() === 'data' && theirs.length === 0 && /:tcp(:data)?$/.test(both.frame.stack);
    },
  },
  {
    name: 'data inside a message',
    kind: 'tshark derives',
    reason: 'tshark lists bytes inside a message (a body, an attribute) as data; to us they are fields of the message',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      const last = both.frame.stack.split(':').at(-1);
      return ours.length === 0 && theirs.join() === 'data' && /^(http|stun|loop)$/.test(last ?? '');
    },
  },
  {
    name: 'chunks',
    kind: 'tshark derives',
    reason: 'tshark lists data once for each SCTP chunk that carries some, and never for other chunks',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      return both.frame.stack.includes(':sctp') && [...ours, ...theirs].every((one) => one === 'data');
    },
  },
  {
    name: 'header that is none',
    kind: 'tshark stops',
    reason: 'tshark calls a packet with a wrong version or too few bytes data; we show the layer, partial or malformed',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      const { anomalies } = both.frame;
      return (
        anomalies.some(({ code }) => code === 'malformed' || code === 'truncated') && ours.length <= 1 && isData(theirs)
      );
    },
  },
  {
    name: 'second message',
    kind: 'tshark stops',
    reason: 'tshark lists one message of a segment, or one layer of a message in two parts',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      const last = both.stack.split(':').at(-1);
      return (
        (ours.length === 1 && theirs.length === 0 && ours[0] === last) || (ours.length === 0 && theirs.join() === last)
      );
    },
  },
  {
    name: 'recognised by its bytes',
    kind: 'ours',
    reason: 'packetloom recognises RTP by its own header; tshark waits until another frame has set up a call',
    fields: /^/,
    applies(both) {
      const [ours, theirs] = parted(both);
      return /^(rtp|rtcp|stun)$/.test(ours[0] ?? '') && isData(theirs);
    },
  },
  {
    name: 'old protocol number',
    kind: 'ours',
    reason: 'tshark takes IP protocol 62 for a draft of Mobile IPv6; the number is that of CFTP',
    fields: /^/,
    applies: (both) => parted(both)[1][0] === 'mipv6' && valuesOf(both.frame, 'ipv6.nxt').includes('62'),
  },
  {
    name: 'nonce',
    kind: 'not dissected',
    reason: 'tshark shows the four bytes of an echo request that Teredo sends as a nonce',
    fields: /^/,
    applies: (both) => both.stack.endsWith(':teredo:ipv6:icmpv6') && both.frame.stack === `${both.stack}:data`,
  },
  {
    name: 'VXLAN-GPE',
    kind: 'defect of tshark',
    reason: 'tshark shows the layer of VXLAN-GPE and does not list it',
    fields: /^/,
    applies: (both) => both.frame.stack.replace(':vxlan-gpe', '') === both.stack,
  },
  {
    name: 'type aaaa',
    kind: 'defect of tshark',
    reason: 'tshark shows nothing behind the Ethertype aaaa',
    fields: /^/,
    applies: ({ frame, stack }) => stack === 'eth' && valuesOf(frame, 'eth.type').includes('0xaaaa'),
  },
];
