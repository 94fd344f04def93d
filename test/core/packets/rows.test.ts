import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { writePcap } from '../../dissectors/support/write-pcap.ts';
import { ethernet, hex, ip, latin, rowBytes, rowLines, tcp, temporaryFolder, vendored } from './support.ts';

const folder = temporaryFolder();
const icmp = vendored('network/IcmpPackets.pcap');

function capture(name: string, ...frames: readonly Uint8Array[]): string {
  const path = join(folder, name);
  writePcap(path, frames);
  return path;
}

/** A header value with everything that formats have to mind. */
const AGENT = 'q"uo\\te\ttab,comma;semi';
const request = (agent: string) => latin(`GET / HTTP/1.1\r\nHost: h\r\nUser-Agent: ${agent}\r\n\r\n`);
const agents = capture('agents.pcap', ethernet(ip(tcp(request(AGENT)), 6)), ethernet(ip(tcp(request('plain')), 6)));

/** Cells of comma-separated values, read as RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\n') {
      rows.push(row);
      row = [];
    }
  }
  return rows;
}

describe('tsv', () => {
  test('has all values of a field, those of a quoted packet too, as tshark 4.0 prints them', async () => {
    const lines = await rowLines(icmp, ['ip.src']);
    expect(lines).toHaveLength(15);
    expect(lines.slice(0, 3)).toEqual(['10.1.22.2', '10.2.99.99,10.2.10.2', '192.168.144.2']);
  });

  test('has the first or the last value on request, and any text between several', async () => {
    const second = async (options: Parameters<typeof rowLines>[2]) => (await rowLines(icmp, ['ip.src'], options))[1];
    expect(await second({ occurrence: 'first' })).toBe('10.2.99.99');
    expect(await second({ occurrence: 'last' })).toBe('10.2.10.2');
    expect(await second({ aggregator: ' | ' })).toBe('10.2.99.99 | 10.2.10.2');
  });

  test('has both values of an alias, in wire order', async () => {
    const lines = await rowLines(agents, ['tcp.port', 'ip.addr', 'eth.addr']);
    expect(lines[0]).toBe('1234,80\t10.0.0.1,10.0.0.2\t02:00:00:00:00:02,02:00:00:00:00:01');
  });

  test('has the values of lists, and the first or last of them', async () => {
    const options = hex('02 04 05b4 01 03 03 07 04 02 01 01');
    const header = Buffer.from(tcp(new Uint8Array(0)));
    header[12] = 0x80;
    const path = capture('options.pcap', ethernet(ip(Buffer.concat([header, options]), 6)));
    const fields = ['tcp.option_kind', 'tcp.options.mss_val'];
    expect(await rowLines(path, fields)).toEqual(['2,1,3,4,1,1\t1460']);
    expect(await rowLines(path, fields, { occurrence: 'first' })).toEqual(['2\t1460']);
    expect(await rowLines(path, fields, { occurrence: 'last' })).toEqual(['1\t1460']);
  });

  test('has every tag of a stack', async () => {
    const lines = await rowLines(vendored('link/vlan-qinqinq.pcap'), ['vlan.id']);
    expect(new Set(lines)).toEqual(new Set(['30,20,10']));
  });

  test('escapes tabs, and neither quotes nor backslashes', async () => {
    expect(await rowLines(agents, ['http.user_agent'])).toEqual(['q"uo\\te\\ttab,comma;semi', 'plain']);
  });

  test('prints the length that a total length of 0 stands for', async () => {
    const path = capture('offload.pcap', ethernet(ip(tcp(latin('x'.repeat(100))), 6, 0)));
    expect(await rowLines(path, ['ip.len', 'tcp.len'])).toEqual(['140\t100']);
  });

  test('prints a number that a scale makes a fraction', async () => {
    // A spanning tree's message age counts 1/256 s (IEEE 802.1D, 9.3): 0014 are 0.078125 s; tshark 4.0 prints the same.
    const bridge = '8000 020000000001';
    const bpdu = hex(`0000 00 00 00 ${bridge} 00000000 ${bridge} 8001 0014 1400 0200 0f00`);
    const frame = ethernet(Buffer.concat([hex('42 42 03'), bpdu]), 38);
    const path = capture('spanning-tree.pcap', frame);
    expect(await rowLines(path, ['stp.msg_age', 'stp.hello'])).toEqual(['0.078125\t2']);
    expect(await rowLines(path, ['stp.msg_age'], { format: 'jsonl' })).toEqual(['{"stp.msg_age":[0.078125]}']);
  });

  test('has an empty cell for what is not there, also where a header is cut short', async () => {
    const whole = ethernet(ip(tcp(new Uint8Array(0)), 6));
    const path = join(folder, 'cut.pcap');
    writePcap(path, [whole.subarray(0, 37)], 1, [whole.length]);
    expect(await rowLines(path, ['tcp.srcport', 'tcp.dstport', 'udp.port', 'ip.proto'])).toEqual(['1234\t\t\t6']);
  });

  test('is the same wherever the chunk has to grow', async () => {
    const fields = ['frame.number', 'ip.src', 'http.user_agent', 'http.request.line', 'tcp.payload', 'frame.protocols'];
    const large = await rowBytes(agents, fields, { room: 1 << 20 });
    expect(await rowBytes(agents, fields, { room: 0 })).toEqual(large);
    const list = await rowBytes(icmp, ['frame.protocols', 'ip.addr', 'icmp.type'], { room: 1 << 20 });
    expect(await rowBytes(icmp, ['frame.protocols', 'ip.addr', 'icmp.type'], { room: 0, capacity: 1 })).toEqual(list);
  });
});

describe('csv', () => {
  test('has a value with quote, backslash, tab and comma in one cell, for any reader of RFC 4180', async () => {
    const text = (
      await rowBytes(agents, ['http.user_agent', 'ip.ttl', 'http.request.line'], { format: 'csv', aggregator: ';' })
    ).toString();
    const cells = parseCsv(text);
    expect(cells).toHaveLength(2);
    expect(cells[0]!.slice(0, 2)).toEqual([AGENT, '64']);
    expect(cells[0]![2]).toBe(`Host: h\r\n;User-Agent: ${AGENT}\r\n`);
    expect(text.split('\n').at(-2)).toBe('"');
  });

  test('joins values by the aggregator, in quotes where it has to be', async () => {
    const [line] = await rowLines(agents, ['ip.addr', 'ip.proto'], { format: 'csv', aggregator: ';' });
    expect(line).toBe('10.0.0.1;10.0.0.2,6');
    const [other] = await rowLines(agents, ['ip.addr', 'ip.proto'], { format: 'csv', aggregator: ',' });
    expect(other).toBe('"10.0.0.1,10.0.0.2",6');
  });

  test('has no empty line: a row of one empty cell is a pair of quotes', async () => {
    expect(await rowLines(agents, ['udp.port'], { format: 'csv' })).toEqual(['""', '""']);
  });
});

describe('jsonl', () => {
  const fields = [
    'frame.number',
    'ip.ttl',
    'ip.id',
    'tcp.flags.syn',
    'ip.addr',
    'http.user_agent',
    'udp.port',
    'tcp.payload',
  ];

  test('is typed, and every field is an array when all values are wanted', async () => {
    const [line] = await rowLines(agents, fields, { format: 'jsonl' });
    expect(JSON.parse(line!)).toEqual({
      'frame.number': [1],
      'ip.ttl': [64],
      'ip.id': [1],
      'tcp.flags.syn': [false],
      'ip.addr': ['10.0.0.1', '10.0.0.2'],
      'http.user_agent': [AGENT],
      'udp.port': [],
      'tcp.payload': [Buffer.from(request(AGENT)).toString('hex')],
    });
  });

  test('has one value or null otherwise', async () => {
    const [line] = await rowLines(agents, fields, { format: 'jsonl', occurrence: 'last' });
    expect(JSON.parse(line!)).toMatchObject({ 'frame.number': 1, 'ip.addr': '10.0.0.2', 'udp.port': null });
  });

  test('has 64 bits and times with all their digits', async () => {
    // NTP, RFC 5905: the reference time as 32 bits of seconds and 32 of fraction
    const [line] = await rowLines(vendored('formats/nanosecs_big_endian.pcap'), ['frame.time_epoch'], {
      format: 'jsonl',
    });
    expect(line).toBe('{"frame.time_epoch":[1766361926.167647291]}');
  });
});

describe('rows', () => {
  test('are those for which the filter holds', async () => {
    const lines = await rowLines(icmp, ['frame.number', 'icmp.type'], {
      where: { text: 'icmp.type == 8 or icmp.type == 0', at: '--where' },
    });
    expect(lines).toEqual(['9\t8', '10\t0']);
  });

  test('may be of a protocol under another number', async () => {
    const path = capture('other.pcap', ethernet(ip(hex('04d2 0035 0008 0000'), 253)));
    const decodeAs = [{ table: 'ip.proto', number: 253, dissector: 'udp' }];
    expect(await rowLines(path, ['udp.port'])).toEqual(['']);
    expect(await rowLines(path, ['udp.port'], { decodeAs })).toEqual(['1234,53']);
  });

  test('may have hundreds of columns', async () => {
    const fields = Array.from({ length: 260 }, (_, i) => (i % 2 === 0 ? 'ip.ttl' : 'tcp.port'));
    const [line] = await rowLines(agents, fields);
    expect(line).toBe(Array.from({ length: 130 }, () => '64\t1234,80').join('\t'));
  });

  test('of an unknown field are refused, with the nearest right name', async () => {
    await expect(rowLines(agents, ['ip.scr'])).rejects.toThrow('no such field "ip.scr"; did you mean ip.src?');
    await expect(rowLines(agents, ['frame.lenn'])).rejects.toThrow('did you mean frame.len?');
  });
});
