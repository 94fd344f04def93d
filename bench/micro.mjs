import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ownCall, taken } from './machine.mjs';
import { common, optionsOf, temporaryFolder } from './options.mjs';
import { medianText, table, writeSection } from './report.mjs';
import { writeSynthetic } from './synthetic.mjs';

const options = optionsOf(
  'node bench/micro.mjs',
  'Measures the stages of a run in one process, in ns a frame or row.',
  {
    capture: common.capture,
    frames: common.frames,
    runs: { initial: 5, help: 'runs over the capture; the first is given apart' },
  },
);

const dist = resolve(import.meta.dirname, '..', 'dist');
const load = (path) => import(pathToFileURL(join(dist, path)).href);
const [library, { compileProgram }, { expandFeatures }, { planKey }, stages, { Meter }, { RowBatch }, { FrameBatch }] =
  await Promise.all([
    load('cli/library.js'),
    load('core/expression/compile.js'),
    load('core/expression/expand.js'),
    load('core/flow/key-plan.js'),
    load('core/flow/stage.js'),
    load('core/flow/meter.js'),
    load('core/flow/rows.js'),
    load('core/frame/batch.js'),
  ]);
const [{ makeDispatch }, { Frame }, { walk }] = await Promise.all([
  load('core/run/dispatch.js'),
  load('core/frame/frame.js'),
  load('core/frame/walk.js'),
]);

/** Frames in a batch, as the pipeline has them. */
const CAPACITY = 2048;
const registry = library.standardRegistry();
let { capture } = options;
if (capture === undefined) {
  capture = join(temporaryFolder(), 'synthetic.pcap');
  writeSynthetic(capture, options.frames);
}

const now = () => process.hrtime.bigint();

/** One run of a preset: nanoseconds of each stage, with the frames and rows they went to. */
async function run(preset) {
  const settings = library.defaultFlowSettings;
  const plan = planKey(registry, settings.key, settings.bidirectional);
  const columns = stages.frameColumns(CAPACITY);
  const features = expandFeatures(registry, [{ preset, at: preset, name: preset }]);
  const program = compileProgram({ registry, features, keyFields: [], columns, capacity: CAPACITY });
  const dispatch = makeDispatch(registry, program.demanded, false, []);
  const stage = new stages.Stage(dispatch, program, plan, columns, undefined);
  const meter = new Meter(settings, plan, program, stage);
  const reader = await registry.sources.get('capture-file').open([capture], {});
  const context = { precision: 'twelve', formatNumber: String, live: false, configuration: '', stop() {}, report() {} };
  const sink = await registry.sinks.get('csv').open('/dev/null', program.columns, {}, context);
  const batch = new FrameBatch(CAPACITY);
  const rows = new RowBatch(program.columns, 1024);
  const frame = new Frame();
  const spent = { read: 0n, walk: 0n, stage: 0n, meter: 0n, rows: 0n, csv: 0n };
  let frames = 0;
  let made = 0;
  const drain = async (all) => {
    for (let more = true; more; ) {
      const started = now();
      more = meter.drain(rows);
      const drained = now();
      spent.rows += drained - started;
      if (!more && !all) return;
      made += rows.count;
      await sink.write(rows);
      spent.csv += now() - drained;
      rows.count = 0;
    }
  };
  for (;;) {
    const started = now();
    const count = await reader.read(batch);
    const read = now();
    spent.read += read - started;
    if (count === 0) break;
    frames += count;
    for (let i = 0; i < count; i += 1) walk(frame, dispatch, batch, i);
    const walked = now();
    spent.walk += walked - read;
    stage.run(batch);
    const staged = now();
    spent.stage += staged - walked;
    meter.process(batch);
    spent.meter += now() - staged;
    await drain(false);
  }
  meter.finish();
  await drain(true);
  await sink.close();
  await reader.close();
  const per = (time, count) => Number(time) / count;
  return [
    ...['read', 'walk', 'stage', 'meter'].map((name) => per(spent[name], frames)),
    ...['rows', 'csv'].map((name) => per(spent[name], made)),
  ];
}

const names = [
  'read, ns a frame',
  'walk alone, ns a frame',
  'walk, key and gather, ns a frame',
  'flow table and update, ns a frame',
  'finishing rows, ns a row',
  'CSV, ns a row',
];
const lines = [];
for (const preset of ['basic', 'statistical']) {
  const runs = [];
  for (let i = 0; i < options.runs; i += 1) runs.push(await run(preset));
  names.forEach((name, i) => {
    const [first, ...warm] = runs.map((one) => one[i]);
    lines.push([`${preset}: ${name}`, first.toFixed(0), medianText(warm.length > 0 ? warm : [first], 0)]);
  });
}
const text = table(['stage', 'first run', 'later runs, median (least–greatest)'], lines);
const how =
  'All stages in one process, one after another for each batch of 2,048 frames; the first run includes the compilation of the code that it runs. Reading is from the page cache; walking alone is done in addition.';
writeSection(
  options.output,
  'Stages, in one process',
  [taken(ownCall('node bench/micro.mjs')), how, text].join('\n\n'),
);
console.log(text);
