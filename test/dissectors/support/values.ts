import { expect } from 'vitest';
import type { DissectedFrame } from '../../../core/testing/dissect-frame.ts';
import { dissect, faults } from './registry.ts';

/** Expects these values of these fields, all of each, in a frame without a fault. */
export function expectValues(bytes: Uint8Array, expected: Readonly<Record<string, readonly string[]>>): DissectedFrame {
  const frame = dissect(bytes);
  const found = Object.fromEntries(Object.keys(expected).map((name) => [name, frame.values[name] ?? []]));
  expect(found).toEqual(expected);
  expect(faults(frame)).toEqual([]);
  return frame;
}

/** Expects that no byte of what a port's protocol is not makes a layer or a fault: 300 bytes `A`, zeros, ones, and one byte. */
export function expectRefused(name: string, port: number, carry: (port: number, dump: string) => Uint8Array): void {
  for (const dump of ['41'.repeat(300), '00'.repeat(300), 'ff'.repeat(300), '41', '00', 'ff']) {
    const frame = dissect(carry(port, dump));
    expect(frame.names, dump.slice(0, 2)).not.toContain(name);
    expect(faults(frame), dump.slice(0, 2)).toEqual([]);
  }
}
