import { expect } from 'vitest';
import type { DissectedFrame } from '../../../core/testing/dissect-frame.ts';
import { dissect } from './registry.ts';

type Placed = readonly [layer: string, field: string, value: string, offset: number, end: number];

function placed(frame: DissectedFrame): Placed[] {
  return frame.layers.flatMap((layer) =>
    layer.fields.flatMap(({ name, value, offset, length }): Placed[] =>
      offset === undefined || length === undefined ? [] : [[layer.name, name, value, offset, offset + length]],
    ),
  );
}

/**
 * Cuts the capture of a frame short at every byte: every field that lies wholly in what is left is there with its value,
 * and nothing else but spans that now end earlier; what is missing is `truncated` as long as a header is concerned.
 * @param headers bytes up to the end of the last header
 */
export function expectCutShort(bytes: Uint8Array, headers: number, linkType = 1): void {
  const whole = placed(dissect(bytes, { linkType }));
  for (let length = 0; length < bytes.length; length += 1) {
    const frame = dissect(bytes.subarray(0, length), { linkType, wire: bytes.length });
    const left = placed(frame).filter(([, , , , end]) => end < length || whole.some((one) => one[4] === end));
    const fitting = whole.filter(([, , , , end]) => end <= length);
    expect(left, `cut at ${length}`).toEqual(expect.arrayContaining(fitting));
    const names = new Set(whole.map(([layer, name]) => `${layer} ${name}`));
    for (const [layer, name] of placed(frame)) expect(names, `cut at ${length}`).toContain(`${layer} ${name}`);
    const truncated = frame.anomalies.some(({ code }) => code === 'truncated');
    expect(truncated, `cut at ${length}: truncated`).toBe(length < headers);
    expect(
      frame.anomalies.every(({ code }) => code === 'truncated'),
      `cut at ${length}`,
    ).toBe(true);
  }
}
