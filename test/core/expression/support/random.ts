import fc from 'fast-check';
import type { ProbeValues } from './probe.ts';
import type { TestFrame } from './run.ts';

// Random expressions as texts that are right by construction, and random frames for them.

const constant = fc.oneof(fc.integer({ min: -20, max: 300 }).map(String), fc.constantFrom('0.5', '2.25', '0', '1e6'));
const text = fc.constantFrom('"a"', '"b"', '"ab"', '""', '"x.y"');

const { number, condition, span, list } = fc.letrec<{
  number: string;
  condition: string;
  span: string;
  list: string;
}>((tie) => {
  const n = tie('number');
  const c = tie('condition');
  const s = tie('span');
  const two = (operators: readonly string[], a: fc.Arbitrary<string>, b = a) =>
    fc.tuple(a, fc.constantFrom(...operators), b).map(([x, operator, y]) => `(${x} ${operator} ${y})`);
  const calls = (names: readonly string[], ...args: fc.Arbitrary<string>[]) =>
    fc.tuple(fc.constantFrom(...names), ...args).map(([name, ...rest]) => `${name}(${rest.join(', ')})`);
  return {
    number: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.constantFrom(
        'probe.signed',
        'probe.word',
        'probe.rest',
        'probe.signed#-1',
        'probe.signed#2',
        'index',
        'src_port',
        'dst_port',
        'protocol',
      ),
      fc.constantFrom(
        'frame.len / 1B',
        'payload.length / 1B',
        'network.length / 1B',
        'probe.value',
        'byte_entropy(payload)',
      ),
      constant,
      two(['+', '-', '*', '/', '%'], n).map((one) => `${one.replace(/probe\.value(?!#)/g, '(probe.value / 1B)')}`),
      two(['&', '|', '^'], n),
      calls(['abs', 'floor', 'log2'], n),
      calls(['least', 'greatest'], n, constant),
      calls(['default'], n, constant),
      calls(['gap', 'previous'], n),
      calls(['gap', 'previous'], n, c),
      s.map((one) => `(${one} / 1ms)`),
    ),
    condition: fc.oneof(
      { maxDepth: 3, depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('forward', 'backward', 'probe.a', 'probe.b', 'probe.a#1', 'present(probe.value#2)'),
      fc.constantFrom(
        'probe.source in 10.0.0.0/31',
        'probe.target == 10.0.0.2',
        'src_ip in {10.0.0.1, 10.0.1.0/24}',
        'probe.rest & 3 == 1',
      ),
      two(['<', '<=', '>', '>=', '==', '!='], n),
      two(['<', '>='], s),
      fc.tuple(n, fc.array(constant, { minLength: 1, maxLength: 3 })).map(([x, set]) => `${x} in {${set.join(', ')}}`),
      two(['and', 'or'], c),
      c.map((one) => `(not ${one})`),
      calls(['present'], n),
      calls(['changed'], fc.oneof(n, c, fc.constant('probe.name'), fc.constant('probe.source'))),
      calls(['changed'], fc.constant('probe.name'), c),
      fc
        .tuple(fc.constantFrom('==', '!=', 'contains'), text)
        .map(([operator, other]) => `probe.name ${operator} ${other}`),
      fc.constantFrom('probe.name matches "^a"', 'probe.name matches "(a|b)+$"', 'previous(probe.name) == "a"'),
      fc.tuple(fc.constantFrom('any', 'all'), tie('list')).map(([name, one]) => `${name}(${one})`),
    ),
    list: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      two(['<', '==', '!=', '>='], fc.constant('probe.item'), n),
      fc.constantFrom(
        'probe.letter == "a"',
        'probe.letter == probe.name',
        'probe.address in 10.0.0.1/32',
        'probe.item in {1, 2, 3}',
      ),
      two(['and', 'or'], tie('list'), c),
      tie('list').map((one) => `(not ${one})`),
    ),
    span: fc.oneof(
      { maxDepth: 2, depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('gap(time)', '(time - start)', '1s', '250ms', 'probe.lease'),
      two(['+', '-'], s),
      calls(['gap'], fc.constant('time'), c),
      fc.tuple(s, fc.constantFrom('2', '0.5', '-1')).map(([x, y]) => `(${x} * ${y})`),
      calls(['default'], s, fc.constant('0')),
    ),
  };
});

const conditions = fc.array(condition, { maxLength: 2 }).map((all) => all.map((one) => `, ${one}`).join(''));

