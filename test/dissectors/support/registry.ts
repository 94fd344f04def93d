import { definePlugin } from '../../../core/declare/plugin.ts';
import { createRegistry } from '../../../core/declare/registry.ts';
import { type CaptureOptions, type DissectedFrame, openBench } from '../../../core/testing/dissect-frame.ts';
import { dissectors } from '../../../dissectors/index.ts';

/** All dissectors of the package. */
export const registry = createRegistry([definePlugin({ name: 'standard', dissectors })]);

const bench = openBench(registry);

/** Walks one frame through all of them. */
export const dissect = (bytes: Uint8Array, options?: CaptureOptions): DissectedFrame => bench(bytes, options);

/** Fields of the layers of one dissector, as name and value, in wire order. */
export function fieldsOf(frame: DissectedFrame, layer: string): (readonly [string, string])[] {
  return frame.layers
    .filter(({ name }) => name === layer)
    .flatMap(({ fields }) => fields.map(({ name, value }) => [name, value] as const));
}

/** What is wrong with the frame, as `layer code`. */
export const faults = (frame: DissectedFrame): string[] => frame.anomalies.map(({ layer, code }) => `${layer} ${code}`);
