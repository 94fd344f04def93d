import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate } from '../core/declare/field.ts';
import {
  bits,
  bytes,
  computed,
  flag,
  header,
  located,
  part,
  repeated,
  text,
  uint16,
  uint32,
} from '../core/declare/kinds.ts';
import { type Frame, QUOTED } from '../core/frame/frame.ts';
import { checkOptions } from '../core/frame/options.ts';
import { nextTcpOption, tcpOption } from './parts/tcp-option.ts';
import { ipProtocol, tcpPort } from './tables.ts';

const FIXED = 20;
/** Reaches the flags byte. */
const WITH_FLAGS = 14;

const headerLength = (view: Uint8Array, at: number) => (view[at + 12]! >>> 4) << 2;
const optionsAt: Locate = (view, at, end) => (at + FIXED < end && headerLength(view, at) > FIXED ? at + FIXED : -1);
const optionsLength: Locate = (view, _at, _end, frame, layer) => headerLength(view, frame.layerOffset[layer]!) - FIXED;
const payloadAt: Locate = (view, at, end) => {
  const size = at + FIXED <= end ? headerLength(view, at) : 0;
  return size >= FIXED && at + size < end ? at + size : -1;
};
/**
 * As Wireshark has it: nothing without a whole, valid header, nor for a packet quoted in an ICMP error, nor for the first
 * fragment of a packet, of whose segment the other fragments hold the rest.
 */
const payloadLength: Locate = (view, at, end, frame, layer) => {
  if (at + FIXED > end || frame.fragmented || (frame.layerFlags[layer]! & QUOTED) !== 0) return Number.NaN;
  const size = headerLength(view, at);
  return size < FIXED ? Number.NaN : Math.max(frame.layerEnd[layer]! - at - size, 0);
};

const LETTERS = 'RRRACEUAPRSF';
const lettersOf: string[] = [];
/** Wireshark's twelve letters, with a middle dot for each flag that is not set. */
const letters = (view: Uint8Array, offset: number): string => {
  const flags = ((view[offset]! & 15) << 8) | view[offset + 1]!;
  lettersOf[flags] ??= Array.from(LETTERS, (letter, bit) => ((flags >>> (11 - bit)) & 1 ? letter : '\u00b7')).join('');
  return lettersOf[flags];
};

const fields = header({
  sourcePort: uint16('tcp.srcport', { title: 'Source port', aliases: ['tcp.port'] }),
  destinationPort: uint16('tcp.dstport', { title: 'Destination port', aliases: ['tcp.port'] }),
  length: computed('tcp.len', 'uint', payloadLength, { title: 'Payload length', unit: 'bytes' }),
  sequence: uint32('tcp.seq_raw', { title: 'Sequence number', aliases: ['tcp.seq'] }),
  acknowledgment: uint32('tcp.ack_raw', { title: 'Acknowledgment number', aliases: ['tcp.ack'] }),
  headerLength: bits('tcp.hdr_len', 4, { title: 'Header length', scale: 4, unit: 'bytes' }),
  flags: bits('tcp.flags', 12, { display: 'hex' }),
  reserved: part(flag('tcp.flags.res', { title: 'Reserved' }, 3)),
  accurateCongestion: part(flag('tcp.flags.ae', { title: 'Accurate ECN' })),
  windowReduced: part(flag('tcp.flags.cwr', { title: 'Congestion window reduced' })),
  congestionEcho: part(flag('tcp.flags.ece', { title: 'ECN echo' })),
  urgent: part(flag('tcp.flags.urg', { title: 'Urgent' })),
  acknowledges: part(flag('tcp.flags.ack', { title: 'Acknowledgment' })),
  push: part(flag('tcp.flags.push', { title: 'Push' })),
  reset: part(flag('tcp.flags.reset', { title: 'Reset' })),
  synchronize: part(flag('tcp.flags.syn', { title: 'Synchronize' })),
  finish: part(flag('tcp.flags.fin', { title: 'Finish' })),
  letters: located((_view, at) => at + 12, text('tcp.flags.str', 2, { title: 'Flags', format: letters })),
  window: uint16('tcp.window_size_value', { title: 'Window', unit: 'bytes' }),
  checksum: uint16('tcp.checksum', { display: 'hex' }),
  urgentPointer: uint16('tcp.urgent_pointer', { title: 'Urgent pointer' }),
  optionBytes: located(optionsAt, bytes('tcp.options', optionsLength)),
  options: repeated({
    from: optionsAt,
    to: (view, at) => at + headerLength(view, at),
    next: nextTcpOption,
    item: tcpOption,
    title: 'Option',
  }),
  payload: located(
    payloadAt,
    bytes('tcp.payload', (_view, at, end) => end - at),
  ),
});

/** A header that is not wholly there: the ports need no more than their own four bytes. */
function cut(frame: Frame, view: Uint8Array, at: number): void {
  const { end } = frame;
  if (at + 4 <= end) frame.ports(fields.sourcePort.read(view, at), fields.destinationPort.read(view, at));
  frame.short(at, FIXED);
  const known = at + WITH_FLAGS <= end;
  if (known) stream(frame, view, at);
  const size = known ? headerLength(view, at) : 0;
  frame.payload(size < FIXED ? -1 : at + size);
}

function stream(frame: Frame, view: Uint8Array, at: number): void {
  frame.stream(view[at + 13]!, fields.sequence.read(view, at), fields.acknowledgment.read(view, at));
}

/** Transmission Control Protocol, RFC 9293. */
export const tcp = defineDissector({
  name: 'tcp',
  title: 'Transmission Control Protocol',
  level: 'transport',
  claims: [ipProtocol.at(6)],
  fields,
  key: { pairs: [['tcp.srcport', 'tcp.dstport']] },
  tables: [tcpPort],
  minimum: 0,
  dissect(frame, view, at) {
    if (at + FIXED > frame.end) return cut(frame, view, at);
    const source = fields.sourcePort.read(view, at);
    const destination = fields.destinationPort.read(view, at);
    frame.ports(source, destination);
    stream(frame, view, at);
    const size = headerLength(view, at);
    // Ports, numbers and flags stand all the same; where the payload begins is not known.
    if (size < FIXED) {
      frame.malformed(fields.headerLength, FIXED, size);
      return frame.payload(-1);
    }
    const payload = at + size;
    if (payload > frame.contained) {
      frame.malformed(fields.headerLength, size, frame.contained - at);
      return frame.payload(payload);
    }
    if (payload > frame.end) frame.short(at, size);
    if (size > FIXED) checkOptions(frame, view, at + FIXED, payload);
    frame.payload(payload);
    return payload < frame.end && frame.either(tcpPort, source, destination, payload);
  },
});
