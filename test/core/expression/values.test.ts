import { describe, expect, it } from 'vitest';
import { framesOf, resultOf, type TestFrame } from './support/run.ts';

const empty = 'probe.value#2'; // a second probe that is not there

/** The value of an expression in one frame. */
const inFrame = (value: string, frame: TestFrame = {}): string | number | null => resultOf(`first(${value})`, [frame]);

describe('three-valued logic', () => {
  // Kleene's strong logic: rows a, columns b, over true, false, empty.
  const values = ['true', 'false', `(${empty} > 0)`];
  const AND = [1, 0, null, 0, 0, 0, null, 0, null];
  const OR = [1, 1, 1, 1, 0, null, 1, null, null];
  for (const [i, a] of values.entries()) {
    for (const [j, b] of values.entries()) {
      const [and, or] = [AND[3 * i + j]!, OR[3 * i + j]!];
      it(`${a} and, or ${b}`, () => {
        expect(inFrame(`${a} and ${b}`)).toBe(and);
        expect(inFrame(`${a} or ${b}`)).toBe(or);
        // The same as a selection, which holds only when true, and its opposite.
        expect(resultOf(`count(frame.len, ${a} and ${b})`, [{}])).toBe(and === 1 ? 1 : 0);
        expect(resultOf(`count(frame.len, ${a} or ${b})`, [{}])).toBe(or === 1 ? 1 : 0);
        expect(resultOf(`count(frame.len, not (${a} and ${b}))`, [{}])).toBe(and === 0 ? 1 : 0);
        expect(resultOf(`count(frame.len, not (${a} or ${b}))`, [{}])).toBe(or === 0 ? 1 : 0);
      });
    }
  }

  it('not', () => {
    expect([inFrame('not true'), inFrame('not false'), inFrame(`not (${empty} > 0)`)]).toEqual([0, 1, null]);
  });

  it.each(['==', '!=', '<', '<=', '>', '>='])('%s with empty is empty, whichever side', (operator) => {
    expect(inFrame(`${empty} ${operator} 1`)).toBeNull();
    expect(inFrame(`1 ${operator} ${empty}`)).toBeNull();
    for (const condition of [
      `${empty} ${operator} 1`,
      `not (${empty} ${operator} 1)`,
      `not (1 ${operator} ${empty})`,
    ]) {
      expect(resultOf(`count(frame.len, ${condition})`, [{}])).toBe(0);
    }
  });

  it('texts, sets and patterns of empty are empty too', () => {
    for (const condition of [
      'probe.name#2 == "a"',
      'probe.name#2 != "a"',
      'probe.name#2 contains ""',
      'probe.name#2 matches ""',
      `${empty} in {0}`,
      'probe.name#2 in {""}',
    ]) {
      expect(inFrame(condition)).toBeNull();
      expect(resultOf(`count(frame.len, not ${condition})`, [{}])).toBe(0);
    }
  });

  it('present and default are never empty', () => {
    expect([inFrame(`present(${empty})`), inFrame('present(probe.value)'), inFrame('present(probe.name#2)')]).toEqual([
      0, 1, 0,
    ]);
    expect([
      inFrame(`default(${empty}, 7)`),
      inFrame('default(probe.word, 7)'),
      inFrame('default(probe.name#2, "x")'),
    ]).toEqual([7, 0, 'x']);
  });

  it('`not udp.srcport == 1` is empty without UDP: a field that is not there takes no part', () => {
    expect(resultOf(`count(not ${empty} == 1)`, framesOf([1, 2]))).toBe(0);
    expect(resultOf(`mean(${empty})`, framesOf([1, 2]))).toBeNull();
  });
});

describe('arithmetic', () => {
  it.each([
    ['7 / 2', 3.5],
    ['7 / 0', null],
    ['0 / 0', null],
    ['7 % 0', null],
    ['-7 % 3', -1],
    ['1 - probe.word / 0', null],
    [`1 + ${empty}`, null],
    [`abs(-3) + floor(-2.5)`, 0],
    ['log2(8)', 3],
    ['log2(0)', null],
    ['log2(-1)', null],
    ['least(3, 1, 2)', 1],
    ['greatest(3, 1, 2)', 3],
    [`least(3, ${empty} / 1B)`, null],
    ['1e308 * 1e308', null],
    ['-(0)', 0],
  ])('%s is %s', (value, expected) => expect(inFrame(value)).toBe(expected));

  it.each([
    ['0xff & 0x12', 0x12],
    ['0xf0 | 0x0f', 0xff],
    ['0xff ^ 0x0f', 0xf0],
    // Beyond 32 bits: by hand with BigInt.
    ['0xf00000000f & 0x800000000f', Number(0xf00000000fn & 0x800000000fn)],
    ['0x100000000 | 1', 4294967297],
    ['0x180000000 ^ 0x80000000', Number(0x180000000n ^ 0x80000000n)],
    ['0x80000000 & 0xffffffff', 2147483648],
    ['1 << 40', 1099511627776],
    ['1 << 53', null],
    ['0x10000000000 >> 38', 4],
    ['-1 & 1', null],
    ['1.5 & 1', null],
    [`${empty} & 1`, null],
  ])('%s is %s', (value, expected) => expect(inFrame(value)).toBe(expected));

  it('never gives NaN or Infinity or -0', () => {
    expect(Object.is(resultOf('-min(frame.len)', framesOf([0])), 0)).toBe(true);
    expect(resultOf('max(frame.len) * 1e308', framesOf([1e300]))).toBeNull();
    // What overflows takes no part.
    expect(resultOf('sum(frame.len * 1e308)', framesOf([10, 1]))).toBe(1e308);
  });
});

