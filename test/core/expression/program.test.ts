import { describe, expect, it } from 'vitest';
import {
  defineAggregate,
  defineObjectState,
  defineState,
  fromObject,
  fromState,
} from '../../../core/declare/aggregate.ts';
import { defineFeature, definePreset } from '../../../core/declare/feature.ts';
import { compileProgram, type FeatureRequest } from '../../../core/expression/compile.ts';
import { expandFeatures } from '../../../core/expression/expand.ts';
import { EXCHANGE, ONE_WAY } from '../../../core/frame/frame.ts';
import { probe } from './support/probe.ts';
import {
  frameColumns,
  framesOf,
  type RunOptions,
  requestsOf,
  resultOf,
  runProgram,
  testRegistry,
} from './support/run.ts';

const registry = testRegistry();
const compiled = (values: readonly string[] | readonly FeatureRequest[], own = registry) => {
  const features = typeof values[0] === 'string' ? requestsOf(values as string[]) : (values as FeatureRequest[]);
  return compileProgram({ registry: own, features, keyFields: [], columns: frameColumns(4), capacity: 4 });
};
const slots = (...values: string[]): number => compiled(values).birth.length;

describe('state is shared', () => {
  it('by aggregates of one value and selection', () => {
    expect(slots('sum(frame.len)')).toBe(1);
    expect(slots('sum(frame.len)', 'sum(frame.len) * 2', 'rate(frame.len)')).toBe(1);
    expect(slots('stddev(frame.len)')).toBe(5);
    expect(
      slots('stddev(frame.len)', 'sum(frame.len)', 'mean(frame.len)', 'count(frame.len)', 'variance(frame.len)'),
    ).toBe(5);
    expect(slots('sum(frame.len)', 'sum(network.length)')).toBe(2);
    expect(slots('sum(frame.len, forward)', 'sum(frame.len, index < 5)')).toBe(2);
  });

  it('whatever the order of the conditions is', () => {
    expect(slots('count(index < 5, forward)', 'count(forward, index < 5)', 'count(index < 5 and not backward)')).toBe(
      1,
    );
    expect(
      slots(
        'sum(frame.len, index < 5, forward)',
        'sum(frame.len, forward, index < 5)',
        'sum(frame.len, not backward, index < 5)',
      ),
    ).toBe(1);
  });

  it('and total is not kept where forward and backward are', () => {
    expect(slots('sum(frame.len, forward)', 'sum(frame.len, backward)', 'sum(frame.len)')).toBe(2);
    expect(slots('stddev(frame.len, forward)', 'mean(frame.len, backward)', 'stddev(frame.len)')).toBe(5 + 2 + 5);
    expect(slots('first(frame.len, forward)', 'first(frame.len, backward)', 'first(frame.len)')).toBe(3);
    expect(
      slots('max(frame.len, forward, index < 9)', 'max(frame.len, backward, index < 9)', 'max(frame.len, index < 9)'),
    ).toBe(4);
  });

  it('of order-dependent values of one value and selection', () => {
    expect(slots('sum(gap(time))', 'sum(frame.len, changed(time))', 'count(previous(time))')).toBe(1 + 1 + 1 + 1);
    expect(slots('count(gap(time, forward))', 'count(gap(time), forward)')).toBe(2 + 1);
  });
});

describe('columns', () => {
  const column = (value: string, unit?: string) =>
    compiled([{ name: 'x', at: 'x', value, ...(unit === undefined ? {} : { unit }) }]).columns[0]!;

  it.each([
    ['flow_id', { kind: 'hash' }],
    ['src_ip', { kind: 'address' }],
    ['src_port', { kind: 'number', integer: true, unit: '' }],
    ['start', { kind: 'time' }],
    ['max(time)', { kind: 'time' }],
    ['duration', { kind: 'number', decimals: 9, unit: 's' }],
    ['duration * 1', { kind: 'number', decimals: -1, unit: 's', integer: false }],
    ['end_reason', { kind: 'number', labels: { 1: 'idle', 2: 'active', 3: 'end', 4: 'forced', 5: 'resources' } }],
    ['any(forward)', { kind: 'number', boolean: true }],
    ['sum(frame.len)', { kind: 'number', integer: true, unit: 'bytes' }],
    ['mean(frame.len)', { kind: 'number', integer: false, unit: 'bytes' }],
    ['first(probe.name)', { kind: 'text' }],
    ['first(probe.source)', { kind: 'text' }],
    ['default(src_ip, 10.0.0.1)', { kind: 'text' }],
  ])('%s', (value, expected) => expect(column(value)).toMatchObject({ name: 'x', ...expected }));

  it("are described by the expression, or the feature's sentence, and how far a sketch may be off", () => {
    expect(column('sum(frame.len)').description).toBe('sum(frame.len)');
    expect(column('median(frame.len)').description).toMatch(/^median\(frame.len\) median: .*0.7 %.*10 KB/);
  });

  it('lists have a column for each item', () => {
    expect(
      compiled(['head(probe.name, 2)', 'histogram(frame.len, {5})']).columns.map(({ name, kind }) => `${name} ${kind}`),
    ).toEqual(['a_1 text', 'a_2 text', 'b_1 number', 'b_2 number']);
  });
});

