import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defineAnalysis } from '../../../core/declare/analysis.ts';
import { defineFeature, defineObjectFeature, type FeatureState } from '../../../core/declare/feature.ts';
import { definePlugin } from '../../../core/declare/plugin.ts';
import { createRegistry } from '../../../core/declare/registry.ts';
import { compileProgram } from '../../../core/expression/compile.ts';
import { compileFilter } from '../../../core/expression/filter.ts';
import { interpretProgram } from '../../../core/expression/interpret.ts';
import { ExpressionError } from '../../../core/expression/problem.ts';
import { RowBatch } from '../../../core/flow/rows.ts';
import { Frame } from '../../../core/frame/frame.ts';
import { selectColumns } from '../../../core/packets/selection.ts';
import { randomFrames } from './support/random.ts';
import {
  factsOf,
  frameColumns,
  readRow,
  requestsOf,
  resultOf,
  runProgram,
  type TestFrame,
  testRegistry,
} from './support/run.ts';

/** Calls of the analysis below since the test began. */
let calls = 0;

interface Seen {
  longest: number;
  since: number;
}

/** Whether a frame is the longest so far, by how much, and how long the one before it was the longest. */
const records = defineAnalysis<Seen>({
  name: 'records',
  description: 'Which frames are longer than every one before.',
  memory: '16 bytes per flow.',
  inputs: ['frame.len', 'time', 'probe.item'],
  values: [
    { name: 'record', description: 'Longer than every frame before.', type: 'boolean' },
    {
      name: 'record.by',
      description: 'Bytes beyond the longest before; on records only.',
      type: 'number',
      unit: 'bytes',
    },
    { name: 'record.held', description: 'How long the one before was the longest; on records only.', type: 'duration' },
    { name: 'record.item', description: 'The first item.', type: 'number' },
  ],
  create: () => ({ longest: 0, since: Number.NaN }),
  update(seen, inputs, out, forward) {
    calls += 1;
    const [length, time] = [inputs[0]!, inputs[1]!];
    out[3] = inputs[2]!;
    out[0] = forward && length > seen.longest ? 1 : 0;
    if (out[0] === 0) return;
    out[1] = length - seen.longest;
    out[2] = time - seen.since;
    seen.longest = length;
    seen.since = time;
  },
  shift(seen, delta) {
    seen.since += delta;
  },
});

/** Lengths of the frames that go forward, as one text. */
const state: FeatureState<{ text: string }> = {
  create: () => ({ text: '' }),
  update(seen, inputs, forward) {
    if (forward && seen.text.length < 100) seen.text += `${inputs[0]};`;
  },
  carry: ({ text }) => ({ text }),
};
const lengths = defineObjectFeature({
  name: 'lengths',
  description: 'Lengths of the frames that go forward.',
  inputs: ['frame.len'],
  state,
  type: 'text',
  finish: ({ text }) => (text === '' ? null : text),
});
const letters = defineObjectFeature({
  name: 'letters',
  description: 'Letters of their lengths.',
  inputs: ['frame.len'],
  state,
  type: 'number',
  unit: 'bytes',
  finish: ({ text }) => text.length,
});

const named = defineFeature({ name: 'records', description: 'Records.', value: 'count(record)' });
const registry = testRegistry({ analyses: [records], features: [lengths, letters, named] });
const frames: TestFrame[] = [
  { length: 10, time: 0 },
  { length: 30, time: 2e9, forward: false },
  { length: 20, time: 3e9 },
  { length: 20, time: 4e9 },
  { length: 50, time: 7e9 },
];
const of = (value: string) => resultOf(value, frames, { registry });

