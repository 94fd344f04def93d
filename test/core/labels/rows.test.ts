import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FlowsOptions, flows, type RunResult } from '../../../cli/library.ts';
import { captureOf, type Datagram } from '../../cli/support/capture.ts';

type Labels = NonNullable<FlowsOptions['labels']>;

let folder = '';
let capture = '';

const SECOND = 1_000_000_000n;
const datagram = (second: number, source: Datagram['source'], destination: Datagram['destination']): Datagram => ({
  nanoseconds: BigInt(second) * SECOND,
  source,
  destination,
  payload: 10,
});

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'packetloom-labels-'));
  capture = join(folder, 'x.pcap');
  writeFileSync(
    capture,
    captureOf([
      datagram(1000, ['10.0.0.1', 5000], ['10.0.0.2', 53]),
      datagram(1001, ['10.0.0.2', 53], ['10.0.0.1', 5000]),
      datagram(1010, ['10.0.0.3', 5001], ['192.168.1.1', 8080]),
      datagram(1020, ['192.168.1.1', 8081], ['10.0.0.3', 5002]),
      datagram(1050, ['10.0.0.3', 5001], ['192.168.1.1', 8080]),
    ]),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

async function labelled(labels: Labels, options: FlowsOptions = {}) {
  const rows = [];
  let result: RunResult | undefined;
  const all = { ...options, labels, onResult: (one: RunResult) => (result = one) };
  for await (const row of flows(capture, { features: ['src_port'], ...all })) rows.push(row);
  return { rows: rows.toSorted((a, b) => Number(a.src_port) - Number(b.src_port)), counts: result!.labels! };
}

const labelsOf = async (labels: Labels): Promise<unknown[]> => (await labelled(labels)).rows.map(({ label }) => label);

/** Ports of the sources of the three flows, in the order of the labels below. */
const PORTS = [5000, 5001, 8081];

describe('rules', () => {
  // Each line: a rule, and whether it fits the flows with source port 5000, 5001, 8081.
  it.each<[Record<string, string | number | (string | number)[]>, boolean[]]>([
    [{}, [true, true, true]],
    [{ src_ip: '10.0.0.1' }, [true, false, false]],
    [{ src_ip: '10.0.0.0/24' }, [true, true, true]],
    [{ src_ip: '10.0.0.0/24', direction: 'forward' }, [true, true, false]],
    [{ dst_ip: '10.0.0.3', direction: 'forward' }, [false, false, true]],
    [{ dst_ip: '10.0.0.3' }, [false, true, true]],
    [{ src_ip: '192.168.0.0/16', dst_ip: '10.0.0.3' }, [false, true, true]],
    [{ src_ip: '192.168.0.0/16', dst_ip: '10.0.0.3', direction: 'forward' }, [false, false, true]],
    [{ src_ip: '10.0.0.1|10.0.0.3' }, [true, true, true]],
    [{ src_ip: ['10.0.0.1', '192.168.1.1'], direction: 'forward' }, [true, false, true]],
    [{ dst_port: 53 }, [true, false, false]],
    [{ dst_port: '8000-8100' }, [false, true, true]],
    [{ dst_port: '8000-8100', direction: 'forward' }, [false, true, false]],
    [{ src_port: 5001, dst_port: 8080 }, [false, true, false]],
    [{ src_ip: '10.0.0.1', dst_port: 5000 }, [false, false, false]],
    [{ protocol: 'udp' }, [true, true, true]],
    [{ protocol: 6 }, [false, false, false]],
    [{ from: 1010 }, [false, true, true]],
    [{ from: '1970-01-01T00:16:50Z', to: 1010 }, [false, true, false]],
    [{ from: '1000.000000001', to: '1009.999999999' }, [false, false, false]],
    [{ from: 1030 }, [false, false, false]],
    [{ src_ip: '2001:db8::/32' }, [false, false, false]],
  ])('%j', async (rule, expected) => {
    const { rows } = await labelled({ rules: [{ ...rule, label: 'x' }] });
    expect(rows.map(({ src_port }) => src_port)).toEqual(PORTS);
    expect(rows.map(({ label }) => label === 'x')).toEqual(expected);
  });

  it('overlap takes any moment of the row', async () => {
    const rules = [{ from: 1030, to: 1060, label: 'x' }];
    expect(await labelsOf({ rules, time: 'overlap' })).toEqual([null, 'x', null]);
    expect(await labelsOf({ rules: [{ from: 1001, to: 1009, label: 'x' }], time: 'overlap' })).toEqual([
      'x',
      null,
      null,
    ]);
  });

  it('the first that fits wins, whether it is looked up or gone through', async () => {
    const rules = [
      { dst_ip: '10.0.0.9', label: 'never' },
      { src_ip: '10.0.0.3', label: 'single' },
      { src_ip: '10.0.0.0/8', label: 'prefix' },
      { src_ip: '10.0.0.1', label: 'late' },
    ];
    expect(await labelsOf({ rules })).toEqual(['prefix', 'single', 'single']);
    expect(await labelsOf({ rules: rules.toReversed() })).toEqual(['late', 'prefix', 'prefix']);
  });

  it('rows that no rule fits have the default, and what happened is counted', async () => {
    const rules = [
      { dst_port: 53, label: 'DNS', attack: 'none', note: '' },
      { dst_port: 54, label: 'never' },
    ];
    const { rows, counts } = await labelled({ rules, default: 'BENIGN' });
    expect(rows).toEqual([
      { src_port: 5000, label: 'DNS', attack: 'none', note: null },
      { src_port: 5001, label: 'BENIGN', attack: null, note: null },
      { src_port: 8081, label: 'BENIGN', attack: null, note: null },
    ]);
    expect(counts).toEqual({
      rules: 2,
      labelled: 1,
      others: 2,
      byLabel: { DNS: 1, BENIGN: 2 },
      unmatched: [{ rule: 'labels.rules[1]', label: 'never' }],
    });
  });

  it('see true addresses under a key', async () => {
    process.env.PACKETLOOM_TEST_KEY = '00'.repeat(32);
    const { rows } = await labelled(
      { rules: [{ src_ip: '10.0.0.1', label: 'x' }] },
      { features: ['src_ip', 'src_port'], anonymize: 'env:PACKETLOOM_TEST_KEY' },
    );
    delete process.env.PACKETLOOM_TEST_KEY;
    expect(rows.map(({ label }) => label)).toEqual(['x', null, null]);
    expect(rows[0]!.src_ip).not.toBe('10.0.0.1');
  });

  it('refuse a column that the features have', async () => {
    const features = [{ name: 'label', value: 'frames' }];
    await expect(labelled({ rules: [{ label: 'x' }] }, { features })).rejects.toThrow(
      'labels: a column "label" is among the features already',
    );
  });
});

describe('files of rules', () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('CSV and JSON mean the same', async () => {
    const csv = file(
      'a.csv',
      'dst_ip,dst_port,from,label\n# all of it\n10.0.0.2,53,1000,DNS\n*,,1970-01-01T00:16:55Z,late\n',
    );
    const json = file(
      'a.json',
      '[{ "dst_ip": "10.0.0.2", "dst_port": 53, "from": 1000, "label": "DNS" }, { "from": 1015, "label": "late" }]',
    );
    expect(await labelsOf({ rules: csv })).toEqual(['DNS', null, 'late']);
    expect(await labelsOf({ rules: json })).toEqual(['DNS', null, 'late']);
    const { counts } = await labelled({ rules: file('b.csv', 'dst_port,label\n\n54,never\n') });
    expect(counts.unmatched).toEqual([{ rule: `${join(folder, 'b.csv')}:3`, label: 'never' }]);
  });

  it('every fault is named with line and column', async () => {
    const text =
      'src_ip,dst_port,from,to,direction,label\n10.0.0.300,80,,,,a\n10.0.0.1,http,,,both,\n1.1.1.1,,20,10,,b\n1.1.1.1,80\n';
    const message = await labelled({ rules: file('c.csv', text) }).then(
      () => '',
      (error: Error) => error.message.replaceAll(join(folder, 'c.csv'), 'c.csv'),
    );
    expect(message.split('\n')).toEqual([
      'c.csv:5:1: 2 values, where the first line names 6 columns',
      'c.csv:2:1: src_ip: found "10.0.0.300"; expected an address or prefix such as 10.0.0.0/8, several with | between them',
      'c.csv:3:22: label: a rule without a label',
      'c.csv:3:10: dst_port: found "http"; expected a port from 0 to 65535 or a range such as 8000-8100, several with | between them',
      'c.csv:3:17: direction: found "both"; expected forward or either',
      'c.csv:4:13: to: 10 is before 20; expected an end behind the beginning',
      'c.csv:5:1: label: a rule without a label',
    ]);
  });

  it.each([
    ['d.csv', 'src_pi,label\n1.1.1.1,x\n', /d\.csv:1:1: src_pi: no such condition "src_pi"; did you mean src_ip\?/],
    [
      'd.csv',
      'source_ip,label\n1.1.1.1,x\n',
      /d\.csv:1:1: source_ip: no such condition "source_ip"; did you mean src_ip\?/,
    ],
    ['d.csv', 'src_ip,label,dst_prt\n1.1.1.1,x,1\n', /d\.csv:1:14: dst_prt: .*did you mean dst_port/],
    ['d.csv', 'attack,label\n1,x\n', /d\.csv:1:1: attack: no such condition .* further columns stand behind "label"/],
    ['d.csv', 'src_ip,dst_ip\n1.1.1.1,1.1.1.2\n', /d\.csv:1:1: .*rules have no column "label"/],
    ['d.csv', 'label,label\nx,y\n', /d\.csv:1:7: label: stands twice/],
    ['d.json', '[{ "label": "x", "dst_port": 99999 }]', /d\.json:1:30: dst_port: found "99999"/],
    ['d.json', '[{ "label": "x", "dst_port": true }]', /d\.json:1:30: dst_port: expected a text, a number/],
    ['d.json', '[{ "label": "x" ]', /d\.json:1:17: not JSON: expected/],
    ['d.json', '{}', /d\.json:1:1: expected a list of rules/],
  ])('%s: %s', async (name, text, message) => {
    await expect(labelled({ rules: file(name, text) })).rejects.toThrow(message);
  });

  it('that are not there', async () => {
    await expect(labelled({ rules: join(folder, 'none.csv') })).rejects.toThrow(
      /labels: .*none\.csv: cannot be read: no such file/,
    );
  });
});
