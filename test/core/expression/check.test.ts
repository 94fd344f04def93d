import { describe, expect, it } from 'vitest';
import { defineFeature } from '../../../core/declare/feature.ts';
import type { ValueType } from '../../../core/declare/value-type.ts';
import { compileProgram } from '../../../core/expression/compile.ts';
import { type ExpressionError, type Problem, renderProblem } from '../../../core/expression/problem.ts';
import { type FeatureRequest, readProgram } from '../../../core/expression/read.ts';
import { frameColumns, requestsOf, testRegistry } from './support/run.ts';

const registry = testRegistry({
  features: [defineFeature({ name: 'flow.bytes', description: 'Bytes.', value: 'sum(frame.len)' })],
});

function problemsOf(features: readonly FeatureRequest[], keep?: string): readonly Problem[] {
  try {
    readProgram({
      registry,
      features,
      keyFields: [],
      ...(keep === undefined ? {} : { keep: { text: keep, at: 'keep' } }),
    });
  } catch (error) {
    return (error as ExpressionError).problems;
  }
  return [];
}

/** The first problem of one expression, in words, with the text it is about. */
function wrong(value: string): string {
  const [problem] = problemsOf(requestsOf([value]));
  if (problem === undefined) return 'right';
  const { text, offset, length, message, expected, suggestion } = problem;
  return [
    `<${text.slice(offset, offset + length)}> ${message}`,
    ...(suggestion ? [`did you mean ${suggestion}`] : []),
    ...(expected ? [`expected ${expected}`] : []),
  ].join('; ');
}

/** Type of a result, before it is converted for printing. */
function typeOf(value: string): ValueType {
  const { node } = readProgram({ registry, features: requestsOf([value]), keyFields: [] }).outputs[0]!;
  return node.op === 'scale' && node.inverse ? node.args[0]!.type : node.type;
}

describe('names', () => {
  it.each([
    ['mean(frame.lenn)', '<frame.lenn> no such field; did you mean frame.len'],
    ['mean(probe.vaule)', '<probe.vaule> no such field; did you mean probe.value'],
    ['maen(frame.len)', '<maen> no such aggregate or function; did you mean mean'],
    ['sum(bas(probe.signed))', '<bas> no such function; did you mean abs'],
    ['flow.byts', '<flow.byts> no such field, feature or built-in value; did you mean flow.bytes'],
    ['zzzzzzzz', '<zzzzzzzz> no such field, feature or built-in value'],
    ['mean', '<mean> mean is an aggregate; did you mean mean(...)'],
    ['count(index#1 > 0)', '<index#1> index occurs once in a frame; did you mean index'],
    ['constructor', '<constructor> no such field, feature or built-in value'],
    ['toString(1)', '<toString> no such aggregate or function'],
    ['count(__proto__)', '<__proto__> no such field'],
  ])('%s', (value, message) => expect(wrong(value)).toBe(message));
});

describe('levels', () => {
  it.each([
    [
      'frame.len',
      '<frame.len> frame.len is a value of one frame; expected an aggregate around it, such as mean(frame.len)',
    ],
    [
      'probe.name',
      '<probe.name> probe.name is a value of one frame; expected an aggregate around it, such as first(probe.name)',
    ],
    ['forward', '<forward> forward is a value of one frame; expected an aggregate around it, such as count(forward)'],
    ['gap(time)', '<gap(time)> gap is a value of one frame; expected an aggregate around it, such as mean(gap(...))'],
    [
      'mean(frame.len) + probe.value',
      '<probe.value> probe.value is a value of one frame; expected an aggregate around it, such as mean(probe.value)',
    ],
    ['mean(sum(frame.len))', '<sum> an aggregate inside an aggregate; expected a value of one frame'],
    ['mean(frame.len, count() > 1)', '<count> an aggregate inside an aggregate; expected a value of one frame'],
    ['mean(duration)', '<duration> duration is a value of the whole flow; mean takes values of one frame'],
    ['count(flow.bytes > 1)', '<flow.bytes> flow.bytes is a value of the whole flow; count takes values of one frame'],
    ['count(frame.number > 1)', '<frame.number> frame.number is known in --where only'],
    ['count(time > start)', 'right'],
    ['count(src_port == 53) + src_port', 'right'],
    ['flow.bytes / duration', 'right'],
  ])('%s', (value, message) => expect(wrong(value)).toBe(message));
});