describe('units that are asked for', () => {
  const frames = [
    { length: 1000, time: 0 },
    { length: 3000, time: 2_000_000_000 },
  ];
  const inUnit = (value: string, unit: string) =>
    runProgram(compileProgram, [{ name: 'a', at: 'a', value, unit }], frames)!.a;

  it.each([
    ['duration', 'ms', 2000],
    ['duration', 's', 2e9], // to the nanosecond
    ['duration', 'min', 2 / 60],
    ['mean(gap(time))', 'us', 2_000_000],
    ['rate(frame.len)', 'bit/s', 16000],
    ['rate(frame.len)', 'kbit/s', 16],
    ['rate(frame.len)', 'KiB/s', 2000 / 1024],
    ['rate(frame.len)', 'bytes/min', 120_000],
    ['sum(frame.len)', 'KiB', 4000 / 1024],
    ['sum(frame.len)', 'bits', 32000],
    ['count() / duration', 'frames/s', 1],
    ['count() / duration', '1/min', 60],
    ['sum(frame.len) / sum(frame.len)', '%', 100],
    ['variance(gap(time), index < 9)', 'ms^2', null],
    ['count()', 'packets', 2],
  ])('%s in %s', (value, unit, expected) => {
    if (expected === null) expect(inUnit(value, unit)).toBeNull();
    else expect(inUnit(value, unit)).toBeCloseTo(expected, 9);
  });

  it.each([
    ['sum(frame.len)', 's', 'bytes cannot be converted to s'],
    ['duration', 'bytes', 's cannot be converted to bytes'],
    ['count()', 'ms', 'a number without unit cannot be converted to ms'],
    ['start', 's', 'a time has no unit, so none can be stated'],
    ['sum(frame.len)', 'bytess', 'bytes cannot be converted to bytess; did you mean bytes?'],
    ['sum(frame.len)', 'b y', '"b y" is not a unit'],
  ])('%s in %s is refused', (value, unit, message) => expect(() => inUnit(value, unit)).toThrow(message));
});

describe('built-in values of a flow', () => {
  const row = (values: Record<string, string>, options: RunOptions = {}) =>
    runProgram(compileProgram, requestsOf(values), framesOf([1, 2]), options);

  it('come from the meter', () => {
    const all = row({
      id: 'flow_id',
      s: 'segment',
      a: 'src_ip',
      b: 'dst_ip',
      p: 'src_port',
      q: 'dst_port',
      n: 'protocol',
      t: 'start',
      e: 'end',
      d: 'duration',
      r: 'end_reason',
      f: 'frames',
      ty: 'icmp_type',
      co: 'icmp_code',
    });
    expect(all).toEqual({
      id: '1234567:89abcdef',
      s: 0,
      a: 'a000001:0:0:0',
      b: 'a000002:0:0:0',
      p: 1234,
      q: 443,
      n: 6,
      t: '1700000000.000000000',
      e: '1700000001.000000000',
      d: 1e9,
      r: 1,
      f: 2,
      ty: null,
      co: null,
    });
  });

  it.each([
    [EXCHANGE, [null, null, 8, 0]],
    [ONE_WAY, [null, null, 8, 0]],
    [0, [null, null, null, null]],
  ])('ports and ICMP types of kind %s', (portKind, expected) => {
    const facts = { portKind, sourcePort: 8, destinationPort: 0 };
    expect(Object.values(row({ p: 'src_port', q: 'dst_port', t: 'icmp_type', c: 'icmp_code' }, { facts })!)).toEqual(
      expected,
    );
  });

  it('can be computed with', () => {
    expect(row({ x: 'src_ip in 10.0.0.0/8 and dst_port == 443', y: 'flow_id == "0123456789abcdef"' })).toEqual({
      x: 1,
      y: 1,
    });
  });

  it('additional key fields', () => {
    const facts = { extra: Float64Array.of(12, 7) };
    const options = { keyFields: ['probe.value', 'probe.lease'], facts };
    expect(row({ v: 'probe.value', l: 'probe.lease', twice: 'probe.value * 2' }, options)).toEqual({
      v: 12,
      l: 7,
      twice: 24,
    });
    expect(row({ v: 'probe.value' }, { ...options, facts: { extra: Float64Array.of(Number.NaN, 1) } })).toEqual({
      v: null,
    });
  });

  it('times are exact to the nanosecond, on both sides of a second', () => {
    for (const [time, text] of [
      [8_999_999_999_999_999, '1708999999.999999999'],
      [9_000_000_000_000_000, '1709000000.000000000'],
      [-1, '1699999999.999999999'],
      [1, '1700000000.000000001'],
    ] as const) {
      expect(runProgram(compileProgram, requestsOf(['end']), [{ time }])).toEqual({ a: text });
    }
  });
});

