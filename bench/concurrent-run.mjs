// One process of bench/concurrent.mjs: node --expose-gc concurrent-run.mjs <dist> <preset> <flows> <frames>
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { randomNumbers } from './random.mjs';

const [dist = '', preset = '', ...numbers] = process.argv.slice(2);
const [flows = 0, frames = 0] = numbers.map(Number);
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
const { makeDispatch } = await load('core/run/dispatch.js');

const capacity = 2048;
const length = 60;
const ethernet = '02000000000102000000000208004500002e0000400040110000';
const registry = library.standardRegistry();
const features = expandFeatures(registry, [{ preset, at: preset, name: preset }]);

/** A meter with a batch of frames whose addresses and ports are still to be written. */
function prepare() {
  const settings = library.defaultFlowSettings;
  const plan = planKey(registry, settings.key, settings.bidirectional);
  const columns = stages.frameColumns(capacity);
  const program = compileProgram({ registry, features, keyFields: [], columns, capacity });
  const stage = new stages.Stage(
    makeDispatch(registry, program.demanded, false, []),
    program,
    plan,
    columns,
    undefined,
  );
  const batch = new FrameBatch(capacity, capacity * length);
  for (let i = 0; i < capacity; i++) {
    batch.bytes.set(Buffer.from(ethernet, 'hex'), i * length);
    batch.bytes[i * length + 39] = 26;
    batch.offset[i] = i * length;
    batch.captured[i] = length;
    batch.wire[i] = length;
    batch.linkType[i] = 1;
  }
  return { stage, meter: new Meter(settings, plan, program, stage), batch, rows: new RowBatch(program.columns, 1024) };
}

const cpu = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) * 1000;
};

/** Sends frames of chosen flows; all times lie within 30 s, so that no flow ends. Returns ns a frame of both stages. */
function send({ stage, meter, batch, rows }, clock, number, choose) {
  const view = new DataView(batch.bytes.buffer);
  const spent = { stage: 0, meter: 0 };
  for (let done = 0; done < number; done += batch.count) {
    batch.count = Math.min(capacity, number - done);
    for (let i = 0; i < batch.count; i++) {
      const { flow, isBack } = choose(done + i);
      const at = i * length;
      view.setUint32(at + (isBack ? 30 : 26), 0x0a000000 + flow);
      view.setUint32(at + (isBack ? 26 : 30), 0x0b000000 + (flow >>> 8));
      view.setUint16(at + (isBack ? 36 : 34), 1024 + (flow & 0x7fff));
      view.setUint16(at + (isBack ? 34 : 36), 53);
      clock.time += clock.step;
      batch.seconds[i] = 1_700_000_000 + Math.floor(clock.time / 1e9);
      batch.nanoseconds[i] = clock.time % 1e9;
    }
    const started = cpu();
    stage.run(batch);
    const staged = cpu();
    meter.process(batch);
    spent.stage += staged - started;
    spent.meter += cpu() - staged;
    while (meter.drain(rows)) rows.count = 0;
    rows.count = 0;
  }
  return { stage: spent.stage / number, meter: spent.meter / number };
}

/** One pass: the first frame of each flow, then others at random. */
function pass(open, further) {
  const parts = prepare();
  const random = randomNumbers(1);
  const clock = { time: 0, step: Math.floor(30e9 / (open + further)) };
  const chosen = { flow: 0, isBack: false };
  const next = (flow, isBack) => {
    chosen.flow = flow;
    chosen.isBack = isBack;
    return chosen;
  };
  const used = () => {
    globalThis.gc?.();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const before = used();
  const first = send(parts, clock, open, (i) => next(i, false));
  const bytes = (used() - before) / open;
  const slices = Array.from({ length: 8 }, () =>
    send(parts, clock, Math.floor(further / 8), () => {
      const flow = Math.floor(random() * open);
      return next(flow, (flow & 1) === 1);
    }),
  );
  const best = slices.reduce((a, b) => (a.stage + a.meter < b.stage + b.meter ? a : b));
  if (parts.meter.open !== open) throw new Error(`${parts.meter.open} flows are open, not ${open}`);
  return { first: first.stage + first.meter, ...best, bytes };
}

pass(20_000, 500_000); // compiles everything
console.log(JSON.stringify(pass(flows, frames)));
