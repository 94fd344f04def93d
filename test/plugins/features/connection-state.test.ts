import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meter, vendored } from '../../flows/support.ts';
import { captureOf } from './connection.ts';

const COLUMNS = { state: 'conn_state', history: 'history' };

async function summed(lines: readonly string[], settings = {}): Promise<string[]> {
  const { rows } = await meter([captureOf(lines)], COLUMNS, settings);
  return rows.map(({ state, history }) => `${state} ${history}`);
}

const OPEN = ['>S 100', '<SA 500 101', '>A 101 501'];

/** By the decision list of Zeek's scripts/base/protocols/conn/main.zeek and the meaning of its letters. */
const CONNECTIONS: readonly [string, readonly string[], string][] = [
  ['an attempt without an answer', ['>S 100', '>S 100'], 'S0 S'],
  ['a second SYN with another number is another flow', ['>S 100', '>S 200'], 'S0 S'],
  ['established', OPEN, 'S1 ShA'],
  ['established, with data both ways', [...OPEN, '>PA 101 501 +10', '<A 501 111', '<PA 501 111 +20'], 'S1 ShADad'],
  ['an end in order', [...OPEN, '>FA 101 501', '<FA 501 102', '>A 102 502'], 'SF ShAFf'],
  ['an end in order, the responder first', [...OPEN, '<FA 501 101', '>FA 101 502', '<A 502 102'], 'SF ShAfFa'],
  ['a simultaneous close', [...OPEN, '>FA 101 501', '<FA 501 101', '>A 102 502', '<A 502 102'], 'SF ShAFfa'],
  ['closed by the originator only', [...OPEN, '>FA 101 501', '<A 501 102'], 'S2 ShAFa'],
  ['closed by the responder only', [...OPEN, '<FA 501 101', '>A 101 502'], 'S3 ShAf'],
  ['rejected', ['>S 100', '<RA 0 101'], 'REJ Sr'],
  ['reset by the originator', [...OPEN, '>PA 101 501 +5', '>R 106'], 'RSTO ShADR'],
  ['reset by the responder', [...OPEN, '<RA 501 101'], 'RSTR ShAr'],
  ['SYN and RST, no answer seen', ['>S 100', '>R 101'], 'RSTOS0 SR'],
  ['SYN and FIN, no answer seen', ['>S 100', '>F 101'], 'SH SF'],
  ['SYN+ACK and RST, the originator not seen', ['<SA 500 101', '<R 501'], 'OTH HR'],
  ['mid-stream', ['>A 101 501 +10', '<A 501 111'], 'OTH Da'],
  // SYN and SYN+ACK count as one kind: the second with the same number adds no letter.
  ['a simultaneous open', ['>S 100', '<S 500', '>SA 100 501', '<SA 500 101'], 'S1 Ss'],
  ['FIN and RST after the FIN of both', [...OPEN, '>FA 101 501', '<FA 501 102', '>R 102'], 'SF ShAFfR'],
  ['a FIN, then a RST from the same side', [...OPEN, '>FA 101 501', '>R 102'], 'RSTO ShAFR'],
  ['a FIN and a RST, then a FIN: an end in order', [...OPEN, '>FA 101 501', '>R 102', '<FA 501 102'], 'SF ShAFRf'],
  ['data sent again', [...OPEN, '>A 101 501 +10', '>A 101 501 +10', '>A 101 501 +10'], 'S1 ShADT'],
  ['a zero window', [...OPEN, '<A 501 101 w0', '<A 501 101 w0'], 'S1 ShAaw'],
  ['FIN+RST and SYN+FIN', [...OPEN, '>FR 101', '<SF 500'], 'RSTO ShAIq'],
  ['an acknowledgment of data that was not seen', [...OPEN, '>A 101 501 +10', '<A 501 200'], 'S1 ShADaG'],
  ['data out of order is no gap', [...OPEN, '>A 111 501 +10', '>A 101 501 +10', '<A 501 121'], 'S1 ShADTa'],
  ['SYN+ACK twice', ['>S 100', '<SA 500 101', '<SA 500 101'], 'S1 Sh'],
  ['RST twice, with another number', [...OPEN, '<R 501', '<R 600'], 'RSTR ShArr'],
  ['UDP one way', ['>u +10', '>u +10'], 'S0 D'],
  ['UDP both ways', ['>u +10', '<u'], 'SF Dd'],
];

