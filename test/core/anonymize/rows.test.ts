import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flows } from '../../../cli/library.ts';
import { CryptoPan } from '../../../core/anonymize/crypto-pan.ts';
import { formatAddress, parseAddress } from '../../../core/expression/address.ts';

const office = join(import.meta.dirname, '..', '..', '..', 'examples', 'captures', 'office.pcap');
const DIGITS = '00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210';
const KEY = new Uint8Array(Buffer.from(DIGITS, 'hex'));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetloom-anonymize-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const features = [
  'flow_id',
  'src_ip',
  'dst_ip',
  { name: 'server', value: 'first(ip.dst)' },
  { name: 'mac', value: 'first(eth.src)' },
  { name: 'both', value: 'text(src_ip, "-", dst_ip, "-", first(ip.src))' },
  { name: 'list', value: 'head(ip.src, 3)', list: 'text' as const },
  { name: 'items', value: 'head(ip.src, 2)' },
  { name: 'local', value: 'src_ip in 192.168.0.0/16' },
  { name: 'frames', value: 'frames' },
];

async function rows(anonymize?: string, where?: string) {
  const all = [];
  const options = {
    features,
    ...(anonymize === undefined ? {} : { anonymize }),
    ...(where === undefined ? {} : { where }),
  };
  for await (const row of flows(office, options)) all.push(row);
  return all;
}

describe('rows under a key', () => {
  it('have every address mapped, and everything else as it was', async () => {
    writeFileSync(join(folder, 'key'), DIGITS);
    const pan = new CryptoPan(KEY);
    const map = (text: unknown): unknown =>
      typeof text === 'string' ? formatAddress(pan.text(parseAddress(text)!.value)) : text;
    const mapOne = (text: string): unknown => (text === '' ? '' : map(text));
    const plain = await rows();
    const hidden = await rows(join(folder, 'key'));
    expect(hidden.length).toBe(plain.length);
    expect(plain.length).toBeGreaterThan(100);
    hidden.forEach((row, i) => {
      const before = plain[i]!;
      expect(row).toEqual({
        ...before,
        flow_id: row.flow_id,
        src_ip: map(before.src_ip),
        dst_ip: map(before.dst_ip),
        server: map(before.server),
        mac: map(before.mac),
        // IPv6 flows have no ip.src.
        both: before.both === null ? null : [before.src_ip, before.dst_ip, before.src_ip].map(map).join('-'),
        list: before.list === null ? null : String(before.list).split(';').map(mapOne).join(';'),
        items_1: map(before.items_1),
        items_2: map(before.items_2),
      });
      expect(row.flow_id).toMatch(/^[0-9a-f]{16}$/);
      expect(row.flow_id).not.toBe(before.flow_id);
    });
    // One to one, as the plain ids are.
    expect(new Set(hidden.map((row) => row.flow_id)).size).toBe(plain.length);
    expect(hidden.some((row) => JSON.stringify(row).includes('192.168.0.'))).toBe(false);
  });

  it('are the same in every run, by file of bytes or environment, and others under another key', async () => {
    writeFileSync(join(folder, 'bytes'), KEY);
    process.env.PACKETLOOM_TEST_KEY = DIGITS;
    const byBytes = await rows(join(folder, 'bytes'));
    expect(await rows('env:PACKETLOOM_TEST_KEY')).toEqual(byBytes);
    process.env.PACKETLOOM_TEST_KEY = DIGITS.replace('0011', '1100');
    const others = await rows('env:PACKETLOOM_TEST_KEY');
    delete process.env.PACKETLOOM_TEST_KEY;
    expect(others.map((row) => row.frames)).toEqual(byBytes.map((row) => row.frames));
    expect(others.some((row, i) => row.flow_id === byBytes[i]!.flow_id || row.src_ip === byBytes[i]!.src_ip)).toBe(
      false,
    );
  });

  it.each([
    ['none', /none: the key cannot be read: no such file/],
    ['env:PACKETLOOM_NO_KEY', /env:PACKETLOOM_NO_KEY: there is no such environment variable/],
  ])('refuse %s as a key', async (key, message) => {
    await expect(rows(key)).rejects.toThrow(message);
  });

  it('refuse a key that is too short without saying it', async () => {
    writeFileSync(join(folder, 'short'), 'secret-word');
    const error = await rows(join(folder, 'short')).then(
      () => undefined,
      (one: Error) => one,
    );
    expect(error!.message).toMatch(/short: not a key: it has 11 bytes; expected 32 bytes or 64 hexadecimal digits/);
    expect(error!.message).not.toContain('secret-word');
  });
});

it('community_id is that of the mapped addresses', async () => {
  process.env.PACKETLOOM_TEST_KEY = DIGITS;
  const wanted = ['src_ip', 'src_port', 'dst_ip', 'dst_port', 'protocol', 'community_id'];
  let compared = 0;
  const again = { name: 'again', value: 'text("<", community_id, ">")' };
  for await (const row of flows(office, { features: [...wanted, again], anonymize: 'env:PACKETLOOM_TEST_KEY' })) {
    const { src_ip, dst_ip } = row as Record<string, string>;
    if (row.src_port === null || src_ip!.includes(':')) continue;
    // The specification, for IPv4 with ports: the lower end first.
    const end = (address: string, port: unknown) => [
      ...address.split('.').map(Number),
      Number(port) >> 8,
      Number(port) & 255,
    ];
    const ends = [end(src_ip!, row.src_port), end(dst_ip!, row.dst_port)].toSorted((a, b) =>
      Buffer.from(a).compare(Buffer.from(b)),
    );
    const [low, high] = ends as [number[], number[]];
    const bytes = [
      0,
      0,
      ...low.slice(0, 4),
      ...high.slice(0, 4),
      Number(row.protocol),
      0,
      ...low.slice(4),
      ...high.slice(4),
    ];
    const id = `1:${createHash('sha1').update(Buffer.from(bytes)).digest('base64')}`;
    expect(row.community_id).toBe(id);
    expect(row.again).toBe(`<${id}>`);
    compared += 1;
  }
  delete process.env.PACKETLOOM_TEST_KEY;
  expect(compared).toBeGreaterThan(100);
});
