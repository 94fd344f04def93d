import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anomaliesOfFrame, byId, layersOfFrame } from '../../../core/frame/tree.ts';
import { FrameRun } from '../../../core/packets/frame-run.ts';
import { JsonInspector } from '../../../core/packets/inspect-json.ts';
import { hexDump, textInspector } from '../../../core/packets/inspect-text.ts';
import { FIELD_BYTES } from '../../../core/packets/layer-json.ts';
import { Protocols } from '../../../core/packets/protocols.ts';
import { TextChunk } from '../../../core/packets/text-chunk.ts';
import { TracingFrame } from '../../../core/packets/tracing-frame.ts';
import { writePcap } from '../../dissectors/support/write-pcap.ts';
import { ethernet, hex, ip, latin, over, registry, tcp, temporaryFolder, vendored } from './support.ts';

const folder = temporaryFolder();
const dissectors = byId(registry.dissectors.values());

interface Inspected {
  readonly json: string;
  readonly text: string;
  /** The same from the plain field tree. */
  readonly tree: unknown;
}

/** Everything that is said of the frames of a capture. */
function inspect(
  path: string,
  decodeAs: { table: string; number: number; dissector: string }[] = [],
): Promise<Inspected[]> {
  return over([path], async (reader) => {
    const frame = new TracingFrame();
    const run = new FrameRun({ registry, reader, demanded: [], all: true, decodeAs, frame });
    const json = new JsonInspector(registry, frame, run.cursor, false);
    const text = textInspector(registry, frame, new Protocols(registry.dissectors.values()), false);
    const frames: Inspected[] = [];
    await run.read(
      (cursor) => {
        const out = new TextChunk(0);
        out.slack = FIELD_BYTES;
        json.write(out);
        frames.push({
          json: Buffer.from(out.bytes.subarray(0, out.length)).toString('utf8'),
          text: text(cursor),
          tree: { layers: layersOfFrame(frame, dissectors), anomalies: anomaliesOfFrame(frame, dissectors) },
        });
      },
      () => true,
    );
    return frames;
  });
}

interface Layer {
  readonly name: string;
  readonly decidedBy?: unknown;
  readonly fields: readonly { readonly name: string }[];
}

const parse = (json: string) => JSON.parse(json) as { readonly layers: readonly Layer[] } & Record<string, unknown>;

const request = latin('GET /a HTTP/1.1\r\nHost: h"\\\r\n\r\n');
const path = join(folder, 'request.pcap');
writePcap(path, [ethernet(ip(tcp(request), 6)), ethernet(ip(tcp(request, 4321), 6))]);

