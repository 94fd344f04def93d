import { describe, expect, test } from 'vitest';
import {
  bits,
  defineDissector,
  definePlugin,
  flag,
  header,
  tableNamed,
  type uint8,
  uint16,
  uint32,
} from '../../../core/plugin.ts';
import { checkWritten } from '../../../core/run/check-written.ts';
import { parseConfiguration } from '../../../core/run/configuration.ts';
import { dissectorsSchema } from '../../../core/run/dissector-schema.ts';
import { pluginOfLayer } from '../../../core/run/json-dissector.ts';
import { FIELD_KINDS } from '../../../core/run/json-fields.ts';
import { problemsOf, problemText } from '../../../core/run/problem.ts';
import { checkDissector, createRegistry, dissectFrame, hex } from '../../../core/testing.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../../dissectors/build.ts';
import { dissectors } from '../../../dissectors/index.ts';

const standard = definePlugin({ name: 'standard', dissectors });

const pluginOf = (text: string, file = 'own.json') => pluginOfLayer(parseConfiguration(text, file, '.'));

/** The lines that a person reads, for a text that is wrong. */
async function faults(...texts: readonly string[]): Promise<string[]> {
  try {
    checkWritten([standard, ...(await Promise.all(texts.map((text, i) => pluginOf(text, `own${i}.json`))))]);
  } catch (error) {
    return problemsOf(error).map(problemText);
  }
  return [];
}

const sensor = `{
  "dissectors": [{
    "name": "sensor", "title": "Sensor", "claims": [{ "table": "udp.port", "number": 9999 }],
    "fields": [
      { "name": "sensor.version", "bits": 4, "equals": 1 },
      { "name": "sensor.kind", "bits": 4, "values": { "0x1": "reading", "2": "alarm" } },
      { "name": "sensor.urgent", "type": "flag" },
      { "unused": 7 },
      { "name": "sensor.value", "type": "uint16", "unit": "mV", "scale": 4 },
      { "name": "sensor.sequence", "type": "uint32", "display": "hex", "title": "Number of the reading" }
    ]
  }]
}`;

/** The same, as TypeScript has it. */
const fields = header({
  version: bits('sensor.version', 4),
  kind: bits('sensor.kind', 4, { values: { 1: 'reading', 2: 'alarm' } }),
  urgent: flag('sensor.urgent'),
  reserved: bits('', 7),
  value: uint16('sensor.value', { unit: 'mV', scale: 4 }),
  sequence: uint32('sensor.sequence', { display: 'hex', title: 'Number of the reading' }),
});
const typed = defineDissector({
  name: 'sensor',
  title: 'Sensor',
  claims: [tableNamed('udp.port').at(9999)],
  fields,
  accept: (bytes, at, end) => at < end && fields.version.read(bytes, at) === 1,
});

const frameOf = (...dumps: string[]) =>
  buildFrame(ethernet(), ipv4(), udp({ source: 40_000, destination: 9999 }), hex(...dumps));
const sample = frameOf('11 80 012c 00000007', 'ff');

