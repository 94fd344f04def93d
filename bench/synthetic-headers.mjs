/** @typedef {{ id: number, protocol: string, version: number, frames: number, sent: number, forward: number, backward: number }} Conversation */

const [fin, syn, rst, push, ack] = [1, 2, 4, 8, 16];

/** The flags that go without payload here. */
export const bare = syn | fin | rst;

/** @param {Conversation} conversation */
export function tcpFlags({ frames, sent }) {
  if (sent === 0) return syn;
  if (sent === 1) return frames === 2 ? rst | ack : syn | ack;
  if (frames > 5 && sent >= frames - 3) return sent === frames - 1 ? ack : fin | ack;
  return sent === 2 ? ack : ack | push;
}

/** Writes the header without checksum and returns where the addresses go, as writeIpv6 does. */
export function writeIpv4(bytes, at, number, length, { id, sent }) {
  bytes.writeUInt32BE(0x45000000 | (20 + length), at);
  bytes.writeUInt16BE((id * 31 + sent) & 0xffff, at + 4);
  bytes.writeUInt16BE(0x4000, at + 6);
  bytes.writeUInt32BE((64 << 24) | (number << 16), at + 8);
  return at + 12;
}

export function writeIpv6(bytes, at, number, length) {
  bytes.writeUInt32BE(0x60000000, at);
  bytes.writeUInt16BE(length, at + 4);
  bytes.writeUInt16BE((number << 8) | 64, at + 6);
  return at + 8;
}

/** A client address of its own for each conversation, one of 500 servers. */
export function writeAddresses(bytes, at, version6, id, backward) {
  const size = version6 ? 16 : 4;
  const [client, server] = backward ? [at + size, at] : [at, at + size];
  if (version6) {
    bytes.fill(0, at, at + 32);
    bytes.writeUInt32BE(0x20010db8, client);
    bytes.writeUInt32BE(0x20010db8, server);
  }
  bytes.writeUInt32BE(0x0a000000 + id, client + size - 4);
  bytes.writeUInt32BE(0xc6120000 + (id % 500), server + size - 4);
}

/** Writes the header and returns where its checksum is. */
export function writeTransport(bytes, at, conversation, backward, flags, payload) {
  const { protocol, version, id, sent } = conversation;
  if (protocol === 'icmp') {
    const [request, reply] = version === 6 ? [128, 129] : [8, 0];
    bytes.writeUInt32BE((backward ? reply : request) * 2 ** 24, at);
    bytes.writeUInt32BE(((id & 0xffff) * 2 ** 16 + (sent >> 1)) >>> 0, at + 4);
    return 2;
  }
  const client = 1024 + (id % 60000);
  const server = protocol === 'udp' ? [53, 53, 5004, 123][id % 4] : [443, 443, 80, 22, 502][id % 5];
  bytes.writeUInt16BE(backward ? server : client, at);
  bytes.writeUInt16BE(backward ? client : server, at + 2);
  if (protocol === 'udp') {
    bytes.writeUInt32BE((8 + payload) * 2 ** 16, at + 4);
    return 6;
  }
  const [own, other] = backward ? ['backward', 'forward'] : ['forward', 'backward'];
  bytes.writeUInt32BE(conversation[own], at + 4);
  bytes.writeUInt32BE(flags & ack ? conversation[other] : 0, at + 8);
  bytes.writeUInt32BE((0x50000000 + flags * 2 ** 16 + 64240) >>> 0, at + 12);
  bytes.writeUInt32BE(0, at + 16);
  conversation[own] += payload + (flags & (syn | fin) ? 1 : 0);
  return 16;
}

export function wordsOf(bytes, at, length) {
  let sum = 0;
  for (let index = 0; index + 1 < length; index += 2) sum += (bytes[at + index] << 8) | bytes[at + index + 1];
  return length % 2 === 1 ? sum + (bytes[at + length - 1] << 8) : sum;
}

/** Internet checksum, RFC 1071. */
export function sumOf(bytes, at, length, start) {
  let sum = start + wordsOf(bytes, at, length);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