describe('types', () => {
  it.each([
    ['mean(probe.name)', '<probe.name> mean does not take text; expected number, boolean, duration, time'],
    ['sum(time)', '<time> sum does not take a time; expected number, boolean, duration'],
    [
      'mean(frame.len, probe.value)',
      '<probe.value> a number in bytes is no condition; expected a comparison such as > 0, or present(...)',
    ],
    ['count(not probe.name)', '<probe.name> text is no condition; expected a comparison, or present(...)'],
    ['count(probe.name < "a")', '<<> text has no order; expected == or !='],
    ['count(probe.name == 1)', '<probe.name == 1> cannot compare text and a number'],
    [
      'count(probe.source == "10.0.0.1")',
      '<probe.source == "10.0.0.1"> cannot compare an address and text; expected an address without quotes',
    ],
    ['count(probe.a == 1)', 'right'],
    ['count(probe.a == 2)', '<probe.a == 2> cannot compare a condition and a number'],
    ['count(probe.a + 1)', '<probe.a + 1> cannot add a condition and a number'],
    ['count(probe.word & probe.name)', '<probe.name> "&" takes numbers'],
    ['count(probe.name in {1})', '<1> not possible in this set; expected texts in quotes'],
    ['count(probe.source in {10.0.0.1, 5})', '<5> not possible in this set; expected addresses and prefixes'],
    [
      'count(probe.word in probe.value)',
      '<probe.value> not a set; expected a set such as {80, 443}, or a prefix such as 10.0.0.0/8',
    ],
    ['count(probe.word == 10.0.0.0/8)', '<10.0.0.0/8> not possible in this set; expected numbers'],
    ['count({1, 2})', '<{1, 2}> a set stands behind "in" only; expected in'],
    ['count(probe.name matches probe.name)', '<probe.name> not a pattern; expected a regular expression in quotes'],
    ['count(probe.name matches "(a")', '<"(a"> in the pattern, place 2: ")" is missing'],
    ['count(probe.word contains "a")', '<probe.word> a number has no parts; expected text or bytes'],
    ['count(floor(time) == 1)', '<time> floor takes no time; expected a number'],
    ['count(abs(probe.name))', '<probe.name> abs takes no text; expected a number or a duration'],
    ['count(gap(probe.name) > 1)', '<probe.name> gap takes no text; expected a number, a time or a duration'],
    ['count(gap(probe.a) == 1)', '<probe.a> gap takes no boolean; expected a number, a time or a duration'],
    ['count(default(probe.name, 0) == "a")', '<0> default has a number for text; expected text'],
    [
      'mean(byte_entropy(probe.word))',
      '<probe.word> byte_entropy takes no number; expected payload, or a field of bytes or text with one value',
    ],
    ['head(frame.len, 3) + 1', '<head(frame.len, 3)> a list of columns takes no operator'],
    ['-head(frame.len, 3)', '<head(frame.len, 3)> "-" takes numbers and durations, not a list (number in bytes)'],
    ['present(head(frame.len, 3))', '<head(frame.len, 3)> present takes no list of columns'],
    ['10.0.0.0/8', '<10.0.0.0/8> a prefix stands behind "in" only; expected in'],
  ])('%s', (value, message) => expect(wrong(value)).toBe(message));

  it('a condition is needed for keep', () => {
    expect(problemsOf([], 'frames')[0]).toMatchObject({ message: 'a number is no condition' });
    expect(problemsOf([], 'frames > 1')).toEqual([]);
  });
});

