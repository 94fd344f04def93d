import type { Registry } from '../declare/registry.ts';
import type { Anomaly } from '../frame/anomaly.ts';
import { Dispatch } from '../frame/dispatch.ts';
import { Frame } from '../frame/frame.ts';
import { anomaliesOfFrame, byId, type LayerNode, layersOfFrame } from '../frame/tree.ts';
import { walkBytes } from '../frame/walk.ts';
import { type Facts, factsOf } from './facts.ts';

/** How the frame was captured. */
export interface CaptureOptions {
  /** LINKTYPE number; Ethernet (1) where not given. */
  readonly linkType?: number;
  /** Bytes on the wire; all that were captured where not given. */
  readonly wire?: number;
  /** Puts the frame at this place of a larger buffer filled with {@link CaptureOptions.around}. */
  readonly shift?: number;
  /** What stands before and behind the frame in memory; must never be seen. */
  readonly around?: number;
  /** Wraps the buffer before it is read, to watch what is read. */
  readonly watch?: (bytes: Uint8Array, from: number, to: number) => Uint8Array;
}

/** A dissected frame as a plain object, for assertions. */
export interface DissectedFrame {
  /** Names of the layers, outermost first, quoted ones too. */
  readonly names: readonly string[];
  readonly layers: readonly LayerNode[];
  /** By name: all its values in the frame's order, quoted ones too, as `tshark -T fields` prints them. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly anomalies: readonly Anomaly[];
  readonly facts: Facts;
}

function valuesOf(layers: readonly LayerNode[]): Record<string, readonly string[]> {
  const values: Record<string, string[]> = {};
  for (const { fields } of layers) {
    for (const { name, value } of fields) {
      values[name] ??= [];
      values[name].push(value);
    }
  }
  return values;
}

/** Walks frames through all dissectors of a registry, one after the other with one reused {@link Frame}. */
export type Bench = (bytes: Uint8Array, options?: CaptureOptions) => DissectedFrame;

/** Makes a bench of a registry. */
export function openBench(registry: Registry, frame = new Frame()): Bench {
  const dissectors = [...registry.dissectors.values()];
  const dispatch = new Dispatch(dissectors, () => true);
  const find = byId(dissectors);
  return (bytes, options = {}) => {
    const { linkType = 1, wire = bytes.length, shift = 0, around = 0, watch } = options;
    const plain = new Uint8Array(bytes.length + 2 * shift).fill(around);
    plain.set(bytes, shift);
    const buffer = watch === undefined ? plain : watch(plain, shift, shift + bytes.length);
    walkBytes(frame, dispatch, buffer, shift, bytes.length, wire, linkType);
    const layers = layersOfFrame(frame, find);
    return {
      names: layers.map(({ name }) => name),
      layers,
      values: valuesOf(layers),
      anomalies: anomaliesOfFrame(frame, find),
      facts: factsOf(frame),
    };
  };
}

/** Walks one frame through all dissectors of a registry. */
export function dissectFrame(registry: Registry, bytes: Uint8Array, options: CaptureOptions = {}): DissectedFrame {
  return openBench(registry)(bytes, options);
}