describe('the JSON of a frame', () => {
  test('states the record, and each field with its bytes', async () => {
    const [first] = await inspect(path);
    const { number, time, length, capturedLength, layers } = parse(first!.json);
    expect({ number, time, length, capturedLength }).toEqual({
      number: 1,
      time: 1_700_000_000,
      length: 84,
      capturedLength: 84,
    });
    expect(first!.json).toContain('"time":1700000000.000000000,');
    const [eth, ipv4] = layers;
    expect(eth).toMatchObject({ name: 'eth', title: 'Ethernet', offset: 0, length: 14 });
    expect(ipv4).toMatchObject({ name: 'ip', offset: 14, length: 20 });
    const field = (layer: Layer | undefined, name: string) => layer?.fields.find((one) => one.name === name);
    expect(field(eth, 'eth.type')).toEqual({
      name: 'eth.type',
      value: '0x0800',
      display: 'IPv4 (0x0800)',
      offset: 12,
      length: 2,
    });
    expect(field(ipv4, 'ip.hdr_len')).toEqual({
      name: 'ip.hdr_len',
      value: '20',
      display: '20 bytes',
      offset: 14,
      length: 1,
      mask: 15,
    });
    expect(field(ipv4, 'ip.src')).toMatchObject({ value: '10.0.0.1', display: '10.0.0.1', offset: 26, length: 4 });
    // Computed: it lies nowhere.
    expect(field(layers[2], 'tcp.len')).toEqual({ name: 'tcp.len', value: '30', display: '30 bytes' });
    expect(field(layers[3], 'http.host')).toMatchObject({ value: 'h"\\', offset: 71 });
  });

  test('says what decided each layer', async () => {
    const [first, second] = await inspect(path, [{ table: 'tcp.port', number: 4321, dissector: 'http' }]);
    expect(parse(first!.json).layers.map(({ decidedBy }) => decidedBy)).toEqual([
      { by: 'table', table: 'link.type', number: 1 },
      { by: 'table', table: 'ethertype', number: 0x0800 },
      { by: 'table', table: 'ip.proto', number: 6 },
      { by: 'table', table: 'tcp.port', number: 80 },
    ]);
    expect(parse(second!.json).layers.at(-1)?.decidedBy).toEqual({ by: 'decode-as', table: 'tcp.port', number: 4321 });
  });

  test('says what is wrong: code, layer, place, and both lengths', async () => {
    const cut = join(folder, 'cut.pcap');
    const whole = ethernet(ip(tcp(request), 6));
    writePcap(cut, [whole.subarray(0, 50)], 1, [whole.length]);
    const [frame] = await inspect(cut);
    expect(parse(frame!.json).anomalies).toEqual([
      {
        code: 'truncated',
        layer: 'tcp',
        offset: 34,
        needed: 20,
        available: 16,
        message: 'tcp truncated at byte 34: 20 needed, 16 available',
      },
    ]);
    const [deep] = await inspect(vendored('malformed/too-many-layers.pcap'));
    const { layers, anomalies } = parse(deep!.json);
    expect(layers).toHaveLength(32);
    expect(anomalies).toMatchObject([{ code: 'depth', needed: 33, available: 32 }]);
  });

  const all = existsSync(vendored('')) ? readdirSync(vendored(''), { recursive: true, encoding: 'utf8' }) : [];
  const captures = all.filter((name) => /\.(pcap|pcapng)$/.test(name) && !/snoop|invalid-vers/.test(name)).toSorted();

  test.each(captures)('is that of the field tree: %s', async (name) => {
    for (const { json, tree } of await inspect(vendored(name))) {
      const { layers, anomalies } = parse(json);
      const plain = layers.map(({ decidedBy: _, ...layer }) => layer);
      expect({ layers: plain, anomalies }).toEqual(tree);
    }
  });
});

describe('the text of a frame', () => {
  test('has a line for each field, with its bytes and bits', async () => {
    const [first, second] = await inspect(path);
    const lines = first!.text.split('\n').map((line) => line.replace(/ +/g, ' ').trim());
    expect(lines[0]).toBe(
      'Frame 1: 84 bytes on the wire, 84 captured, Nov 14, 2023 22:13:20.000000000 UTC, eth:ethertype:ip:tcp:http',
    );
    expect(lines).toContain('Internet Protocol, version 4 (ip), bytes 14-33, by ethertype 0x0800');
    expect(lines).toContain('14 .... 0101 = Header length: 20 bytes ip.hdr_len');
    expect(lines).toContain('26-29 Source: 10.0.0.1 ip.src');
    expect(lines).toContain('[Payload length: 30 bytes] tcp.len');
    expect(second!.text).toContain('by tcp.port (heuristic)');
  });

  test('shows the begin of long bytes, and how many there are', async () => {
    const [first] = await inspect(path);
    // 30 bytes of payload, of which 24 are shown.
    const begin = Buffer.from(request).toString('hex').slice(0, 48);
    expect(first!.text).toContain(`Payload: ${begin}\u2026 (30 bytes)`);
    expect(parse(first!.json).layers[2]?.fields.at(-1)).toMatchObject({ value: Buffer.from(request).toString('hex') });
  });

  test('moves no cursor: control characters are escaped', async () => {
    const wild = join(folder, 'wild.pcap');
    writePcap(wild, [ethernet(ip(tcp(latin('GET / HTTP/1.1\r\nHost: \u001b[2Jh\r\n\r\n')), 6))]);
    const [frame] = await inspect(wild);
    expect(frame!.text).toContain('\\u001b[2Jh');
    expect(frame!.text).not.toContain('\u001b');
  });

  test('is followed by the bytes on request, sixteen to a line', () => {
    expect(hexDump(hex('47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a 41'), 0, 17)).toEqual([
      '  0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  GET / HTTP/1.1..',
      `  0010  41${' '.repeat(48)}A`,
    ]);
  });
});
