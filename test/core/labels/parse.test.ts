import { describe, expect, it } from 'vitest';
import { parseAddresses, parseMoment, parsePorts, parseProtocol } from '../../../core/labels/parse-cell.ts';
import { parseCsv } from '../../../core/labels/parse-csv.ts';

describe('moments', () => {
  // Expected from `date -u -d ... +%s.%N`.
  it.each([
    ['1499263200', 1499263200, 0],
    ['1499263200.5', 1499263200, 500000000],
    ['1499263200.000000001', 1499263200, 1],
    ['2017-07-05T14:00:00Z', 1499263200, 0],
    ['2017-07-05 14:00', 1499263200, 0],
    ['2017-07-05T11:00:00-03:00', 1499263200, 0],
    ['2017-07-05T19:30:00+0530', 1499263200, 0],
    ['2017-07-05T16:00:00.25+02', 1499263200, 250000000],
    ['2016-02-29T00:00:00', 1456704000, 0],
  ])('%s', (text, seconds, nanoseconds) => {
    expect(parseMoment(text)).toEqual({ seconds, nanoseconds });
  });

  it.each([
    '',
    'yesterday',
    '2017-07-05',
    '2017-02-29T00:00:00',
    '2017-07-05T24:00:00',
    '2017-13-01T00:00',
    '-5',
    '1.5e9',
  ])('not %s', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });
});

describe('other cells', () => {
  it('ports', () => {
    expect(parsePorts('80')).toEqual([[80, 80]]);
    expect(parsePorts('80 | 8000-8100')).toEqual([
      [80, 80],
      [8000, 8100],
    ]);
    for (const wrong of ['65536', '90-80', 'http', '80,81', '-1']) expect(parsePorts(wrong)).toBeUndefined();
  });

  it('addresses, with the bits that count', () => {
    expect(parseAddresses('10.1.2.3/9')).toEqual([{ length: 4, words: [0x0a000000], masks: [0xff800000], bits: 9 }]);
    expect(parseAddresses('2001:db8::1|1.2.3.4')).toEqual([
      {
        length: 16,
        words: [0x20010db8, 0, 0, 1],
        masks: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
        bits: 128,
      },
      { length: 4, words: [0x01020304], masks: [0xffffffff], bits: 32 },
    ]);
    expect(parseAddresses('0.0.0.0/0')).toEqual([{ length: 4, words: [0], masks: [0], bits: 0 }]);
    for (const wrong of ['10.0.0', '10.0.0.0/33', 'aa:bb:cc:dd:ee:ff', 'example.org']) {
      expect(parseAddresses(wrong)).toBeUndefined();
    }
  });

  it('protocols', () => {
    expect(['tcp', 'UDP', '132', '0'].map(parseProtocol)).toEqual([6, 17, 132, 0]);
    expect(['256', 'http', '-1'].map(parseProtocol)).toEqual([undefined, undefined, undefined]);
  });
});

describe('CSV', () => {
  it('gives each value with its place', () => {
    const { records, faults } = parseCsv('\uFEFFa,"b ""c"""\r\n\n# no rule\n1,"x\ny",3\n');
    expect(faults).toEqual([]);
    expect(records).toEqual([
      {
        line: 1,
        cells: [
          { text: 'a', line: 1, column: 1 },
          { text: 'b "c"', line: 1, column: 3 },
        ],
      },
      {
        line: 4,
        cells: [
          { text: '1', line: 4, column: 1 },
          { text: 'x\ny', line: 4, column: 3 },
          { text: '3', line: 5, column: 4 },
        ],
      },
    ]);
  });

  it('says where quotes are wrong', () => {
    expect(parseCsv('a,b\n"x"y,2\n').faults).toEqual([
      { line: 2, column: 4, message: 'expected a comma behind the closing quote' },
    ]);
    expect(parseCsv('a,b\n1,"x\n').faults).toEqual([
      { line: 2, column: 3, message: 'a quote is opened and not closed' },
    ]);
  });
});