describe('keep', () => {
  it('holds only when true', () => {
    const kept = (keep: string): boolean =>
      runProgram(compileProgram, requestsOf(['count()']), framesOf([1, 2]), { keep }) !== undefined;
    expect([
      kept('frames > 1'),
      kept('frames > 2'),
      kept('mean(probe.value#2) > 0'),
      kept('not mean(probe.value#2) > 0'),
      kept('sum(frame.len) == 3'),
    ]).toEqual([true, false, false, false, true]);
  });
});

describe('code features', () => {
  const spread = defineFeature({
    name: 'longest_run',
    description: 'Longest run of frames in one direction.',
    inputs: ['forward', 'gap(time)'],
    slots: [0, 0, -1],
    unit: 'frames',
    update(state, at, forward, gap) {
      if (gap < 0) return;
      state[at] = state[at + 2] === forward ? state[at]! + 1 : 1;
      state[at + 2] = forward;
      if (state[at]! > state[at + 1]!) state[at + 1] = state[at]!;
    },
    finish: (state, at) => state[at + 1]!,
  });
  const own = testRegistry({ features: [spread] });
  const frames = [true, true, false, true, true, true].map((forward, i) => ({ forward, time: i }));

  it('take part like any other', () => {
    const requests = [
      { name: 'run', at: 'f', feature: 'longest_run' },
      ...requestsOf(['longest_run / count()', 'sum(gap(time))']),
    ];
    expect(runProgram(compileProgram, requests, frames, { registry: own })).toMatchObject({ run: 3, a: 0.5, b: 5e-9 });
  });

  it('are checked like any other', () => {
    const wrong = testRegistry({
      features: [
        defineFeature({ ...spread, name: 'wrong', inputs: ['forwards', 'probe.name'] } as Parameters<
          typeof defineFeature
        >[0]),
      ],
    });
    expect(() => compiled([{ name: 'w', at: 'w', feature: 'wrong' }], wrong)).toThrow(
      /feature wrong, input 0: "forwards"[\s\S]*forward\?[\s\S]*input of feature wrong/,
    );
  });
});

describe('aggregates of plugins', () => {
  const times2 = defineAggregate({
    name: 'double',
    description: 'Twice the sum.',
    estimator: 'exact',
    empty: '0',
    accepts: ['number'],
    result: (value) => value,
    // The name of a state that means something else elsewhere.
    choices: () => [
      fromState(
        defineState({
          name: 'sum',
          slots: [100],
          update(slots, at, value) {
            slots[at]! += 2 * value;
          },
        }),
        (slots, at) => slots[at]!,
      ),
    ],
  });
  const longest = defineAggregate({
    name: 'longest',
    description: 'The longest text.',
    estimator: 'exact',
    empty: 'empty',
    accepts: ['text'],
    result: () => ({ kind: 'number', unit: '', list: false }),
    choices: () => [
      fromObject(
        defineObjectState<{ length: number | null }>({
          name: 'longest',
          create: () => ({ length: null }),
          update(state, value) {
            state.length = Math.max(state.length ?? 0, String(value).length);
          },
        }),
        (state) => state.length,
      ),
    ],
  });
  const own = testRegistry({ aggregates: [times2, longest] });

  it('take part; a state of the same name is not taken for theirs', () => {
    const frames = [{ length: 3, probe: { name: 'abc' } }, { length: 4 }];
    const values = [
      'double(frame.len)',
      'sum(frame.len)',
      'longest(probe.name)',
      'longest(probe.name, backward)',
      'longest(probe.name, backward) + 1',
    ];
    expect(runProgram(compileProgram, requestsOf(values), frames, { registry: own })).toEqual({
      a: 114,
      b: 7,
      c: 3,
      d: null,
      e: null,
    });
  });
});

