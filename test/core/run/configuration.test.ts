import { describe, expect, test } from 'vitest';
import { defineAggregate, defineState } from '../../../core/declare/aggregate.ts';
import { defineDissector } from '../../../core/declare/dissector.ts';
import { defineFeature, definePreset } from '../../../core/declare/feature.ts';
import { header, uint16 } from '../../../core/declare/kinds.ts';
import { definePlugin } from '../../../core/declare/plugin.ts';
import { createRegistry } from '../../../core/declare/registry.ts';
import { defineSink } from '../../../core/declare/sink.ts';
import { defineTable } from '../../../core/declare/table.ts';
import { checkConfiguration, settle } from '../../../core/run/check.ts';
import { type Configuration, type Layer, parseConfiguration, valueLayer } from '../../../core/run/configuration.ts';
import { type Problem, problemsOf, problemText } from '../../../core/run/problem.ts';
import { shapeCheck } from '../../../core/run/validate.ts';

// A small world of its own, so that no expectation depends on what comes with the program.
const table = defineTable('test.port', 'Ports of the test');
const count = defineAggregate({
  name: 'count',
  description: 'How many',
  estimator: 'exact',
  empty: '0',
  accepts: ['number', 'boolean'],
  valueOptional: true,
  result: () => ({ kind: 'number', unit: '', list: false, integer: true }),
  choices: () => [
    {
      state: defineState({
        name: 'count',
        slots: [0],
        update: (slots, at) => {
          slots[at]! += 1;
        },
      }),
      finish: (slots: Float64Array, at: number) => slots[at]!,
    },
  ],
});
const registry = createRegistry([
  definePlugin({
    name: 'test',
    dissectors: [
      defineDissector({
        name: 'pal',
        title: 'Protocol of the test',
        claims: [table.at(7)],
        fields: header({
          from: uint16('pal.from'),
          to: uint16('pal.to'),
          room: uint16('pal.room'),
          kind: uint16('pal.kind'),
        }),
        key: { pairs: [['pal.from', 'pal.to']], symmetric: ['pal.room'] },
      }),
    ],
    aggregates: [count],
    features: [defineFeature({ name: 'frame.count', description: 'Frames', value: 'count()' })],
    presets: [
      definePreset({ name: 'basic', description: 'One column', columns: ['frame.count'] }),
      definePreset({ name: 'slow', description: 'Long', columns: ['frame.count'], flow: { idleTimeout: '10m' } }),
      definePreset({ name: 'same', description: 'Long too', columns: ['frame.count'], flow: { idleTimeout: '600s' } }),
      definePreset({ name: 'fast', description: 'Short', columns: ['frame.count'], flow: { idleTimeout: '1s' } }),
    ],
    sinks: [
      defineSink({
        name: 'paper',
        description: 'On paper',
        extensions: ['.paper'],
        options: {
          type: 'object',
          properties: { width: { type: 'integer', minimum: 1, default: 80 }, ink: { type: 'string' } },
          additionalProperties: false,
        },
        open: () => Promise.reject(new Error('never opened')),
      }),
    ],
  }),
]);
const check = await shapeCheck(registry);

const file = (value: unknown): Layer => parseConfiguration(JSON.stringify(value), 'test.json', '.');
const problemsIn = (text: string): readonly Problem[] =>
  checkConfiguration(registry, check, [parseConfiguration(text, 'test.json', '.')]).problems;
const lines = (text: string): string[] => problemsIn(text).map(problemText);

/** The problems of a configuration given as a value, without their places. */
const wrong = (value: unknown): string[] =>
  problemsIn(JSON.stringify(value)).map((problem) => problemText({ ...problem, file: undefined }));

