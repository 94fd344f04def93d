import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import {
  bits,
  computed,
  flag,
  header,
  ipv4,
  located,
  part,
  repeated,
  uint8,
  uint16,
  unused,
} from '../core/declare/kinds.ts';
import { addWords, foldSum } from '../core/frame/checksum.ts';
import type { Frame } from '../core/frame/frame.ts';
import { checkOptions, nextOption } from '../core/frame/options.ts';
import { namesOf } from './names.ts';
import { ipOption } from './parts/ip-option.ts';
import { etherType, ipProtocol, linkTypes, nullFamily, pppProtocol } from './tables.ts';

const FIXED = 20;
const IPV6 = 0x86dd;
const headerLength = (bytes: Uint8Array, at: number) => (bytes[at]! & 15) << 2;

/** 1 for a right header checksum, 0 for a wrong one; absent when the header is not wholly there. */
const checksumStatus: Locate = (bytes, at, end) => {
  if (at + FIXED > end || at + headerLength(bytes, at) > end) return Number.NaN;
  return foldSum(addWords(bytes, at, at + headerLength(bytes, at))) === 0xffff ? 1 : 0;
};

/** The length on the wire, 0 for a packet that the sender's card was to segment. */
const { total } = header({ before: unused(16), total: uint16('ip.len') });

/** As Wireshark has it: a total length of 0 stands for all that the frame holds. */
const totalLength: Locate = (bytes, at, end, frame, layer) => {
  if (at + 4 > end) return Number.NaN;
  return total.read(bytes, at) || frame.layerEnd[layer]! - at;
};

const fields = header({
  version: bits('ip.version', 4),
  headerLength: bits('ip.hdr_len', 4, { title: 'Header length', scale: 4, unit: 'bytes' }),
  service: uint8('ip.dsfield', { title: 'Differentiated services', display: 'hex' }),
  codepoint: part(bits('ip.dsfield.dscp', 6)),
  congestion: part(bits('ip.dsfield.ecn', 2)),
  lengthOnTheWire: unused(16),
  length: located(
    (_bytes, at) => at + total.offset,
    computed('ip.len', 'uint', totalLength, { title: 'Total length', unit: 'bytes' }, total.size),
  ),
  id: uint16('ip.id', { title: 'Identification', display: 'hex' }),
  flags: bits('ip.flags', 3, { display: 'hex' }),
  reserved: part(flag('ip.flags.rb', { title: 'Reserved' })),
  dontFragment: part(flag('ip.flags.df', { title: "Don't fragment" })),
  moreFragments: part(flag('ip.flags.mf', { title: 'More fragments' })),
  fragmentOffset: bits('ip.frag_offset', 13, { title: 'Fragment offset (8-byte units)' }),
  timeToLive: uint8('ip.ttl', { title: 'Time to live' }),
  protocol: uint8('ip.proto', { title: 'Protocol', values: namesOf('ip-protocols') }),
  checksum: uint16('ip.checksum', { display: 'hex' }),
  checksumStatus: computed('ip.checksum.status', 'uint', checksumStatus, { values: { 0: 'wrong', 1: 'right' } }),
  source: ipv4('ip.src', { title: 'Source', aliases: ['ip.addr'] }),
  destination: ipv4('ip.dst', { title: 'Destination', aliases: ['ip.addr'] }),
  options: repeated({
    // A header that reaches past the packet has none that can be trusted.
    from: (bytes, at, end, frame, layer) =>
      at < end && headerLength(bytes, at) > FIXED && at + headerLength(bytes, at) <= frame.layerEnd[layer]!
        ? at + FIXED
        : -1,
    to: (bytes, at) => at + headerLength(bytes, at),
    next: nextOption,
    item: ipOption,
    title: 'Option',
  }),
});

/** Nothing behind the version holds; a packet that says it is IPv6 is read as one, as Wireshark does. */
function otherVersion(frame: Frame, version: number, at: number): boolean {
  frame.malformed(fields.version, 4, version);
  const end = frame.contained;
  frame.limit(at + 1, fields.version);
  return version === 6 && frame.next(etherType, IPV6, at, end);
}

/** Internet Protocol, version 4, RFC 791. */
export const ip = defineDissector({
  name: 'ip',
  title: 'Internet Protocol, version 4',
  level: 'network',
  claims: [etherType.at(0x0800), linkTypes.at(228), nullFamily.at(2), pppProtocol.at(0x0021), ipProtocol.at(4)],
  fields,
  key: { pairs: [['ip.src', 'ip.dst']] },
  tables: [ipProtocol, etherType],
  dissect(frame, bytes, at) {
    const first = bytes[at]!;
    if (first >>> 4 !== 4) return otherVersion(frame, first >>> 4, at);
    const size = (first & 15) << 2;
    if (size < FIXED) return frame.malformed(fields.headerLength, FIXED, size);
    const length = total.read(bytes, at);
    // A total length of 0 is segmentation offload's: the packet is as long as the frame.
    if (length >= size) frame.limit(at + length, total);
    else if (length !== 0) return frame.malformed(total, size, length);
    if (at + size > frame.contained) return frame.malformed(fields.headerLength, size, frame.contained - at);
    if (size > FIXED) checkOptions(frame, bytes, at + FIXED, at + size);
    const protocol = fields.protocol.read(bytes, at);
    frame.network(at + 12, 4, protocol, at + size);
    const fragment = ((bytes[at + 6]! & 0x3f) << 8) | bytes[at + 7]!;
    if (fragment !== 0) {
      const later = (fragment & 0x1fff) !== 0;
      frame.fragment(later, fields.id.read(bytes, at));
      if (later) return;
    }
    return frame.next(ipProtocol, protocol, at + size);
  },
});
