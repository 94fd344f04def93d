import { pcapOf } from '../../core/testing/pcap.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import type { Scaffold } from './scaffold.ts';

/** The UDP port that the scaffold claims; nobody else does. */
const PORT = 9999;
/** Version and kind, flags, value, sequence: what the test's hex dump says too. */
const SAMPLE = [0x11, 0x80, 0x01, 0x2c, 0, 0, 0, 7];

const source = (name: string, prefix: string): string => `/**
 * ${name}: one sentence of what it is, and where it is specified (an RFC, a link).
 *
 *     npx packetloom inspect ${name}.pcap --plugin ./${name}.ts
 */
import { bits, defineDissector, definePlugin, flag, header, tableNamed, uint16, uint32, unused } from 'packetloom/plugin';

// The header in wire order: offsets and the least length follow from it.
const fields = header({
  version: bits('${prefix}.version', 4),
  kind: bits('${prefix}.kind', 4, { values: { 1: 'reading', 2: 'alarm' } }),
  urgent: flag('${prefix}.urgent'),
  reserved: unused(7),
  value: uint16('${prefix}.value'),
  sequence: uint32('${prefix}.sequence'),
});

const dissector = defineDissector({
  name: '${name}',
  title: '${name}',
  claims: [tableNamed('udp.port').at(${PORT})],
  fields,
  // A port alone proves nothing: bytes of another version are left alone.
  accept: (bytes, at, end) => at < end && fields.version.read(bytes, at) === 1,
});

export default definePlugin({ name: '${name}', dissectors: [dissector] });
`;

const test = (name: string, prefix: string): string => `// Runs with: node --test
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { buildFrame, checkDissector, dissectFrame, ethernet, hex, ipv4, loadPlugin, pcapOf, standardRegistry, udp } from 'packetloom/testing';

const plugin = await loadPlugin({ name: new URL('${name}.ts', import.meta.url).href, base: '.' });
const registry = standardRegistry([plugin]);
const [dissector] = plugin.dissectors;

// The outer layers are built, with lengths and checksums; yours is a hex dump, one field to a line.
const payload = hex(\`
  11        # version 1, kind 1
  80        # urgent, reserved bits
  01 2c     # value
  00000007  # sequence
\`);
const frame = buildFrame(ethernet(), ipv4(), udp({ destination: ${PORT} }), payload);
// The same frame as a file, to look at.
writeFileSync(new URL('${name}.pcap', import.meta.url), pcapOf([frame]));

test('every field has the value that was sent', () => {
  const { names, values, anomalies } = dissectFrame(registry, frame);
  assert.deepEqual(names, ['eth', 'ip', 'udp', '${name}']);
  assert.deepEqual(values['${prefix}.version'], ['1']);
  assert.deepEqual(values['${prefix}.kind'], ['1']);
  assert.deepEqual(values['${prefix}.urgent'], ['1']);
  assert.deepEqual(values['${prefix}.value'], ['300']);
  assert.deepEqual(values['${prefix}.sequence'], ['7']);
  assert.deepEqual(anomalies, []);
});

test('other bytes on the same port are left alone', () => {
  const other = buildFrame(ethernet(), ipv4(), udp({ destination: ${PORT} }), new Array(20).fill(0x41));
  assert.deepEqual(dissectFrame(registry, other).names, ['eth', 'ip', 'udp']);
});

test('a header that is cut short is an anomaly', () => {
  const { anomalies } = dissectFrame(registry, frame.subarray(0, -1), { wire: frame.length });
  assert.deepEqual(
    anomalies.map(({ code, layer }) => [layer, code]),
    [['${name}', 'truncated']],
  );
});

test('the contract of dissectors: any bytes, cut at every byte, nothing read outside the frame', () => {
  checkDissector(dissector, registry, { bytes: frame });
});
`;

/** A protocol over UDP with a fixed header, its test, and a capture of one frame. */
export const dissectorScaffold: Scaffold = {
  kind: 'dissectors',
  files: ({ name, prefix }) => ({
    [`${name}.ts`]: source(name, prefix),
    [`${name}.test.mjs`]: test(name, prefix),
    [`${name}.pcap`]: pcapOf([buildFrame(ethernet(), ipv4(), udp({ destination: PORT }), SAMPLE)]),
  }),
  next: ({ name }) => ['node --test', `npx packetloom inspect ${name}.pcap --plugin ./${name}.ts`],
};
