import type { Dissector } from '../declare/dissector.ts';
import type { Fields } from '../declare/field.ts';
import type { Registry } from '../declare/registry.ts';
import { type Bench, type CaptureOptions, type DissectedFrame, openBench } from './dissect-frame.ts';
import { watchReads } from './watch.ts';

/** A frame that holds a layer of the dissector under test. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly linkType?: number;
  /** Frames made of the sample by chance; 200 where not given. */
  readonly mutations?: number;
}

/** No frame, however hostile, may take longer: milliseconds. */
const SLOWEST = 1000;
const LARGE = 65_000;

/** A violation of the contract, as the error that the checks throw. */
function violation(dissector: string, what: string, bytes: Uint8Array): Error {
  const digits = Array.from(bytes.subarray(0, 200), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return new Error(`${dissector}: ${what}; frame of ${bytes.length} bytes: ${digits}`);
}

/** Repeatable chance: xorshift32. */
function chance(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

function checkInside(name: string, frame: DissectedFrame, bytes: Uint8Array): void {
  for (const layer of frame.layers) {
    for (const { name: field, offset, length } of layer.fields) {
      if (offset === undefined || length === undefined) continue;
      if (offset < layer.offset || length < 0 || offset + length > bytes.length) {
        throw violation(name, `${field} at ${offset}, ${length} bytes, lies outside its layer`, bytes);
      }
    }
  }
}

/**
 * What holds for every dissector and any bytes: nothing throws, nothing outside the frame is read, the result is the
 * same at another place in memory and whatever stands around it, fields lie in their layers, and it ends in time.
 * @throws Error that says what does not hold, with the frame.
 */
export function checkBytes(
  name: string,
  bench: Bench,
  bytes: Uint8Array,
  options: CaptureOptions = {},
): DissectedFrame {
  const started = performance.now();
  let result: DissectedFrame;
  try {
    result = bench(bytes, options);
  } catch (error) {
    throw violation(name, `throws ${String(error)}`, bytes);
  }
  if (performance.now() - started > SLOWEST) throw violation(name, `takes longer than ${SLOWEST} ms`, bytes);
  checkInside(name, result, bytes);
  const expected = JSON.stringify(result);
  for (const around of [0x00, 0xff, 0x45]) {
    const shifted = JSON.stringify(bench(bytes, { ...options, shift: 64, around }));
    if (shifted !== expected) throw violation(name, `sees the bytes ${around} around it`, bytes);
  }
  if (bytes.length <= 256) {
    try {
      bench(bytes, { ...options, shift: 64, around: 0xff, watch: watchReads });
    } catch (error) {
      throw violation(name, `reads outside its window: ${String(error)}`, bytes);
    }
  }
  return result;
}

function checkDeclaration({ name, fields, claims }: Dissector, inner: Fields = fields): void {
  for (const field of Object.values(inner)) {
    if (field.kind === 'repeated') checkDeclaration({ name, fields, claims } as Dissector, field.item);
    else if (!/^[a-z0-9_]+(\.[A-Za-z0-9_-]+)+$/.test(field.name)) {
      throw new Error(`${name}: "${field.name}" is not a field name`);
    }
  }
}

/**
 * The contract suite of a dissector: runs {@link checkBytes} on the sample, cut short at every byte (by the capture and
 * on the wire), and with its bytes changed by repeatable chance.
 * @throws Error that says what does not hold, with the frame.
 */
export function checkDissector(dissector: Dissector, registry: Registry, sample: Sample): void {
  const { name } = dissector;
  const { bytes, linkType = 1, mutations = 200 } = sample;
  checkDeclaration(dissector);
  const bench = openBench(registry);
  const whole = checkBytes(name, bench, bytes, { linkType });
  const layer = whole.layers.find((one) => one.name === name);
  if (layer === undefined) throw violation(name, `the sample holds ${whole.names.join(', ')} only`, bytes);
  for (let length = 0; length < bytes.length; length += 1) {
    const cut = bytes.subarray(0, length);
    checkBytes(name, bench, cut, { linkType, wire: bytes.length });
    checkBytes(name, bench, cut, { linkType });
  }
  const random = chance(0x9e3779b9);
  for (let count = 0; count < mutations; count += 1) {
    const changed = Uint8Array.from(bytes);
    const from = count % 2 === 0 ? layer.offset : random() % bytes.length;
    const changes = 1 + (random() % 8);
    for (let i = 0; i < changes; i += 1) changed[from + (random() % (bytes.length - from))] = random() & 0xff;
    checkBytes(name, bench, changed, { linkType });
  }
  for (const filler of [0x00, 0x01, 0xff]) {
    const large = new Uint8Array(layer.offset + LARGE).fill(filler);
    large.set(bytes.subarray(0, Math.min(layer.offset + 2, bytes.length)));
    checkBytes(name, bench, large, { linkType });
  }
  if (JSON.stringify(bench(bytes, { linkType })) !== JSON.stringify(whole)) {
    throw violation(name, 'gives another result after other frames', bytes);
  }
}