describe('several values in one frame', () => {
  it.each([
    [
      'count(probe.item == 1)',
      '<probe.item == 1> several values in one frame; expected any(...) or all(...) around it',
    ],
    ['count(any(probe.item == 1))', 'right'],
    [
      'mean(frame.len, probe.address == 10.0.0.1)',
      '<probe.address == 10.0.0.1> several values in one frame; expected any(...) or all(...) around it',
    ],
    [
      'mean(frame.len, any(probe.value == 1))',
      '<probe.value == 1> one value in each frame; expected a list here; any over frames stands outside aggregates',
    ],
    ['sum(probe.item * probe.item)', 'right'],
    ['count(probe.address)', 'right'],
    [
      'sum(probe.item * probe.count)',
      '<probe.item * probe.count> made of two fields with several values per frame each; expected one of them at most',
    ],
    ['count(any(probe.item == probe.count))', 'right'],
    [
      'count(probe.mixed)',
      '<probe.mixed> probe.mixed names fields of several types; expected one of them, such as probe.b or probe.name_length',
    ],
    ['any(probe.flag)', 'right'],
    ['max(gap(probe.item))', '<probe.item> several values in one frame; expected one of them, such as field#1'],
    ['max(default(probe.item, 0))', '<probe.item> several values in one frame; expected one value'],
    [
      'count(any(probe.item == 1, forward))',
      '<any(probe.item == 1, forward)> any takes one list of conditions here, not 2',
    ],
  ])('%s', (value, message) => expect(wrong(value)).toBe(message));
});

describe('units', () => {
  it.each([
    ['sum(frame.len) + duration', '<sum(frame.len) + duration> cannot add a number in bytes and a duration'],
    ['count(gap(time) > 5)', '<5> a number without a unit; expected a duration such as 10s or 250ms'],
    ['count(5 < gap(time))', '<5> a number without a unit; expected a duration such as 10s or 250ms'],
    ['count(time > 5)', '<5> a number without a unit; expected a duration such as 10s or 250ms'],
    ['duration + 1', '<1> a number without a unit; expected a duration such as 10s or 250ms'],
    ['sum(frame.len) > 5s', '<sum(frame.len) > 5s> cannot compare a number in bytes and a duration'],
    [
      'rate(frame.len) + sum(frame.len)',
      '<rate(frame.len) + sum(frame.len)> cannot add a number in bytes/s and a number in bytes',
    ],
    ['start + end', '<start + end> cannot add a time and a time'],
    ['start * 2', '<start> cannot multiply a time; expected a number or a duration'],
    [
      'variance(frame.len) - mean(frame.len)',
      '<variance(frame.len) - mean(frame.len)> cannot subtract a number in bytes^2 and a number in bytes',
    ],
    ['count(frame.len > 64KiB)', 'right'],
    ['count(frame.len > 100)', 'right'],
    ['count(probe.lease > 10s)', 'right'],
    ['count(probe.lease > 10)', '<10> a number without a unit; expected a duration such as 10s or 250ms'],
    ['histogram(gap(time), {1, 2})', '<1> not in the unit of the value; expected a duration such as 10ms'],
  ])('%s', (value, message) => expect(wrong(value)).toBe(message));

  it.each([
    ['sum(frame.len) / duration', 'number', 'bytes/s'],
    ['count() / duration', 'number', '1/s'],
    ['rate(frame.len)', 'number', 'bytes/s'],
    ['variance(frame.len)', 'number', 'bytes^2'],
    ['variance(gap(time))', 'number', 's^2'],
    ['stddev(gap(time))', 'duration', ''],
    ['sum(frame.len) / sum(network.length)', 'number', ''],
    ['sum(frame.len) / rate(frame.len)', 'duration', ''],
    ['duration * 2', 'duration', ''],
    ['2 * duration / count()', 'duration', ''],
    ['duration / max(gap(time))', 'number', ''],
    ['duration * duration', 'number', 's^2'],
    ['1 / duration', 'number', '1/s'],
    ['end - start', 'duration', ''],
    ['end - 1s', 'time', ''],
    ['mean(frame.len * frame.len)', 'number', 'bytes^2'],
    ['cv(frame.len)', 'number', ''],
    ['entropy(frame.len)', 'number', 'bits'],
    ['duration % 1s', 'duration', ''],
    ['least(mean(frame.len), 100)', 'number', 'bytes'],
    ['default(stddev(gap(time)), 0)', 'duration', ''],
    ['range(time)', 'duration', ''],
  ])('%s is a %s in "%s"', (value, kind, unit) => expect(typeOf(value)).toMatchObject({ kind, unit }));
});

