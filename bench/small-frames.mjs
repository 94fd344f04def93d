import { writeFileSync } from 'node:fs';

const HEADER = 24;
const RECORD = 16;
/** Ethernet 14, IPv4 20, UDP 8, payload 18: the least frame there is, without its check sequence. */
const FRAME = 60;

/**
 * Writes a capture of small UDP frames.
 * @param {string} path
 * @param {number} frames
 * @param {number} flows
 */
export function writeSmallFrames(path, frames, flows) {
  const bytes = Buffer.alloc(HEADER + frames * (RECORD + FRAME));
  bytes.writeUInt32LE(0xa1b2c3d4, 0);
  bytes.writeUInt32LE(0x00040002, 4);
  bytes.writeUInt32LE(65_535, 16);
  bytes.writeUInt32LE(1, 20);
  for (let i = 0; i < frames; i += 1) {
    const at = HEADER + i * (RECORD + FRAME);
    bytes.writeUInt32LE(1_700_000_000 + Math.floor(i / 1e6), at);
    bytes.writeUInt32LE(i % 1e6, at + 4);
    bytes.writeUInt32LE(FRAME, at + 8);
    bytes.writeUInt32LE(FRAME, at + 12);
    writeFrame(bytes, at + RECORD, i % flows);
  }
  writeFileSync(path, bytes);
}

function writeFrame(bytes, at, flow) {
  bytes.write('0200000000020200000000010800', at, 'hex');
  const network = at + 14;
  bytes.write('4500002e0000400040110000', network, 'hex');
  bytes.writeUInt32BE(0x0a630000 + (flow & 0xffff), network + 12);
  bytes.writeUInt32BE(0x0a640001, network + 16);
  let sum = 0;
  for (let i = 0; i < 20; i += 2) sum += bytes.readUInt16BE(network + i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  bytes.writeUInt16BE(~sum & 0xffff, network + 10);
  // No checksum of UDP: 0.
  bytes.writeUInt16BE(1024 + (flow & 0x7fff), network + 20);
  bytes.writeUInt16BE(5000, network + 22);
  bytes.writeUInt16BE(26, network + 24);
}
