/** One layer of a frame to be built. */
export interface Layer {
  /** Its number in Ethertypes. */
  readonly etherType?: number;
  /** Its number among IP protocols. */
  readonly ipProtocol?: number;
  /** Sum of the pseudo header that transports add to their checksum; a network layer has one. */
  pseudoSum?(protocol: number, length: number): number;
  /** The layer's bytes with its payload; `outer` are the layers around it, the nearest first. */
  encode(payload: Uint8Array, inner: Layer | undefined, outer: readonly Layer[]): Uint8Array;
}

/** What a frame is built of. */
export type Part = Layer | Uint8Array | readonly number[];

/** Bytes one after another. */
export function join(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

/** An unsigned integer in network order. */
export function word(value: number, size: 2 | 3 | 4): readonly number[] {
  return Array.from({ length: size }, (_, i) => Math.floor(value / 2 ** (8 * (size - 1 - i))) & 0xff);
}

/**
 * Builds a frame of layers, outermost first, and a payload: lengths, next protocols and checksums are worked out where
 * a layer's options do not state them, so that a wrong one can be stated too.
 */
export function buildFrame(...parts: readonly Part[]): Uint8Array {
  const layers = parts.filter((part): part is Layer => 'encode' in part);
  const last = parts.at(-1);
  if (parts.slice(0, -1).some((part) => !('encode' in part)))
    throw new TypeError('only the last part can be a payload');
  let bytes = last === undefined || 'encode' in last ? new Uint8Array(0) : Uint8Array.from(last);
  for (let i = layers.length - 1; i >= 0; i -= 1)
    bytes = Uint8Array.from(layers[i]!.encode(bytes, layers[i + 1], layers.slice(0, i).toReversed()));
  return bytes;
}
