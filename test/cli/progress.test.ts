import { expect, test } from 'vitest';
import { progressText } from '../../cli/progress.ts';
import type { SourceStatistics } from '../../core/declare/source.ts';

const input = (bytesRead: number, bytesTotal: number | undefined): SourceStatistics => ({
  name: 'x',
  format: 'pcap',
  frames: 0,
  blocksSkipped: 0,
  bytesRead,
  bytesTotal,
  damaged: undefined,
  drops: { kernel: null, interface: null, application: null },
});

test('the line says share done, frames a second, flows and time left', () => {
  const progress = { frames: 1_500_000, openFlows: 200, rows: 1_000, inputs: [input(25, 100)] };
  // A quarter in 3 seconds: 9 are left.
  expect(progressText(progress, 3, 1)).toBe('25 %, 1,500,000 frames, 500,000 frames/s, 1,200 flows, 9 s left');
});

test('files that are still to come count as much as the others', () => {
  const progress = { frames: 10, openFlows: 1, rows: 0, inputs: [input(100, 100), input(50, 100)] };
  // One and a half of three, in 2 seconds.
  expect(progressText(progress, 2, 3)).toBe('50 %, 10 frames, 5 frames/s, 1 flows, 2 s left');
});

test('without a known size, or live, there is no share', () => {
  const progress = { frames: 10, openFlows: 1, rows: 0, inputs: [input(50, undefined)] };
  expect(progressText(progress, 1, 1)).toBe('10 frames, 10 frames/s, 1 flows');
  expect(progressText({ ...progress, inputs: [input(50, 100)] }, 1, 0)).toBe('10 frames, 10 frames/s, 1 flows');
});

test('merged files are all open at once: their bytes count together', () => {
  const progress = { frames: 10, openFlows: 1, rows: 0, inputs: [input(100, 300), input(50, 100), input(200, 200)] };
  // 350 of 600, in a second.
  expect(progressText(progress, 1, 3)).toBe('58 %, 10 frames, 10 frames/s, 1 flows, 1 s left');
});