describe('long expressions', () => {
  it('of a thousand operators compile and compute', () => {
    expect(resultOf(`0${' + count()'.repeat(999)}`, framesOf([1, 2]))).toBe(1998);
    expect(resultOf(`sum(0${' + index'.repeat(999)})`, framesOf([1, 2]))).toBe(999);
    expect(resultOf(`count(true${' and index >= 0'.repeat(499)})`, framesOf([1, 2]))).toBe(2);
  });
});

describe('demand', () => {
  it('is the fields that are read, and nothing else', () => {
    const demanded = (...values: string[]) =>
      compiled(values)
        .demanded.map(({ field }) => field.name)
        .sort();
    expect(demanded('sum(frame.len)')).toEqual([]);
    expect(demanded('sum(probe.value)', 'count(probe.a, probe.name == "x")', 'mean(probe.value)')).toEqual([
      'probe.a',
      'probe.name',
      'probe.value',
    ]);
    expect(demanded('count(probe.address)')).toEqual(
      [probe.fields.source, probe.fields.target].map((field) => 'name' in field && field.name),
    );
  });
});

describe('presets', () => {
  const preset = definePreset({
    name: 'p',
    description: 'P.',
    columns: ['flow.x', { name: 'y', value: 'count(backward)' }, { name: 'z', feature: 'flow.x' }],
  });
  const own = testRegistry({
    features: [defineFeature({ name: 'flow.x', description: 'X.', value: 'count()' })],
    presets: [preset],
  });

  it('are taken apart in order; a later column takes the place of one with its name', () => {
    const requests = expandFeatures(own, [
      { at: 'features[0]', preset: 'p' },
      { at: 'features[1]', name: 'y', value: '1' },
    ]);
    expect(requests.map(({ name, value, feature }) => [name, value ?? feature])).toEqual([
      ['flow.x', 'flow.x'],
      ['y', '1'],
      ['z', 'flow.x'],
    ]);
    expect(runProgram(compileProgram, requests, framesOf([1, 2]), { registry: own })).toEqual({
      'flow.x': 2,
      y: 1,
      z: 2,
    });
  });

  it('that do not exist are refused', () => {
    expect(() => expandFeatures(own, [{ at: 'features[0]', preset: 'q' }])).toThrow(
      /features\[0\]: "q"\n.*no such preset; did you mean p\?/,
    );
  });
});

it('the time base can move while a flow is open', () => {
  const frames = [0, 1, 5, 6].map((second) => ({ time: second * 1e9 }));
  const values = [
    'first(time)',
    'max(time)',
    'mean(time)',
    'median(time)',
    'stddev(time)',
    'sum(gap(time))',
    'mode(time)',
    'nth(time, 2)',
    'min(time - start)',
    'last(previous(time))',
  ];
  const moved = runProgram(compileProgram, requestsOf(values), frames, { move: { after: 2, delta: -3e9 } });
  expect(moved).toEqual(runProgram(compileProgram, requestsOf(values), frames));
  expect(moved).toMatchObject({
    a: '1700000000.000000000',
    b: '1700000006.000000000',
    c: '1700000003.000000000',
    f: 6,
  });
});

it('text of the user never becomes code', () => {
  const seen: string[] = [];
  const original = globalThis.Function;
  const evil = 'x"); globalThis.hacked = 1; ("';
  globalThis.Function = class extends original {
    constructor(...args: string[]) {
      seen.push(args.join('\n'));
      super(...args);
    }
  } as FunctionConstructor;
  try {
    const quoted = JSON.stringify(evil);
    expect(
      resultOf(
        `count(probe.name == ${quoted} or probe.name contains ${quoted} or probe.name matches ${quoted.replaceAll(')', '\\\\)').replaceAll('(', '\\\\(')} or probe.name in {${quoted}})`,
        [{ probe: { name: evil } }],
      ),
    ).toBe(1);
    compiled([{ name: evil, at: evil, value: `default(first(probe.name), ${quoted})`, list: 'text' }]);
  } finally {
    globalThis.Function = original;
  }
  expect(seen).toHaveLength(2);
  for (const source of seen) expect(source).not.toMatch(/hacked|globalThis|probe|"x/);
});
