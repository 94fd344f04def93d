import { choose } from './random.mjs';
import {
  bare,
  sumOf,
  tcpFlags,
  wordsOf,
  writeAddresses,
  writeIpv4,
  writeIpv6,
  writeTransport,
} from './synthetic-headers.mjs';

/** @typedef {import('./synthetic-headers.mjs').Conversation} Conversation */

const bufferSize = 1 << 20;
const numbers = { tcp: [6, 6, 20], udp: [17, 17, 8], icmp: [1, 58, 8] };
const text = Buffer.from('packetloom synthetic payload '.repeat(60));

/**
 * Shares of TCP segments by least and greatest payload length.
 * @type {readonly (readonly [number, number, number])[]}
 */
const segments = [
  [0.55, 0, 0],
  [0.15, 1, 99],
  [0.12, 100, 599],
  [0.09, 900, 1400],
  [0.09, 1420, 1440],
];

/** Writes whole Ethernet frames of conversations, as records of a capture file, through one buffer. */
export class FrameWriter {
  #bytes = Buffer.alloc(bufferSize);
  #at = 24;
  #random;
  #sink;

  /** @param {() => number} random @param {(bytes: Buffer) => void} sink */
  constructor(random, sink) {
    this.#random = random;
    this.#sink = sink;
    this.#bytes.writeUInt32LE(0xa1b2c3d4, 0);
    this.#bytes.writeUInt16LE(2, 4);
    this.#bytes.writeUInt16LE(4, 6);
    this.#bytes.writeUInt32LE(262144, 16);
    this.#bytes.writeUInt32LE(1, 20);
  }

  flush() {
    this.#sink(this.#bytes.subarray(0, this.#at));
    this.#at = 0;
  }

  /** @param {Conversation} conversation @param {number} time Unix seconds */
  write(conversation, time) {
    if (this.#at > bufferSize - 2048) this.flush();
    const bytes = this.#bytes;
    const [record, frame] = [this.#at, this.#at + 16];
    const length = conversation.protocol === 'arp' ? this.#arp(conversation, frame) : this.#packet(conversation, frame);
    const wire = Math.max(60, length);
    bytes.fill(0, frame + length, frame + wire);
    bytes.writeUInt32LE(Math.floor(time), record);
    bytes.writeUInt32LE(Math.floor((time % 1) * 1e6), record + 4);
    bytes.writeUInt32LE(wire, record + 8);
    bytes.writeUInt32LE(wire, record + 12);
    this.#at = frame + wire;
  }

  #arp({ id }, at) {
    this.#ethernet(at, 0xffffffffffff, 0x020000000002, 0x0806);
    this.#bytes.write('0001080006040001020000000002', at + 14, 'hex');
    this.#bytes.writeUInt32BE(0x0a000000 + id, at + 28);
    this.#bytes.fill(0, at + 32, at + 38);
    this.#bytes.writeUInt32BE(0x0a000000 + id + 1, at + 38);
    return 42;
  }

  #ethernet(at, destination, source, type) {
    this.#bytes.writeUIntBE(destination, at, 6);
    this.#bytes.writeUIntBE(source, at + 6, 6);
    this.#bytes.writeUInt16BE(type, at + 12);
  }

  #packet(conversation, at) {
    const bytes = this.#bytes;
    const backward = isBackward(conversation);
    const [number4, number6, header] = numbers[conversation.protocol];
    const version6 = conversation.version === 6;
    const number = version6 ? number6 : number4;
    const network = at + 14;
    const transport = network + (version6 ? 40 : 20);
    const flags = conversation.protocol === 'tcp' ? tcpFlags(conversation) : 0;
    const payload = flags & bare ? 0 : this.#payloadLength(conversation, backward);
    const length = header + payload;
    const [client, server] = [0x020000000002, 0x020000000001];
    this.#ethernet(at, backward ? client : server, backward ? server : client, version6 ? 0x86dd : 0x0800);
    const writeNetwork = version6 ? writeIpv6 : writeIpv4;
    const addresses = writeNetwork(bytes, network, number, length, conversation);
    writeAddresses(bytes, addresses, version6, conversation.id, backward);
    text.copy(bytes, transport + header, 0, payload);
    const checksum = writeTransport(bytes, transport, conversation, backward, flags, payload);
    if (!version6) bytes.writeUInt16BE(sumOf(bytes, network, 20, 0), network + 10);
    const pseudo = number === 1 ? 0 : number + length + wordsOf(bytes, addresses, version6 ? 32 : 8);
    bytes.writeUInt16BE(sumOf(bytes, transport, length, pseudo), transport + checksum);
    return transport + length - at;
  }

  #payloadLength({ protocol, frames }, backward) {
    const within = (least, greatest) => Math.floor(least + this.#random() * (greatest + 1 - least));
    if (protocol === 'icmp') return 56;
    if (protocol === 'udp') return frames > 100 ? within(100, 1200) : backward ? within(60, 240) : within(25, 120);
    const [, least, greatest] = choose(segments, this.#random());
    return within(least, greatest);
  }
}

/** Strictly to and fro at the begin and end, two forward to three backward between them. */
function isBackward({ protocol, frames, sent }) {
  if (protocol === 'arp') return false;
  if (protocol !== 'tcp' || sent < 3 || sent >= frames - 3) return sent % 2 === 1;
  return sent % 5 > 1;
}