/** What is wrong with an expression. */
function problem(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

describe('values of an analysis', () => {
  it('are names of frames, in values and in conditions', () => {
    expect(of('count(record)')).toBe(3);
    expect(of('count(record, backward)')).toBe(0);
    expect(of('sum(frame.len, record)')).toBe(80);
    expect(of('sum(record.by)')).toBe(50);
    expect(of('max(record.held) / 1s')).toBe(4);
    expect(of('count(record.by > 10 and time - start > 1s)')).toBe(1);
    expect(of('sum(gap(time), record) / 1s')).toBe(7);
    expect(of('count(default(record.by, 0) == 0)')).toBe(2);
    expect(of('records + 1')).toBe(4);
  });

  it('are computed once per frame, however many features use them, and not at all when none does', () => {
    calls = 0;
    const all = requestsOf([
      'count(record)',
      'sum(record.by, forward)',
      'mean(record.by)',
      'sum(frame.len, not record)',
    ]);
    runProgram(compileProgram, all, frames, { registry });
    expect(calls).toBe(frames.length);
    calls = 0;
    runProgram(compileProgram, requestsOf(['sum(frame.len)']), frames, { registry });
    expect(calls).toBe(0);
  });

  it('have their type and unit', () => {
    const program = compileProgram({
      registry,
      features: requestsOf(['sum(record.by)', 'mean(record.held)']),
      keyFields: [],
      columns: {} as never,
      capacity: 1,
    });
    expect(program.columns.map(({ unit }) => unit)).toEqual(['bytes', 's']);
    expect(problem(() => of('mean(record.held + record.by)'))).toContain('record.by');
  });

  it('are refused where no frame has a flow, and as values of a flow', () => {
    expect(problem(() => compileFilter(registry, 'record', '--where'))).toContain(
      'record depends on earlier frames of the flow',
    );
    expect(problem(() => of('record'))).toContain('expected an aggregate around it, such as count(record)');
    expect(problem(() => of('count(record#2)'))).toContain('record occurs once in a frame');
    expect(problem(() => of('count(recordd)'))).toContain('did you mean record?');
    expect(problem(() => selectColumns(registry, ['record']))).toContain(
      'fields: record depends on earlier frames of its flow',
    );
  });

  it('may not be named by fields or other analyses, nor in their own inputs', () => {
    const twin = defineAnalysis({ ...records, name: 'twin' });
    expect(problem(() => testRegistry({ analyses: [records, twin] }))).toBe(
      '"record" is declared by both "records" and "twin"',
    );
    const field = defineAnalysis({ ...records, values: [{ ...records.values[0]!, name: 'probe.value' }] });
    expect(problem(() => testRegistry({ analyses: [field] }))).toBe(
      '"probe.value" is declared by both "probe" and "records"',
    );
    expect(problem(() => createRegistry([1, 2].map((n) => definePlugin({ name: `p${n}`, analyses: [records] }))))).toBe(
      'analysis "records" is declared by both "p1" and "p2"',
    );
    const own = testRegistry({ analyses: [defineAnalysis({ ...records, inputs: ['frame.len', 'record.by'] })] });
    expect(() => resultOf('count(record)', frames, { registry: own })).toThrow(ExpressionError);
    const text = testRegistry({ analyses: [defineAnalysis({ ...records, inputs: ['probe.name'] })] });
    expect(problem(() => resultOf('count(record)', frames, { registry: text }))).toContain(
      'an input of analysis records is one number, condition, time or duration',
    );
  });

  it('take the first of several values as an input', () => {
    const items = [{ probe: { items: [[3, 'a'] as const, [4, 'b'] as const] } }, { probe: {} }] as TestFrame[];
    expect(resultOf('sum(record.item)', items, { registry })).toBe(3);
    expect(resultOf('count(record.item)', items, { registry })).toBe(1);
  });
});

describe('object features', () => {
  it('give texts and numbers, from one object where they share a state', () => {
    const requests = ['lengths', 'letters'].map((name) => ({ name, feature: name, at: name }));
    expect(runProgram(compileProgram, requests, frames, { registry })).toEqual({
      lengths: '10;20;20;50;',
      letters: 12,
    });
    const program = compileProgram({ registry, features: requests, keyFields: [], columns: {} as never, capacity: 1 });
    expect(program.createObjects!()).toHaveLength(1);
    expect(runProgram(compileProgram, requests, [{ forward: false }], { registry })).toEqual({
      lengths: null,
      letters: 0,
    });
  });

  it('print in their unit, and take part in expressions', () => {
    expect(of('letters / 2')).toBe(6);
    expect(of('default(lengths, "none")')).toBe('10;20;20;50;');
  });
});

describe('a flow that is cut', () => {
  it.each([
    ['generated code', compileProgram],
    ['the interpreter', interpretProgram],
  ])('goes on with the state of analyses, and with that of object features that carry it: %s', (_name, make) => {
    const columns = frameColumns(frames.length);
    const features = requestsOf(['count(record)', 'sum(record.by)', 'letters']);
    const program = make({ registry, features, keyFields: [], columns, capacity: frames.length });
    for (const [i, { length, time }] of frames.entries()) {
      columns.frameLength[i] = length!;
      columns.time[i] = time!;
      program.gather(new Frame(), i);
    }
    const segments = [0, 1].map(() => ({ slots: Float64Array.from(program.birth), objects: program.createObjects!() }));
    const take = (segment: number, places: readonly number[]): void => {
      const { slots, objects } = segments[segment]!;
      for (const i of places) program.update(slots, 0, objects, i, frames[i]!.forward ?? true);
    };
    take(0, [0, 1, 2]);
    program.carry!(segments[0]!.objects, segments[1]!.objects);
    take(1, [3, 4]);
    const rows = new RowBatch(program.columns, 2);
    for (const [i, { slots, objects }] of segments.entries())
      program.finish(slots, 0, objects, factsOf(frames), rows, i);
    // Records of the whole flow are 10, 20 and 50 bytes long; the letters are those up to the end of each segment.
    expect([0, 1].map((row) => Object.values(readRow(rows, row)))).toEqual([
      [2, 20, 6],
      [1, 30, 12],
    ]);
  });
});

const values = fc.constantFrom('record.by', 'frame.len', 'record.item', 'record.held / 1ms', 'probe.value');
const condition = fc.constantFrom('record', 'not record', 'forward', 'record.by > 20', 'changed(record)', 'index < 3');
const feature = fc
  .tuple(fc.constantFrom('sum', 'count', 'first', 'last', 'max', 'mean'), values, fc.array(condition, { maxLength: 2 }))
  .map(([name, value, conditions]) => `${name}(${[value, ...conditions].join(', ')})`);

describe('the interpreter and generated code agree', () => {
  it('for random features over an analysis, also when the time base moves', () => {
    fc.assert(
      fc.property(fc.array(feature, { minLength: 1, maxLength: 5 }), randomFrames, fc.nat(), (texts, all, place) => {
        const move = { after: place % all.length, delta: -5_000_000_000 };
        const made = runProgram(compileProgram, requestsOf(texts), all, { registry });
        expect(runProgram(interpretProgram, requestsOf(texts), all, { registry })).toEqual(made);
        expect(runProgram(compileProgram, requestsOf(texts), all, { registry, move })).toEqual(made);
        expect(runProgram(interpretProgram, requestsOf(texts), all, { registry, move })).toEqual(made);
      }),
      { numRuns: 300 },
    );
  });
});