describe('what is wrong', () => {
  test('is reported all at once, in the order of the file, with line and column, expectation and nearest name', () => {
    const text = `{
  "flow": { "idleTimout": "5s" },
  "features": [
    "frame.cont",
    { "name": "a", "value": "count(pal.fromm)" },
    { "preset": "bassic" }
  ],
  "precision": 12
}`;
    expect(lines(text)).toEqual([
      'test.json:2:13: flow.idleTimout: no such setting; expected key, bidirectional, idleTimeout, activeTimeout, tcpLinger, clockStep, maxFlows, disorder, tunnels, maxFragments, fragmentTimeout, nonIp, homeNetworks, communityIdSeed, direction, reorder, duplicates, snapshot, sampling, sampled; did you mean idleTimeout?',
      'test.json:4:5: features[0]: no such feature "frame.cont"; did you mean frame.count?',
      'test.json:5:36: features[1].value: "pal.fromm": no such field; did you mean pal.from?',
      'test.json:6:17: features[2].preset: no such preset "bassic"; did you mean basic?',
      'test.json:8:16: precision: found 12; expected "twelve" or "full"',
    ]);
  });

  test.each<[string, unknown, string[]]>([
    ['no object', [], ['found []; expected an object']],
    [
      'a duration without a unit',
      { flow: { idleTimeout: '5' } },
      ['flow.idleTimeout: found "5"; expected a duration such as 250ms, 120s or 30m'],
    ],
    [
      'a number for a duration',
      { flow: { tcpLinger: 5 } },
      ['flow.tcpLinger: found 5; expected a duration such as 250ms, 120s or 30m'],
    ],
    [
      'a timeout of nothing',
      { flow: { idleTimeout: '0s' } },
      ['flow.idleTimeout: found "0s"; expected a duration above 0'],
    ],
    [
      'a duration beyond 104 days',
      { flow: { activeTimeout: '105d' } },
      ['flow.activeTimeout: found "105d"; expected a duration up to 104d'],
    ],
    ['no flows at all', { flow: { maxFlows: 0 } }, ['flow.maxFlows: found 0; expected a number >= 1']],
    [
      'windows that say nothing',
      { flow: { duplicates: {}, snapshot: {} } },
      [
        'flow.duplicates: found {}; expected frames, time or both',
        'flow.snapshot: found {}; expected frames, time or both',
      ],
    ],
    [
      'windows and points that cannot be',
      { flow: { duplicates: { frames: 1, time: '0s' }, snapshot: { frames: [7, 0, 7], time: '105d' } } },
      [
        'flow.duplicates.frames: found 1; expected a number >= 2',
        'flow.duplicates.time: found "0s"; expected a duration above 0',
        'flow.snapshot.frames[1]: found 0; expected a number >= 1',
        'flow.snapshot.frames[2]: 7 stands twice',
        'flow.snapshot.time: found "105d"; expected a duration up to 104d',
      ],
    ],
    [
      'other rules than there are',
      { flow: { direction: 'frist', reorder: 'soon' } },
      [
        'flow.direction: found "frist"; expected "first" or "repair"; did you mean first?',
        'flow.reorder: found "soon"; expected a duration such as 250ms, 120s or 30m',
      ],
    ],
    ['an empty key', { flow: { key: [] } }, ['flow.key: found an empty list; expected at least one entry']],
    [
      'half a flow',
      { flow: { key: ['pal.from'] } },
      ['flow.key[0]: "pal.from" is one side of a pair; expected "pal.to" beside it in a bidirectional key'],
    ],
    [
      'a field that differs by direction',
      { flow: { key: ['addresses', 'pal.kind'] } },
      [
        'flow.key[1]: "pal.kind" may differ by direction and cannot join the key of a bidirectional flow; expected a field that is the same both ways, or "bidirectional": false',
      ],
    ],
    [
      'a preset as a feature',
      { features: ['slow'] },
      ['features[0]: "slow" is a preset; expected { "preset": "slow" }'],
    ],
    ['an expression without a name', { features: [{ value: 'count()' }] }, ['features[0]: "name" is missing']],
    [
      'two columns of one name',
      { features: ['frame.count', { name: 'frame.count', value: '1' }] },
      ['features[1]: column "frame.count" is already made by features[0]'],
    ],
    [
      'an unknown sink',
      { sinks: [{ papr: { path: 'x' } }] },
      ['sinks[0].papr: no such sink; expected paper; did you mean paper?'],
    ],
    ['a sink without a path', { sinks: [{ paper: {} }] }, ['sinks[0].paper: "path" is missing']],
    [
      'a wrong option of a sink',
      { sinks: [{ paper: { path: 'x', width: 0 } }] },
      ['sinks[0].paper.width: found 0; expected a number >= 1'],
    ],
    [
      'an unknown option of a sink',
      { sinks: [{ paper: { path: 'x', wdth: 1 } }] },
      ['sinks[0].paper.wdth: no such setting; expected path, columns, keep, width, ink; did you mean width?'],
    ],
    ['what comes later', { workers: 2 }, ['workers: not available yet in this version']],
    [
      'decode-as of nothing',
      { decodeAs: [{ table: 'test.prt', number: 1, dissector: 'pl' }] },
      [
        'decodeAs[0].table: no such table "test.prt"; did you mean test.port?',
        'decodeAs[0].dissector: no such dissector "pl"; did you mean pal?',
      ],
    ],
    ['a filter that does not hold together', { where: 'pal.from ==' }, ['where: ']],
    [
      'a condition at the wrong level',
      { keep: 'pal.from == 1' },
      ['keep: "pal.from": pal.from is a value of one frame'],
    ],
  ])('%s', (_, value, expected) => {
    const found = wrong(value);
    expect(found).toHaveLength(expected.length);
    found.forEach((line, i) => {
      // The rest of an expression's message is the expression language's own.
      const own = /^(?:where|keep): /.test(line) ? line.slice(0, expected[i]!.length) : line;
      expect(own).toBe(expected[i]);
    });
  });

  test('a key that stands twice', () => {
    expect(lines('{"where": "true",\n "where": "false"}')).toEqual(['test.json:2:2: where: stands twice']);
  });

  test('JSON that is none has its line and column', () => {
    expect(() => parseConfiguration('{\n "a": tru }', 'test.json', '.')).toThrow(
      'test.json:2:7: not JSON: expected a value, found "t"',
    );
  });

  test('an expression with escapes in front of the fault has the column in the file', () => {
    // Written: "\u0031 + x" -- x is character 4 of the text, and stands at column 42 of the line.
    const text = '{"features": [{"name": "a", "value": "\\u0031 + x"}]}';
    expect(problemsIn(text)[0]).toMatchObject({ line: 1, column: text.indexOf('x"') + 1, offset: 4 });
  });

  test('nothing is wrong with nothing', () => {
    expect(problemsIn('{}')).toEqual([]);
  });
});

