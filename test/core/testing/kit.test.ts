import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  bits,
  bytes,
  flag,
  float32,
  header,
  int16,
  ipv4 as ipv4Field,
  located,
  masked,
  uint8,
  uint16,
  uint16le,
  uint64,
  unused,
} from '../../../core/plugin.ts';
import { dissectFrame, headerBytes, hex, hexByLayer, pcapOf } from '../../../core/testing.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../../dissectors/build.ts';
import { registry } from '../../dissectors/support/registry.ts';
import { noTshark, tsharkFields } from '../../dissectors/support/tshark.ts';
import { unless } from '../../dissectors/support/unless.ts';

const fields = header({
  version: bits('x.version', 4),
  urgent: flag('x.urgent'),
  reserved: unused(3),
  length: uint8('x.length', { scale: 4 }),
  little: uint16le('x.little'),
  signed: int16('x.signed'),
  address: ipv4Field('x.address'),
  wide: uint64('x.wide'),
  ratio: float32('x.ratio'),
  high: masked(uint16('x.high'), 0xfff0),
  rest: located((_bytes, at) => at, bytes('x.rest', 1)),
});

test('headers are made from their declaration', () => {
  const values = {
    version: 5,
    urgent: 1,
    length: 20,
    little: 0x0102,
    signed: -2,
    address: [10, 0, 0, 1],
    wide: 0x0102030405060708n,
    ratio: 1.5,
    high: 0xabc,
  };
  expect(headerBytes(fields, values)).toEqual(hex('58 05 0201 fffe 0a000001 0102030405060708 3fc00000 abc0'));
  expect(headerBytes(fields, {})).toEqual(new Uint8Array(24));
});

test('a value that does not fit its field is refused', () => {
  expect(() => headerBytes(fields, { address: [1, 2] })).toThrow('"address" has 4 bytes, not 2');
  expect(() => headerBytes(fields, { address: 1 })).toThrow(TypeError);
  expect(() => headerBytes(fields, { rest: 1 })).toThrow('"rest" is no field with a fixed place');
  expect(() => headerBytes(fields, { version: 16 })).toThrow('"version" is 0 to 15, not 16');
  expect(() => headerBytes(fields, { little: -1 })).toThrow('"little" is 0 to 65535, not -1');
  expect(() => headerBytes(fields, { signed: 40_000 })).toThrow('"signed" is -32768 to 32767, not 40000');
  expect(() => headerBytes(fields, { length: 21 })).toThrow(TypeError);
});

test('a hex dump is laid out by layer, and reads back as the same frame', () => {
  const frame = buildFrame(ethernet({ padded: true }), ipv4(), udp({ destination: 4 }), [1, 2, 3]);
  const dump = hexByLayer(dissectFrame(registry, frame), frame);
  expect(dump.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    expect.stringMatching(/^# eth: Ethernet/),
    expect.stringMatching(/^# ip: Internet Protocol/),
    '# udp: User Datagram Protocol',
  ]);
  expect(dump.split('\n')[1]).toBe('02 00 00 00 00 02 02 00 00 00 00 01 08 00');
  expect(hex(dump)).toEqual(frame);
  const unknown = Uint8Array.of(1, 2, 3);
  expect(hexByLayer(dissectFrame(registry, unknown, { linkType: 200 }), unknown)).toBe('# no layer\n01 02 03\n');
});

test('captures of built frames are read by tshark', ({ skip }) => {
  unless(noTshark, skip);
  const folder = mkdtempSync(join(tmpdir(), 'packetloom-kit-'));
  const frame = buildFrame(ethernet(), ipv4(), udp({ source: 1, destination: 2 }), new Uint8Array(30));
  const path = join(folder, 'built.pcap');
  writeFileSync(path, pcapOf([frame, frame.subarray(0, 50)], { start: 100, snapLength: 60 }));
  const names = ['frame.time_epoch', 'frame.len', 'frame.cap_len', 'udp.dstport'];
  try {
    expect(tsharkFields(path, names)).toEqual([
      [['100.000000000'], ['72'], ['60'], ['2']],
      [['101.000000000'], ['50'], ['50'], ['2']],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
