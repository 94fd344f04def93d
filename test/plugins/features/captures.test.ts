import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRegistry } from '../../../core/declare/registry.ts';
import { compileProgram, type ProgramOptions } from '../../../core/expression/compile.ts';
import { interpretProgram } from '../../../core/expression/interpret.ts';
import { RowBatch } from '../../../core/flow/rows.ts';
import { FrameBatch } from '../../../core/frame/batch.ts';
import { Dispatch } from '../../../core/frame/dispatch.ts';
import { Frame } from '../../../core/frame/frame.ts';
import { networkLength, payloadLength, transportLength } from '../../../core/frame/lengths.ts';
import { walk } from '../../../core/frame/walk.ts';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { standard } from '../../../plugins/standard.ts';
import { factsOf, frameColumns, readRow } from '../../core/expression/support/run.ts';

const captures = join(import.meta.dirname, '../../captures');
const registry = createRegistry([standard]);
const CAPACITY = 2048;

/** All named features, and each aggregate over some real fields, in total and by direction. */
const features: ProgramOptions['features'] = [
  ...[...registry.features.keys()].map((name) => ({ name, at: name, feature: name })),
  ...[
    'tcp.flags',
    'default(tcp.srcport, udp.srcport)',
    'ip.id',
    'tcp.options.mss_val',
    'default(ip.ttl, ipv6.hlim)',
  ].flatMap((field, i) =>
    ['count', 'median', 'mode', 'distinct', 'entropy', 'skewness', 'kurtosis', 'first', 'last'].flatMap((aggregate) =>
      ['', ', forward', ', backward'].map((selection, j) => ({
        name: `${aggregate}_${i}_${j}`,
        at: '',
        value: `${aggregate}(${field}${selection})`,
      })),
    ),
  ),
  ...['ip.src', 'eth.dst', 'ipv6.dst'].map((field) => ({ name: `d_${field}`, at: '', value: `distinct(${field})` })),
  { name: 'ports', at: '', value: 'max(tcp.port)' },
  { name: 'mine', at: '', value: 'count(any(ip.addr in 192.168.0.0/16), payload.length > 10)' },
];

/** All frames of a capture as one flow; forward are those from the lower port (or address). */
async function rowOf(make: typeof compileProgram, capture: string) {
  const columns = frameColumns(CAPACITY);
  const program = make({ registry, features, keyFields: [], columns, capacity: CAPACITY });
  const reader = await captureFile.open([join(captures, capture)], {});
  const batch = new FrameBatch(CAPACITY);
  const dispatch = new Dispatch([...registry.dissectors.values()], () => true);
  const frame = new Frame();
  const slots = Float64Array.from(program.birth);
  const objects = program.createObjects?.();
  const times: number[] = [];
  let base = Number.NaN;
  for (let read = await reader.read(batch); read > 0; read = await reader.read(batch)) {
    for (let i = 0; i < read; i += 1) {
      walk(frame, dispatch, batch, i);
      columns.frameLength[i] = batch.wire[i]!;
      columns.networkLength[i] = networkLength(frame);
      columns.transportLength[i] = transportLength(frame);
      columns.payloadLength[i] = payloadLength(frame);
      program.gather(frame, i);
      if (Number.isNaN(base)) base = batch.seconds[i]!;
      const time = Math.max(times.at(-1) ?? 0, (batch.seconds[i]! - base) * 1e9 + batch.nanoseconds[i]!);
      columns.time[i] = time;
      columns.start[i] = times[0] ?? time;
      columns.number[i] = times.length;
      program.update(slots, 0, objects, i, frame.sourcePort <= frame.destinationPort);
      times.push(time);
    }
  }
  await reader.close();
  const rows = new RowBatch(program.columns, 1);
  program.finish(
    slots,
    0,
    objects,
    factsOf(
      times.map((time) => ({ time })),
      { base },
    ),
    rows,
    0,
  );
  return { row: readRow(rows, 0), frames: times.length };
}

it.each([
  ['flows/ftp-data-mix.pcap', 1350],
  ['flows/DnsPackets.pcap', 464],
  ['transport/options.pcap', 4],
  ['network/ipv4-options.pcap', undefined],
  ['malformed/tcp-truncated-header.pcap', undefined],
])('every feature over %s is the same compiled and interpreted', async (capture, frames) => {
  const compiled = await rowOf(compileProgram, capture);
  const interpreted = await rowOf(interpretProgram, capture);
  if (frames !== undefined) expect(compiled.frames).toBe(frames);
  expect(compiled.row.frames).toBe(compiled.frames);
  for (const [name, value] of Object.entries(compiled.row)) {
    const other = interpreted.row[name];
    if (typeof value !== 'number' || typeof other !== 'number') expect([name, value]).toEqual([name, other]);
    else expect(Math.abs(value - other), name).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  }
});
