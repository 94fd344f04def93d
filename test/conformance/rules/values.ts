import { has, layersWith, valuesOf } from '../layers.ts';
import type { Cell, Rule } from '../rule.ts';
import { stackRules } from './stack.ts';

const isSubset = (some: readonly string[], all: readonly string[]) => {
  const rest = [...all];
  return some.every((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
};
/** Theirs is the beginning of ours: tshark stopped. */
const stopped = ({ ours, theirs }: Cell) => theirs.length < ours.length && theirs.every((one, i) => one === ours[i]);

/** Fields of a layer that only one side has: the reason is that of the layer. */
const layerRules: readonly Rule<Cell>[] = stackRules.map((rule) => ({
  ...rule,
  name: `layer: ${rule.name}`,
  applies: (cell) =>
    layersWith(cell.field, cell.frame.stack) !== layersWith(cell.field, cell.stack) && rule.applies(cell),
}));

export const valueRules: readonly Rule<Cell>[] = [
  {
    name: 'opaque type',
    kind: 'tshark remembers',
    reason: 'tshark names the types of protected records apart, so that their order among the others is lost',
    fields: /^tls\.record\.content_type$/,
    applies: ({ ours, theirs }) => ours.toSorted().join() === theirs.toSorted().join(),
  },
  {
    name: 'MQTT 3.1',
    kind: 'tshark remembers',
    reason: 'what a connection of version 3.1 has else tshark knows from its CONNECT, in another frame',
    fields: /^mqtt\.(hdr_reserved|conack\.flags(\.sp)?|dupflag|qos)$/,
    applies: ({ ours, theirs }) => (ours.length === 0) !== (theirs.length === 0),
  },
  {
    name: 'source route',
    kind: 'tshark substitutes',
    reason: 'with a source route tshark shows its last address as the destination; we show what the header says',
    fields: /^ip\.(dst|addr|src_rt)$/,
    applies: ({ frame }) => valuesOf(frame, 'ip.opt.type').some((type) => type === '131' || type === '137'),
  },
  {
    name: 'invalid IPv4 header',
    kind: 'tshark stops',
    reason: 'of an IPv4 header with a wrong version or length tshark shows nothing behind that value',
    fields: /^ip\./,
    applies: (cell) => has(cell.frame, 'ip') && (stopped(cell) || /status$/.test(cell.field)),
  },
  {
    name: 'invalid UDP length',
    kind: 'tshark stops',
    reason: 'of a datagram with an invalid length tshark shows nothing behind it',
    fields: /^udp\.(checksum|payload)$/,
    applies: (cell) => has(cell.frame, 'udp', 'malformed') && stopped(cell),
  },
  {
    name: 'TCP header that ends early',
    kind: 'tshark stops',
    reason: 'of a TCP header that ends early tshark leaves out some fields that are there',
    fields: /^tcp\./,
    applies: (cell) => has(cell.frame, 'tcp') && stopped(cell),
  },
  {
    name: 'quoted sequence number',
    kind: 'defect of tshark',
    reason: 'tshark gives a quoted TCP header of eight bytes one of its two names for the sequence number',
    fields: /^tcp\.seq_raw$/,
    applies: ({ frame }) => frame.layers.some(({ name, quoted }) => name === 'tcp' && quoted),
  },
  {
    name: 'cut address',
    kind: 'tshark stops',
    reason: 'tshark shows the bits of an address only with the whole address',
    fields: /^eth\.((dst|src)\.)?(lg|ig)$/,
    applies: ({ frame }) => has(frame, 'eth', 'truncated'),
  },
  {
    name: 'shown twice',
    kind: 'defect of tshark',
    reason: 'tshark shows each FDDI address twice',
    fields: /^fddi\.(dst|src|addr)$/,
    applies: ({ ours, theirs }) => theirs.join() === ours.flatMap((one) => [one, one]).join(),
  },
  {
    name: 'mobility option',
    kind: 'defect of tshark',
    reason: 'tshark does not fill its field for the type of a mobility option',
    fields: /^mip6\.mobility_opt$/,
    applies: ({ theirs }) => theirs.length === 0,
  },
  {
    name: 'certificates',
    kind: 'not dissected',
    reason: 'tshark shows signed certificate timestamps inside certificates, of which packetloom shows the bytes',
    fields: /^tls\.(sct\.|handshake\.sig_hash_)/,
    applies: ({ stack, ours, theirs }) => /x509/.test(stack) && isSubset(ours, theirs),
  },
  {
    name: 'payload behind the length',
    kind: 'defect of tshark',
    reason: 'tshark shows the rest of the IP packet as the payload of a datagram that ends earlier',
    fields: /^udp\.payload$/,
    applies: ({ ours, theirs }) => ours.length === theirs.length && ours.every((one, i) => theirs[i]!.startsWith(one)),
  },
  {
    name: 'rate of an index',
    kind: 'tshark derives',
    reason: 'tshark works out the data rate of an MCS index',
    fields: /^radiotap\.datarate$/,
    applies: ({ ours }) => ours.length === 0,
  },
  {
    name: 'RTP that is none',
    kind: 'tshark remembers',
    reason: 'tshark shows the version of what other frames announced as RTP before it sees that it is something else',
    fields: /^rtp\.(version|p_type|payload)$/,
    applies: ({ ours, theirs }) => isSubset(ours, theirs) || ours.join().startsWith(theirs.join()),
  },
  {
    name: 'export cipher',
    kind: 'tshark remembers',
    reason: 'what a ServerKeyExchange holds tshark knows from the cipher suite of the ServerHello',
    fields: /^tls\.handshake\.sig(_len)?$/,
    applies: ({ ours, theirs }) => ours.length === 0 && theirs.length === 1,
  },
  {
    name: 'option behind its end',
    kind: 'defect of tshark',
    reason: 'tshark reads the client subnet option past the length that it states',
    fields: /^dns\.opt\.client\./,
    applies: ({ malformed, ours }) => malformed !== '' && ours.length === 0,
  },
  {
    name: 'labels of a faulty name',
    kind: 'defect of tshark',
    reason: 'tshark counts the labels of the text it shows instead of the name',
    fields: /^dns\.count\.labels$/,
    applies: ({ frame }) => valuesOf(frame, 'dns.qry.name').some((name) => name.startsWith('<')),
  },
  {
    name: 'behind a faulty name',
    kind: 'tshark stops',
    reason: 'behind a name that ends in a label of an unknown form tshark reads on at some place; we end there',
    fields: /^dns\.(qry\.|count\.labels|ptr\.)/,
    applies: (cell) => has(cell.frame, 'dns', 'malformed') && cell.ours.every((one, i) => one === cell.theirs[i]),
  },
  {
    name: 'host of another address',
    kind: 'defect of tshark',
    reason: 'of an address that does not begin as one tshark shows the host it found elsewhere in the message',
    fields: /^sip\.from\.host$/,
    applies: ({ ours, theirs }) => ours.length === 0 && theirs.length === 1,
  },
  {
    name: 'display name of one letter',
    kind: 'defect of tshark',
    reason: 'tshark does not show a display name of one letter',
    fields: /^sip\.((to|from)\.)?display\.info$/,
    applies: ({ ours, theirs }) => isSubset(theirs, ours) && ours.some((one) => one.length === 1),
  },
  {
    name: 'long CSeq',
    kind: 'tshark stops',
    reason: 'of a CSeq of more than 300 bytes tshark shows a part, and nothing behind it',
    fields: /^sip\.CSeq(\.method)?$/,
    applies: ({ ours }) => ours.some((one) => one.length > 300),
  },
  {
    name: 'trailer before the end',
    kind: 'defect of tshark',
    reason: 'tshark takes the last bytes of an LLDP unit for a trailer',
    fields: /^eth\.trailer$/,
    applies: ({ ours, stack }) => ours.length === 0 && stack.endsWith(':lldp'),
  },
  {
    name: 'interface of another section',
    kind: 'defect of tshark',
    reason: 'tshark gives a frame the name that its interface number has in the first section of the file',
    fields: /^frame\.interface_name$/,
    applies: () => true,
  },
  {
    name: 'record that contradicts itself',
    kind: 'ours',
    reason:
      'a wire length below the captured length is raised, a fraction of a second or more is carried over (tshark 4.0 overflows)',
    fields: /^frame\.(len|time_epoch)$/,
    applies: ({ frame }) => frame.anomalies.some(({ code }) => code === 'record.length' || code === 'time.fraction'),
  },
  {
    name: 'record without a frame',
    kind: 'defect of tshark',
    reason: 'tshark counts blocks that are no frames as frames without bytes',
    fields: /^frame\.(number|time_(delta|relative)(_displayed)?)$/,
    applies: () => true,
  },
  ...layerRules,
  {
    name: 'malformed',
    kind: 'tshark stops',
    reason: 'tshark found the message malformed and shows nothing behind that place; we show what still can be read',
    fields: /^/,
    applies: (cell) => cell.malformed !== '' && stopped(cell),
  },
];