describe('conn_state and history', () => {
  it.each(CONNECTIONS)('%s', async (_what, lines, expected) => {
    expect((await summed(lines))[0]).toBe(expected);
  });

  it('record zero windows and repeated data at the first, tenth, hundredth time', async () => {
    const repeated = Array.from({ length: 102 }, () => '>A 101 501 +10');
    expect(await summed([...OPEN, ...repeated])).toEqual(['S1 ShADTTT']);
    // The first is no repetition: 100 repetitions are 101 segments.
    expect(await summed([...OPEN, ...repeated.slice(0, 100)])).toEqual(['S1 ShADTT']);
  });

  it('see the responder as the originator where the direction is repaired, marked by ^', async () => {
    expect(await summed(['<SA 500 101', '<R 501'], { direction: 'repair' })).toEqual(['RSTRH ^hr']);
    expect(await summed(['<SA 500 101', '<FA 501 101'], { direction: 'repair' })).toEqual(['SHR ^hf']);
    expect(await summed(['<u +10', '<u +10'], { direction: 'repair' })).toEqual(['SHR ^d']);
  });

  it('sum up the connection so far in each segment that the active timeout cuts', async () => {
    const rows = await summed([...OPEN, '>A 101 501 +10 @20000', '>FA 111 501', '<FA 501 112', '>A 112 502'], {
      activeTimeout: 10e9,
    });
    expect(rows).toEqual(['S1 ShA', 'SF ShADFf']);
  });

  it('are at most 128 letters', async () => {
    const resets = Array.from({ length: 200 }, (_, i) => `>R ${1000 + i}`);
    const [row] = await summed(['>S 100', ...resets]);
    expect(row).toBe(`RSTOS0 S${'R'.repeat(127)}`);
  });
});

/** Zeek's own conn.log of the captures, from its test baselines: originator, port, responder, port, state, history. */
const ZEEK: Readonly<Record<string, readonly string[]>> = {
  'application/ftp-ipv6.pcap': [
    '2001:470:1f11:81f:c999:d94:aa7c:2e3e 49185 2001:470:4867:99::21 21 SF ShAdDfFa',
    '2001:470:1f11:81f:c999:d94:aa7c:2e3e 49186 2001:470:4867:99::21 57086 SF ShAdfFa',
    '2001:470:1f11:81f:c999:d94:aa7c:2e3e 49187 2001:470:4867:99::21 57087 SF ShAdfFa',
    '2001:470:1f11:81f:c999:d94:aa7c:2e3e 49188 2001:470:4867:99::21 57088 SF ShAdfFa',
    '2001:470:4867:99::21 55647 2001:470:1f11:81f:c999:d94:aa7c:2e3e 49190 SF ShADFaf',
    '2001:470:4867:99::21 55785 2001:470:1f11:81f:c999:d94:aa7c:2e3e 49189 SF ShADFaf',
  ],
  'application/ldap-starttls.pcap': ['127.0.0.1 45936 127.0.1.1 389 RSTO ShADadFR'],
  'link/mixed-vlan-mpls.pcap': [
    '10.1.2.1 11001 10.34.0.1 23 SH SADF',
    '10.20.80.1 50343 10.0.0.15 80 SF ShADadfF',
    '141.42.64.125 56730 125.190.109.199 80 SF ShADdFaf',
  ],
  'network/geneve-many-options.pcap': ['10.0.0.226 39088 95.217.228.176 80 SF ShADadFf'],
};

describe('conn_state and history are those of Zeek', () => {
  it.each(Object.entries(ZEEK))('%s', async (capture, expected) => {
    const columns = { a: 'src_ip', b: 'src_port', c: 'dst_ip', d: 'dst_port', ...COLUMNS };
    const { rows } = await meter([join(vendored, capture)], columns, { idleTimeout: 300e9 });
    expect(rows.map((row) => Object.values(row).join(' ')).sort()).toEqual(expected);
  });
});
