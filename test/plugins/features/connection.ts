import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

/**
 * One segment in a line: `>SA 300 101 +10 w0 s7 @25`. Its way (`>` from the client), flags, sequence and acknowledgment
 * number, then what differs: bytes of payload (0), window (1000), window scale option, milliseconds (10 after the one
 * before), `u` for a UDP datagram.
 */
function packet(line: string): { bytes: Uint8Array; time: number | undefined } {
  const [, way, letters, rest] = /^([<>])([FSRPA]*|u)(?: (.*))?$/.exec(line)!;
  const words = (rest ?? '').split(' ').filter((word) => word !== '');
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const option = (letter: string): number | undefined => {
    const word = words.find((one) => one.startsWith(letter));
    return word === undefined ? undefined : Number(word.slice(1));
  };
  const udp = letters === 'u';
  const scale = option('s');
  const header = udp ? 8 : scale === undefined ? 20 : 24;
  const payload = option('+') ?? 0;
  const bytes = new Uint8Array(20 + header + payload);
  const view = new DataView(bytes.buffer);
  bytes[0] = 0x45;
  view.setUint16(2, bytes.length);
  bytes[8] = 64;
  bytes[9] = udp ? 17 : 6;
  bytes.set(way === '>' ? [10, 0, 0, 1, 10, 0, 0, 2] : [10, 0, 0, 2, 10, 0, 0, 1], 12);
  view.setUint16(20, way === '>' ? 40000 : 80);
  view.setUint16(22, way === '>' ? 80 : 40000);
  if (udp) view.setUint16(24, 8 + payload);
  else {
    view.setUint32(24, numbers[0] ?? 0);
    view.setUint32(28, numbers[1] ?? 0);
    bytes[32] = header << 2;
    bytes[33] = [...letters!].reduce((sum, letter) => sum | FLAGS[letter]!, 0);
    view.setUint16(34, option('w') ?? 1000);
    if (scale !== undefined) bytes.set([1, 3, 3, scale], 40);
  }
  return { bytes, time: option('@') };
}

let folder: string | undefined;
let count = 0;

/** Writes a capture of raw IPv4 packets, given line by line; returns its path. */
export function captureOf(lines: readonly string[]): string {
  let clock = 0;
  const records = lines.map((line) => {
    const { bytes, time } = packet(line);
    clock = time ?? clock + 10;
    const record = new Uint8Array(16 + bytes.length);
    const view = new DataView(record.buffer);
    view.setUint32(0, 1_700_000_000 + Math.floor(clock / 1000), true);
    view.setUint32(4, Math.round((clock % 1000) * 1000), true);
    view.setUint32(8, bytes.length, true);
    view.setUint32(12, bytes.length, true);
    record.set(bytes, 16);
    return record;
  });
  const head = new Uint8Array(24);
  const view = new DataView(head.buffer);
  view.setUint32(0, 0xa1b2c3d4, true);
  view.setUint16(4, 2, true);
  view.setUint16(6, 4, true);
  view.setUint32(16, 65_535, true);
  view.setUint32(20, 101, true);
  folder ??= mkdtempSync(join(tmpdir(), 'packetloom-connections-'));
  count += 1;
  const path = join(folder, `${count}.pcap`);
  writeFileSync(path, Buffer.concat([head, ...records]));
  return path;
}