describe('fields', () => {
  const frame: TestFrame = {
    probe: {
      a: true,
      rest: 5,
      value: 1000,
      signed: -2,
      word: 0xfffffffe,
      lease: 90,
      name: 'héllo',
      items: [
        [1, 'x'],
        [3, 'y'],
      ],
      source: [192, 0, 2, 1],
      payload: [7, 7, 8, 8],
    },
  };

  it.each([
    ['probe.a', 1],
    ['probe.b', 0],
    ['probe.rest', 5],
    ['probe.value', 1000],
    ['probe.signed', -2],
    ['probe.word', 4294967294],
    ['probe.lease', 90],
    ['probe.name', 'héllo'],
    ['probe.source', '192.0.2.1'],
    ['payload', '07070808'],
    ['byte_entropy(payload)', 1],
    ['payload.length', 4],
    ['byte_entropy(probe.name)', 2.2516291673878226], // hé (2 bytes) llo: 6 bytes, l twice: log2(6) - 2/6
    ['probe.name contains "éll"', 1],
    ['payload contains "\\x07\\x08"', 1],
    ['payload == "\\x07\\x07\\x08\\x08"', 1],
    ['probe.source in 192.0.2.0/31', 1],
    ['probe.source in 192.0.2.0/32', 0],
    ['probe.source in 192.0.2.2/31', 0],
    ['probe.source in 0.0.0.0/0', 1],
    ['probe.source in ::/0', 0],
    ['probe.source == 192.0.2.0/24', 1],
    ['probe.source != 192.0.2.0/24', 0],
    ['probe.value in {999, 1000}', 1],
    ['probe.lease in {90s, 2m}', 1],
    ['probe.lease in {2m}', 0],
  ])('%s is %s', (value, expected) => expect(inFrame(value, frame)).toBe(expected));

  it('lists: every element, or whether any or all of them fulfil a condition', () => {
    expect(resultOf('sum(probe.item)', [frame, frame])).toBe(8);
    expect(resultOf('max(probe.item * 2)', [frame])).toBe(6);
    expect(resultOf('distinct(probe.letter)', [frame, frame])).toBe(2);
    // Frames, not elements.
    expect(resultOf('count(probe.item)', [frame, frame, {}])).toBe(2);
    expect(inFrame('any(probe.item == 3)', frame)).toBe(1);
    expect(inFrame('all(probe.item == 3)', frame)).toBe(0);
    expect(inFrame('all(probe.item < 4)', frame)).toBe(1);
    expect([inFrame('any(probe.item == 3)'), inFrame('all(probe.item == 3)')]).toEqual([0, 1]);
    expect(inFrame('any(probe.address == 10.0.0.2)', frame)).toBe(1);
    expect(
      inFrame('any(probe.item + 5 == probe.name_length - 1)', { probe: { items: [[0, 'x']], name: 'abcdef' } }),
    ).toBe(1);
  });

  it('occurrences: the layers that gave the key, the first, the last, the n-th', () => {
    const nested: TestFrame = { probe: { value: 1, inner: { value: 2, inner: { value: 3 } } } };
    const values = ['', '#1', '#2', '#3', '#4', '#-1', '#-3', '#-4'].map((which) =>
      inFrame(`probe.value${which}`, nested),
    );
    expect(values).toEqual([3, 1, 2, 3, null, 3, 1, null]);
  });

  it('of a packet quoted in an error message take no part', () => {
    const error: TestFrame = { probe: { value: 1, quoted: { value: 2, name: 'in', items: [[9, 'x']] } } };
    const values = ['probe.value', 'probe.value#-1', 'probe.value#2', 'probe.name', 'any(probe.item == 9)'];
    expect(values.map((value) => inFrame(value, error))).toEqual([1, 1, null, '', 0]);
  });

  it('a layer that was cut has the fields that fit', () => {
    const cut: TestFrame = { probe: { value: 1000, signed: 5, name: 'x' }, captured: 5 };
    expect([
      inFrame('probe.value', cut),
      inFrame('probe.signed', cut),
      inFrame('probe.word', cut),
      inFrame('probe.name', cut),
    ]).toEqual([1000, null, null, null]);
  });

  it("the key's columns are turned to the direction of the flow", () => {
    const there: TestFrame = { probe: { source: [10, 0, 0, 1], target: [10, 0, 0, 2], lease: 0x0507 } };
    const back: TestFrame = { probe: { source: [10, 0, 0, 2], target: [10, 0, 0, 1], lease: 0x0705 }, forward: false };
    for (const [value, expected] of [
      ['src_ip == 10.0.0.1', 2],
      ['dst_ip == 10.0.0.2', 2],
      ['src_port == 5', 2],
      ['dst_port == 7', 2],
      ['protocol == 99', 2],
    ] as const) {
      expect(resultOf(`count(${value})`, [there, back])).toBe(expected);
    }
  });
});