describe('a dissector in JSON', () => {
  test('reads what the same one in TypeScript reads', async () => {
    const fromJson = createRegistry([standard, await pluginOf(sensor)]);
    const fromTypes = createRegistry([standard, definePlugin({ name: 'own', dissectors: [typed] })]);
    const frames = [sample, sample.subarray(0, 45), frameOf('21 80 012c 00000007'), frameOf('11'), frameOf()];
    for (const frame of frames) {
      for (const wire of [frame.length, frame.length + 9]) {
        expect(dissectFrame(fromJson, frame, { wire })).toEqual(dissectFrame(fromTypes, frame, { wire }));
      }
    }
    expect(dissectFrame(fromJson, sample).values).toMatchObject({
      'sensor.version': ['1'],
      'sensor.kind': ['1'],
      'sensor.urgent': ['1'],
      'sensor.value': ['1200'],
      'sensor.sequence': ['0x00000007'],
    });
    expect(dissectFrame(fromJson, sample).layers[3]!.fields[1]!.display).toBe('reading (1)');
    expect(dissectFrame(fromJson, frameOf('21 80 012c 00000007')).names).toEqual(['eth', 'ip', 'udp']);
  });

  test('keeps the contract', async () => {
    const plugin = await pluginOf(sensor);
    checkDissector(plugin.dissectors[0]!, createRegistry([standard, plugin]), { bytes: sample });
  });

  test('hands on by the number of a field, and its last field reaches to the end', async () => {
    const shim = `{ "dissectors": [{
      "name": "shim", "title": "Shim", "level": "tunnel", "claims": [{ "table": "ethertype", "number": "0x9999" }],
      "fields": [
        { "name": "shim.proto", "type": "uint16", "display": "hex" }, { "unused": 4 }, { "name": "shim.tag", "bits": 12 },
        { "name": "shim.id", "type": "bytes", "length": 2 }, { "name": "shim.data", "type": "bytes" }
      ],
      "next": { "table": "ethertype", "field": "shim.proto" }
    }] }`;
    const registry = createRegistry([standard, await pluginOf(shim)]);
    const inner = buildFrame(ipv4(), udp(), [7]);
    const frame = buildFrame(ethernet({ type: 0x9999 }), hex('0800 0123 abcd', Buffer.from(inner).toString('hex')));
    const { names, values } = dissectFrame(registry, frame);
    expect(names).toEqual(['eth', 'shim', 'ip', 'udp']);
    expect(values).toMatchObject({
      'shim.proto': ['0x0800'],
      'shim.tag': [String(0x123)],
      'shim.id': ['abcd'],
      'shim.data': [Buffer.from(inner).toString('hex')],
    });
    expect(dissectFrame(registry, frame).facts.ports).toEqual([49_152, 53]);
  });

  test('unused bits at the end belong to the header', async () => {
    const registry = createRegistry([
      standard,
      await pluginOf(`{ "dissectors": [{ "name": "x", "title": "X", "claims": [{ "table": "ethertype", "number": 39321 }],
        "fields": [{ "name": "x.a", "type": "uint8" }, { "unused": 8 }], "next": { "table": "ip.proto", "field": "x.a" } }] }`),
    ]);
    const frame = buildFrame(ethernet({ type: 0x9999 }), hex('11 00 c000 0035 0009 0000 01'));
    expect(dissectFrame(registry, frame).values['udp.srcport']).toEqual([String(0xc000)]);
    expect(dissectFrame(registry, frame.subarray(0, 15)).anomalies).toMatchObject([
      { layer: 'x', code: 'malformed', needed: 2, available: 1 },
    ]);
  });
});