describe('layers', () => {
  const settled = (...values: Configuration[]) =>
    settle(
      registry,
      check,
      values.map((value, i) => (i === 0 ? file(value) : valueLayer(value, '.', () => '--option'))),
    );

  test('later ones win, setting by setting', () => {
    const { settings, precision, where } = settled(
      { flow: { idleTimeout: '5s', activeTimeout: '1m' }, precision: 'full', where: 'pal.from == 1' },
      { flow: { idleTimeout: '7s', bidirectional: false } },
    );
    expect(settings).toMatchObject({ idleTimeout: 7e9, activeTimeout: 60e9, bidirectional: false, tcpLinger: 5e9 });
    expect(precision).toBe('full');
    expect(where).toEqual({ text: 'pal.from == 1', at: 'where' });
  });

  test('presets of a later layer take the place of all before, single features are added', () => {
    const a = { name: 'a', value: '1' };
    expect(settled({ features: [a] }, { features: [{ preset: 'slow' }] }).effective.features).toEqual([
      { preset: 'slow' },
    ]);
    expect(settled({ features: [a] }, { features: ['frame.count'] }).effective.features).toEqual([a, 'frame.count']);
  });

  test('a preset brings its settings; an explicit one wins and is reported', () => {
    expect(settled({ features: [{ preset: 'slow' }] }).settings.idleTimeout).toBe(600e9);
    const own = settled({ features: [{ preset: 'slow' }], flow: { idleTimeout: '9s' } });
    expect(own.settings.idleTimeout).toBe(9e9);
    expect(own.notes).toEqual(['flow.idleTimeout is 9s; preset "slow" has 10m']);
    expect(settled({ features: [{ preset: 'slow' }], flow: { idleTimeout: '600s' } }).notes).toEqual([]);
  });

  test('presets whose settings differ are refused, naming the setting; equal ones in other words are not', () => {
    expect(() => settled({ features: [{ preset: 'slow' }, { preset: 'fast' }] })).toThrow(
      'presets that differ in flow.idleTimeout cannot be used in one run: "slow" has 10m, "fast" has 1s',
    );
    expect(settled({ features: [{ preset: 'slow' }, { preset: 'same' }] }).settings.idleTimeout).toBe(600e9);
  });

  test('options of a sink have their defaults and are frozen', () => {
    const { sinks } = settled({ sinks: [{ paper: { path: 'x', ink: 'blue' } }] });
    expect(sinks).toEqual([{ sink: 'paper', target: 'x', at: 'sinks[0].paper', options: { width: 80, ink: 'blue' } }]);
    expect(Object.isFrozen(sinks[0]!.options)).toBe(true);
  });

  test('the configuration in effect says the same again', () => {
    const first = settled({
      flow: { idleTimeout: '90s' },
      features: [{ preset: 'slow' }, { name: 'a', value: '1' }],
      keep: 'count() > 1',
    });
    const again = settled(first.effective);
    expect(again.effective).toEqual(first.effective);
    expect(again.settings).toEqual(first.settings);
  });

  test('problems of an option name the option', () => {
    let found: readonly Problem[] = [];
    try {
      settled({}, { flow: { idleTimeout: 'soon' } });
    } catch (error) {
      found = problemsOf(error);
    }
    expect(found.map(problemText)).toEqual(['--option: found "soon"; expected a duration such as 250ms, 120s or 30m']);
  });
});
