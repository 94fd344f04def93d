import { pcapOf } from '../../core/testing/pcap.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import type { Scaffold } from './scaffold.ts';

const source = (name: string, prefix: string): string => `/**
 * ${name}: one sentence of what it measures, over which frames.
 *
 *     npx packetloom flows ${name}.pcap --plugin ./${name}.ts --feature ${prefix}
 */
import { defineFeature, definePlugin } from 'packetloom/plugin';

// An expression over fields is enough for most: npx packetloom list aggregates
const feature = defineFeature({
  name: '${prefix}',
  description: 'Share of the flow’s bytes (frame.len) that went forward',
  value: 'sum(frame.len, forward) / sum(frame.len)',
});

export default definePlugin({ name: '${name}', features: [feature] });
`;

const test = (name: string, prefix: string): string => `// Runs with: node --test
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { flows } from 'packetloom';
import { buildFrame, ethernet, ipv4, loadPlugin, pcapOf, udp } from 'packetloom/testing';

const plugin = await loadPlugin({ name: new URL('${name}.ts', import.meta.url).href, base: '.' });
const capture = fileURLToPath(new URL('${name}.pcap', import.meta.url));

// Two frames forward of 42 + 58 bytes, one backward of 42 + 8.
const there = buildFrame(ethernet(), ipv4(), udp({ source: 5000, destination: 6000 }), new Array(58).fill(1));
const back = buildFrame(
  ethernet(),
  ipv4({ source: '10.0.0.2', destination: '10.0.0.1' }),
  udp({ source: 6000, destination: 5000 }),
  new Array(8).fill(2),
);
writeFileSync(capture, pcapOf([there, back, there]));

test('the value is what arithmetic says', async () => {
  const rows = [];
  for await (const row of flows(capture, { plugins: [plugin], features: ['${prefix}'] })) rows.push(row);
  assert.equal(rows.length, 1);
  assert.equal(rows[0]['${prefix}'], 200 / 250);
});
`;

const there = buildFrame(ethernet(), ipv4(), udp({ source: 5000, destination: 6000 }), new Array<number>(58).fill(1));
const answer = { source: '10.0.0.2', destination: '10.0.0.1' };
const back = buildFrame(
  ethernet(),
  ipv4(answer),
  udp({ source: 6000, destination: 5000 }),
  new Array<number>(8).fill(2),
);

/** A named feature, its test, and a capture of one flow. */
export const featureScaffold: Scaffold = {
  kind: 'features',
  files: ({ name, prefix }) => ({
    [`${name}.ts`]: source(name, prefix),
    [`${name}.test.mjs`]: test(name, prefix),
    [`${name}.pcap`]: pcapOf([there, back, there]),
  }),
  next: ({ name, prefix }) => [
    'node --test',
    `npx packetloom flows ${name}.pcap --plugin ./${name}.ts --feature ${prefix}`,
  ],
};