describe('what is wrong is told with its place', () => {
  const withField = (field: string) =>
    `{ "dissectors": [{ "name": "x", "title": "X", "fields": [\n{ "name": "x.first", "type": "uint8" },\n${field}\n] }] }`;
  test.each([
    [
      '{ "name": "x.a", "type": "uint17" }',
      /^own0\.json:3:26: dissectors\[0\]\.fields\[1\]\.type: found "uint17"; expected .*did you mean uint16\?$/,
    ],
    [
      '{ "name": "x.a" }',
      /^own0\.json:3:1: dissectors\[0\]\.fields\[1\]: "type" is missing; expected "type" or "bits"$/,
    ],
    ['{ "type": "uint8" }', /^own0\.json:3:1: dissectors\[0\]\.fields\[1\]: "name" is missing$/],
    [
      '{ "name": "X A", "type": "uint8" }',
      /^own0\.json:3:11: dissectors\[0\]\.fields\[1\]\.name: found "X A"; expected/,
    ],
    ['{ "name": "x.a", "bits": 12 }', /^own0\.json:3:1: .*the bits from here fill 12 bits; expected whole bytes/],
    ['{ "name": "x.a", "type": "uint8", "bits": 4 }', /^own0\.json:3:43: .*bits: a field of type uint8 has no bits/],
    ['{ "name": "x.a", "type": "uint8", "length": 4 }', /^own0\.json:3:45: .*only bytes and text have a length/],
    [
      '{ "name": "x.a", "type": "text" },\n{ "name": "x.b", "type": "uint8" }',
      /^own0\.json:3:1: .*"length" is missing/,
    ],
    ['{ "name": "x.first", "type": "uint8" }', /^own0\.json:3:11: .*"x.first" is already declared by fields\[0\]$/],
    [
      '{ "name": "x.a", "type": "uint8", "valeus": {} }',
      /^own0\.json:3:35: .*no such setting; .*did you mean values\?$/,
    ],
    [
      '{ "name": "x.a", "type": "uint8", "values": { "one": "1" } }',
      /^own0\.json:3:47: .*values\.one: found "one"; expected a number such as 17/,
    ],
    ['{ "name": "x.a", "type": "mac", "equals": 1 }', /^own0\.json:3:43: .*"x.a" is no number/],
    ['{ "unused": 8, "title": "nothing" }', /^own0\.json:3:13: .*stands beside other settings/],
    [
      '{ "name": "udp.length", "type": "uint8" }',
      /^own0\.json:3:11: .*field "udp.length" is already declared by "udp"$/,
    ],
    ['{ "name": "x.a", "type": "uint8", "type": "uint16" }', /^own0\.json:3:35: .*type: stands twice$/],
  ])('%s', async (field, expected) => {
    const found = await faults(withField(field));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test('everything that is wrong, in the order of the file', async () => {
    const found = await faults(
      `{ "dissectors": [
        { "name": "udp", "title": "X", "claims": [{ "table": "udp.port", "number": 53 }], "fields": [{ "name": "y.a", "type": "uint8" }] },
        { "name": "z", "title": "Z", "claims": [{ "table": "udp.prt", "number": 1 }], "fields": [{ "name": "z.a", "type": "uint8" }] }
      ] }`,
    );
    expect(found.map((line) => line.replace(/^own0\.json:(\d+):\d+: /, '$1 '))).toEqual([
      '2 dissectors[0].name: dissector "udp" is already declared',
      '2 dissectors[0].claims[0]: udp.port 53 is already claimed by "dns"; expected another number, or decodeAs',
      '3 dissectors[1].claims[0].table: no such table "udp.prt"; did you mean udp.port?',
    ]);
  });

  test('a field that "next" does not find', async () => {
    const text = sensor.replace(/\]\s*\}\]\s*\}$/, '], "next": { "table": "ip.proto", "field": "sensor.knd" } }] }');
    expect(await faults(text)).toEqual([
      expect.stringMatching(/next\.field: no such field "sensor.knd"; .*did you mean sensor\.kind\?$/),
    ]);
  });

  test('two files that declare the same', async () => {
    const found = await faults(sensor, sensor);
    expect(found).toContain(
      'own1.json:3:13: dissectors[0].name: dissector "sensor" is already dissectors[0] of own0.json',
    );
  });

  test('no list at all', async () => {
    expect(await faults('{ "dissectors": {} }')).toEqual(['own0.json:1:17: dissectors: found {}; expected a list']);
  });
});

test('a table of one’s own can be claimed in the same file', async () => {
  const text = `{ "dissectors": [
    { "name": "a", "title": "A", "claims": [{ "table": "udp.port", "number": 9999 }],
      "fields": [{ "name": "a.kind", "type": "uint8" }], "next": { "table": "a.kind", "field": "a.kind" } },
    { "name": "b", "title": "B", "claims": [{ "table": "a.kind", "number": 3 }],
      "fields": [{ "name": "b.value", "type": "uint8" }] }
  ] }`;
  expect(await faults(text)).toEqual([]);
  const registry = createRegistry([standard, await pluginOf(text)]);
  expect(dissectFrame(registry, frameOf('03 2a')).values['b.value']).toEqual(['42']);
});

test('the schema knows every type of field that has a fixed size, and those that have not', async () => {
  const kinds = await import('../../../core/declare/kinds.ts');
  const fixed = Object.entries(kinds).flatMap(([name, make]) => {
    if (!/^(u?int|float)\d+(le)?$|^(ipv4|ipv6|mac)$/.test(name)) return [];
    return (make as typeof uint8)('x.y').size > 0 ? [name] : [];
  });
  expect(Object.keys(FIELD_KINDS).toSorted()).toEqual([...fixed, 'flag', 'bytes', 'text'].toSorted());
  expect(JSON.stringify(dissectorsSchema())).toContain('"enum":["uint8","uint16"');
});
