// Runs on the built package with --allow-natives-syntax and a budget that keeps V8 from optimising by itself: compiles programs, warms them up and says which generated
// functions V8 could not optimise. Prints JSON.

import { createRegistry } from '../../../../dist/core/declare/registry.js';
import { compileProgram } from '../../../../dist/core/expression/compile.js';
import { expandFeatures } from '../../../../dist/core/expression/expand.js';
import { RowBatch } from '../../../../dist/core/flow/rows.js';
import { Frame } from '../../../../dist/core/frame/frame.js';
import { standard } from '../../../../dist/plugins/standard.js';

const OPTIMISED = 16; // bit of %GetOptimizationStatus

/** Functions that the last program was made of, by name. */
let made = new Map();
const Original = globalThis.Function;
globalThis.Function = class {
  constructor(parameter, source) {
    const names = [...source.matchAll(/^function (\w+)\(/gm)].map(([, name]) => name);
    const end = source.lastIndexOf('\nreturn {');
    globalThis.keep = (functions) => {
      made = functions;
    };
    const pairs = names.map((name) => `['${name}', ${name}]`).join(', ');
    // biome-ignore lint/correctness/noConstructorReturn: what a function made by new Function is
    return new Original(parameter, `${source.slice(0, end)}\nkeep(new Map([${pairs}]));${source.slice(end)}`);
  }
};

const registry = createRegistry([standard]);
const CAPACITY = 64;
const columns = Object.fromEntries(
  ['time', 'start', 'number', 'frameLength', 'networkLength', 'transportLength', 'payloadLength'].map((name) => [
    name,
    new Float64Array(CAPACITY),
  ]),
);
const facts = {
  start: 0,
  end: 1e9,
  duration: 1e9,
  frames: 64,
  segment: 0,
  endReason: 1,
  base: 1.7e9,
  addressLength: 4,
  sourceWords: new Uint32Array(4),
  destinationWords: new Uint32Array(4),
  sourcePort: 1,
  destinationPort: 2,
  portKind: 1,
  protocol: 6,
  idHigh: 1,
  idLow: 2,
  extra: new Float64Array(0),
};

function program(features) {
  const compiled = compileProgram({
    registry,
    features,
    keyFields: [],
    columns,
    capacity: CAPACITY,
    keep: { text: 'frames > 0', at: 'keep' },
  });
  const functions = made;
  for (const fn of functions.values()) Original('fn', '%PrepareFunctionForOptimization(fn)')(fn);
  const rows = new RowBatch(compiled.columns, 4);
  const frame = new Frame();
  const run = () => {
    const slots = Float64Array.from(compiled.birth);
    const objects = compiled.createObjects?.();
    for (let i = 0; i < CAPACITY; i += 1) {
      columns.time[i] = i * 1e6;
      for (const name of ['frameLength', 'networkLength', 'transportLength', 'payloadLength'])
        columns[name][i] = 60 + (i % 7);
      compiled.gather(frame, i);
      columns.number[i] = i;
      compiled.update(slots, 0, objects, i, i % 3 !== 0);
    }
    if (compiled.keep(slots, 0, objects, facts)) compiled.finish(slots, 0, objects, facts, rows, 0);
  };
  for (let i = 0; i < 20; i += 1) run();
  // One at a time, so that none is hidden inside an optimised caller.
  const failed = [];
  for (const [name, fn] of functions) {
    Original('fn', '%OptimizeFunctionOnNextCall(fn)')(fn);
    run();
    if ((Original('fn', 'return %GetOptimizationStatus(fn)')(fn) & OPTIMISED) === 0) failed.push(name);
    Original('fn', '%DeoptimizeFunction(fn)')(fn);
  }
  return { columns: compiled.columns.length, functions: functions.size, failed };
}

/** One function of more than 60 KB of bytecode: must fail, or the test shows nothing. */
function canary() {
  const body = Array.from({ length: 4000 }, (_, i) => `x = x * ${i + 1.5} + y[${i % 64}];`).join('\n');
  const fn = new Original('x', 'y', `${body}\nreturn x;`);
  Original('fn', '%PrepareFunctionForOptimization(fn)')(fn);
  const y = new Float64Array(64);
  for (let i = 0; i < 20; i += 1) fn(1, y);
  Original('fn', '%OptimizeFunctionOnNextCall(fn)')(fn);
  fn(1, y);
  return (Original('fn', 'return %GetOptimizationStatus(fn)')(fn) & OPTIMISED) !== 0;
}

const presets = [...registry.presets.keys()].map((preset, i) => ({ at: `features[${i}]`, preset }));
const everything = [...registry.features.keys()].map((name) => ({ name, at: name, feature: name }));
const many = Array.from({ length: 1500 }, (_, i) => ({
  name: `x${i}`,
  at: `x${i}`,
  value: `sum(frame.len * ${i + 1}, index > ${i % 50}, ${i % 2 ? 'forward' : 'backward'}) / (count() + ${i})`,
}));
process.stdout.write(
  JSON.stringify({
    canary: canary(),
    presets: program(expandFeatures(registry, presets)),
    everything: program(everything),
    many: program(many),
  }),
);
