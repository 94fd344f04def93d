import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../core/declare/registry.ts';
import { compileProgram } from '../../../core/expression/compile.ts';
import { expandFeatures } from '../../../core/expression/expand.ts';
import { features, presets } from '../../../plugins/features/index.ts';
import { standard } from '../../../plugins/standard.ts';
import { frameColumns } from '../../core/expression/support/run.ts';

const registry = createRegistry([standard]);
const compile = (requests: ReturnType<typeof expandFeatures>) =>
  compileProgram({ registry, features: requests, keyFields: [], columns: frameColumns(1), capacity: 1 });

describe('named features', () => {
  it('have names of their own, one sentence each, and compile', () => {
    expect(new Set(features.map(({ name }) => name)).size).toBe(features.length);
    for (const { description } of features) expect(description).toMatch(/^[A-Z].*\.$/);
    const { columns } = compile(features.map(({ name }) => ({ name, at: name, feature: name })));
    // A list has a column for each of its items.
    const names = columns.map(({ name }) => name).filter((name) => !/_([2-9]|\d\d+)$/.test(name));
    expect(names.map((name) => name.replace(/_1$/, ''))).toEqual(features.map(({ name }) => name));
    for (const { description } of columns) expect(description.length).toBeGreaterThan(10);
  });

  it.each([
    ['flow.duration', 's'],
    ['fwd_iat_mean', 's'],
    ['bytes_per_second', 'bytes/s'],
    ['frames_per_second', '1/s'],
    ['fwd_len_var', 'bytes^2'],
    ['bytes_ratio', ''],
    ['idle_time', 's'],
    ['response_time', 's'],
    ['fwd_win_mean', 'bytes'],
  ])('%s is in "%s"', (name, unit) => {
    expect(compile([{ name, at: name, feature: name }]).columns[0]!.unit).toBe(unit);
  });
});

describe('presets', () => {
  it("basic has the columns of the command line's contract", () => {
    const { columns } = compile(expandFeatures(registry, [{ at: 'x', preset: 'basic' }]));
    expect(columns.map(({ name }) => name).join(', ')).toBe(
      'flow_id, segment, src_ip, src_port, dst_ip, dst_port, protocol, start, end, duration, fwd_frames, bwd_frames, fwd_bytes, bwd_bytes, end_reason',
    );
    expect(columns.map(({ kind }) => kind).join(' ')).toBe(
      'hash number address number address number number time time number number number number number number',
    );
  });

  it('statistical has at least 80 columns, and moments in total, forward and backward', () => {
    const { columns, birth } = compile(expandFeatures(registry, [{ at: 'x', preset: 'statistical' }]));
    const names = columns.map(({ name }) => name);
    expect(names.length).toBeGreaterThanOrEqual(80);
    expect(new Set(names).size).toBe(names.length);
    for (const what of ['len', 'payload_len', 'iat']) {
      for (const prefix of ['', 'fwd_', 'bwd_']) {
        for (const which of ['min', 'max', 'mean', 'std']) expect(names).toContain(`${prefix}${what}_${which}`);
      }
    }
    // By hand. By direction: frames 1, lengths 5 + 2, payloads 5 + 2, gaps 5 + 2 and the last time 1, flags 8, windows
    // 2 + 1; in both: gaps 5 + 2 and the last time 1. Totals of lengths and payloads are merged.
    expect(birth.length).toBe(2 * (1 + 7 + 7 + 7 + 1 + 8 + 3) + 8);
  });

  it("contain basic in basic's order, so that a script for one reads the other", () => {
    const order = presets.find(({ name }) => name === 'statistical')!.columns;
    const basic = presets.find(({ name }) => name === 'basic')!.columns;
    expect(order.filter((column) => basic.includes(column))).toEqual(basic);
  });

  it('all compile together', () => {
    const { columns } = compile(
      expandFeatures(
        registry,
        presets.map(({ name }) => ({ at: name, preset: name })),
      ),
    );
    expect(columns.length).toBeGreaterThanOrEqual(80);
  });
});

describe('folders and arrays', () => {
  const folder = join(import.meta.dirname, '../../../plugins/features');

  it('every preset is in a file of its name, or of the tool whose variants it has', () => {
    const files = readdirSync(join(folder, 'presets')).map((file) => file.replace(/\.ts$/, ''));
    for (const { name } of presets)
      expect([name, files.some((file) => name === file || name.startsWith(`${file}-`))]).toEqual([name, true]);
  });

  it('every file of features, aggregates and presets takes part', async () => {
    for (const kind of ['named', 'aggregates', 'presets']) {
      for (const file of readdirSync(join(folder, kind))) {
        if (file === 'index.ts') continue;
        const exported = Object.values((await import(join(folder, kind, file))) as Record<string, unknown>).flat() as {
          kind: string;
          name: string;
        }[];
        const known = { feature: registry.features, aggregate: registry.aggregates, preset: registry.presets };
        for (const one of exported) {
          // Beside declarations a file may export what others are made of.
          const map = known[one?.kind as keyof typeof known];
          if (map !== undefined) expect([file, one.name, map.has(one.name)]).toEqual([file, one.name, true]);
        }
      }
    }
  });
});