describe('arguments', () => {
  it.each([
    ['mean()', '<mean()> mean needs a value; expected mean(value, conditions...)'],
    ['nth(frame.len)', '<nth(frame.len)> nth needs a value, n; expected nth(value, n, conditions...)'],
    ['nth(frame.len, forward)', '<forward> n is not a whole number; expected a whole number, written out'],
    ['nth(frame.len, 1.5)', '<1.5> n is not a whole number; expected a whole number, written out'],
    ['nth(frame.len, 0)', '<0> n counts from 1'],
    ['head(frame.len, 100000)', '<100000> n is from 1 to 10000'],
    ['quantile(frame.len, 1.5)', '<1.5> q is from 0 to 1'],
    ['histogram(frame.len, 5)', '<5> edges are numbers; expected a set such as {0, 100, 500}'],
    ['histogram(frame.len, {5, 5})', '<{5, 5}> edges must rise'],
    ['log2(1, 2)', '<log2(1, 2)> log2 takes 1 argument, not 2'],
    ['least(1)', '<least(1)> least takes at least 2 arguments, not 1'],
  ])('%s', (value, message) => expect(wrong(value)).toBe(message));
});

describe('problems', () => {
  it('of all features and of keep come together', () => {
    const requests = [
      ...requestsOf(['mean(frame.lenn, forward)', 'count()', 'duration + 1 + mean(frame.lem)']),
      { name: 'x', at: 'features[3]', feature: 'flow.byte' },
    ];
    const all = problemsOf(requests, 'framess > 1');
    expect(all.map(({ at, suggestion }) => [at, suggestion])).toEqual([
      ['features[0].value', 'frame.len'],
      ['features[2].value', undefined],
      ['features[2].value', 'frame.len'],
      ['features[3]', 'flow.bytes'],
      ['keep', 'frames'],
    ]);
  });

  it('are shown with carets under what is wrong', () => {
    const [problem] = problemsOf([{ name: 'a', at: 'features[3].value', value: 'mean(frame.lenn, forward)' }]);
    // The example of the language's description.
    expect(renderProblem(problem!)).toBe(
      'features[3].value: "mean(frame.lenn, forward)"\n                         ^^^^^^^^^^ no such field; did you mean frame.len?',
    );
  });

  it('carry the code "expression"', () => {
    const compile = () =>
      compileProgram({ registry, features: requestsOf(['x']), keyFields: [], columns: frameColumns(1), capacity: 1 });
    expect(compile).toThrowError(expect.objectContaining({ name: 'PacketloomError', code: 'expression' }));
  });

  it('two columns of one name', () => {
    const twice = [...requestsOf({ a_1: 'count()' }), { name: 'a', at: 'features[1]', value: 'head(frame.len, 2)' }];
    expect(problemsOf(twice)[0]!.message).toBe('column a_1 is already made by features.a_1');
  });

  it('a feature that names itself', () => {
    const own = testRegistry({
      features: [
        defineFeature({ name: 'x', description: 'X.', value: 'y + 1' }),
        defineFeature({ name: 'y', description: 'Y.', value: 'x' }),
      ],
    });
    expect(() =>
      readProgram({ registry: own, features: [{ name: 'x', at: 'f', feature: 'x' }], keyFields: [] }),
    ).toThrow(/feature x names itself/);
  });
});