/** One aggregate; the first group is exact however it is computed. */
const exact = fc.oneof(
  fc
    .tuple(fc.constantFrom('count', 'min', 'max', 'range', 'first', 'last', 'distinct', 'mode'), number, conditions)
    .map(([name, x, rest]) => `${name}(${x}${rest})`),
  fc
    .tuple(fc.constantFrom('count', 'any', 'all'), condition, conditions)
    .map(([name, x, rest]) => `${name}(${x}${rest})`),
  fc.tuple(number, fc.integer({ min: 1, max: 4 }), conditions).map(([x, n, rest]) => `nth(${x}, ${n}${rest})`),
  fc
    .tuple(
      fc.constantFrom('first', 'last', 'mode', 'distinct', 'count'),
      fc.constantFrom('probe.name', 'probe.source', 'probe.name#2'),
      conditions,
    )
    .map(([name, x, rest]) => `${name}(${x}${rest})`),
  fc
    .tuple(fc.constantFrom('sum', 'max', 'count', 'first'), fc.constantFrom('probe.item', 'probe.item * 2'), conditions)
    .map(([name, x, rest]) => `${name}(${x}${rest})`),
  fc.tuple(number, conditions).map(([x, rest]) => `head(${x}, 3${rest})`),
  fc.tuple(number, conditions).map(([x, rest]) => `histogram(${x}, {-5, 0, 10, 1000}${rest})`),
  fc
    .tuple(fc.constantFrom('first', 'last', 'max', 'median'), fc.constantFrom('time', 'time + 1s'), conditions)
    .map(([name, x, rest]) => `${name}(${x}${rest})`),
);

const rounded = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(
        'sum',
        'mean',
        'variance',
        'stddev',
        'stddev_pop',
        'variance_pop',
        'rms',
        'median',
        'entropy',
        'rate',
      ),
      number,
      conditions,
    )
    .map(([name, x, rest]) => `${name}(${x}${rest})`),
  fc
    .tuple(fc.constantFrom('sum', 'mean', 'stddev', 'median', 'rms'), span, conditions)
    .map(([name, x, rest]) => `${name}(${x}${rest}) / 1ms`),
  fc
    .tuple(fc.constantFrom('0.1', '0.75', '1'), number, conditions)
    .map(([q, x, rest]) => `quantile(${x}, ${q}${rest})`),
  fc.tuple(number, conditions).map(([x, rest]) => `mean(${x}${rest}, forward)`),
);

const combined = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('+', '-', '*'),
      number,
      rounded.filter((one) => !/^(variance|rate)|probe.value/.test(one)),
    )
    .map(([operator, x, y]) => `count(${x}) ${operator} ${y}`),
  fc
    .tuple(fc.constantFrom('<', '>=', '=='), number, number)
    .map(([operator, x, y]) => `count(${x}) ${operator} count(${y})`),
  number.map((x) => `default(first(${x}), -1) / (count() + 1)`),
);

/** The same in total and by direction, which is kept twice and merged. */
const directed = fc.oneof(exact, rounded).map((one) => {
  const end = one.lastIndexOf(')');
  return [
    one,
    `${one.slice(0, end)}, forward)${one.slice(end + 1)}`,
    `${one.slice(0, end)}, backward)${one.slice(end + 1)}`,
  ];
});

/** Features of a run, several so that they share what they can. */
export const randomFeatures = fc
  .array(
    fc.oneof(
      fc.oneof(exact, rounded, combined).map((one) => [one]),
      directed,
    ),
    { minLength: 1, maxLength: 5 },
  )
  .map((groups) => groups.flat());
/** A condition on frames before they have a flow. */
export const randomCondition = condition;
export { list };

const probeValues: fc.Arbitrary<ProbeValues> = fc.record(
  {
    a: fc.boolean(),
    b: fc.boolean(),
    rest: fc.integer({ min: 0, max: 63 }),
    value: fc.integer({ min: 0, max: 65535 }),
    signed: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -32768, max: 32767 })),
    word: fc.oneof(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 0xffffffff })),
    lease: fc.integer({ min: 0, max: 10 }),
    source: fc.constantFrom([10, 0, 0, 1], [10, 0, 0, 2], [192, 168, 0, 1]),
    name: fc.constantFrom('', 'a', 'b', 'ab', 'xay', 'x.y'),
    items: fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.constantFrom('a', 'b')), { maxLength: 3 }),
    payload: fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 5 }),
  },
  { requiredKeys: [] },
);

/** Frames of one flow, in the order of their times; some carry a second probe, some were cut short. */
export const randomFrames: fc.Arbitrary<TestFrame[]> = fc
  .array(
    fc.record(
      {
        gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20_000_000_000 })),
        forward: fc.boolean(),
        networkLength: fc.integer({ min: 20, max: 1500 }),
        probe: fc.oneof(
          probeValues,
          fc.tuple(probeValues, probeValues).map(([outer, inner]) => ({ ...outer, inner })),
        ),
        captured: fc.integer({ min: 0, max: 60 }),
      },
      { requiredKeys: ['gap'] },
    ),
    { minLength: 1, maxLength: 12 },
  )
  .map((frames) => {
    let time = 0;
    return frames.map(({ gap, captured, ...frame }) => {
      time += gap;
      // One in three is cut.
      return { ...frame, time, ...(captured !== undefined && captured % 3 === 0 ? { captured } : {}) };
    });
  });
