import { isSpan } from '../declare/field.ts';
import type { FieldEntry, Registry } from '../declare/registry.ts';
import type { Frame } from '../frame/frame.ts';
import { numberIn, placeOf, readableEnd } from '../frame/values.ts';

/** Bytes of a link address: IEEE 802. */
const LENGTH = 6;

interface Link {
  readonly source: FieldEntry;
  readonly destination: FieldEntry;
}

/** Finds the addresses and the Ethertype of a frame that is not IP. What it found is valid until the next frame. */
export class LinkAddresses {
  readonly length = LENGTH;
  sourceAt = 0;
  destinationAt = 0;
  /** Ethertype of what the innermost link header carries; 0 where there is none (IEEE 802.2). */
  type = 0;
  readonly #links = new Map<number, Link>();
  readonly #types = new Map<number, FieldEntry>();
  /** Dissectors of network layers with addresses of their own: a frame that has one is not wholly read, but IP. */
  readonly #networks = new Set<number>();

  constructor(registry: Registry) {
    for (const { id, level, key, listed, name } of registry.dissectors.values()) {
      const entryOf = (field: string) => registry.fields.get(field)?.find(({ dissector }) => dissector.name === name);
      if (level === 'network' && key.pairs.length > 0) this.#networks.add(id);
      if (level !== 'link') continue;
      for (const [from, to] of key.pairs) {
        const [source, destination] = [entryOf(from), entryOf(to)];
        if (source?.field.type === 'mac' && destination?.field.type === 'mac')
          this.#links.set(id, { source, destination });
      }
      const type = listed === undefined ? undefined : entryOf(listed[1].name);
      if (type !== undefined && !isSpan(type.field)) this.#types.set(id, type);
    }
  }

  /** True when the frame just walked is not IP and has link addresses that were captured. */
  find(frame: Frame): boolean {
    let found = false;
    this.type = 0;
    for (let layer = 0; layer < frame.layerCount; layer += 1) {
      const id = frame.layerId[layer]!;
      if (this.#networks.has(id)) return false;
      const link = this.#links.get(id);
      if (link !== undefined) found = this.#addresses(frame, layer, link) || found;
      const type = this.#types.get(id);
      if (type === undefined) continue;
      const number = numberIn(type.field, type.path, frame, layer);
      this.type = number === number ? number : 0;
    }
    return found;
  }

  #addresses(frame: Frame, layer: number, { source, destination }: Link): boolean {
    const at = frame.layerOffset[layer]!;
    const end = readableEnd(frame, layer);
    const sourceAt = placeOf(source.field, frame, layer, at, end);
    const destinationAt = placeOf(destination.field, frame, layer, at, end);
    if (sourceAt < 0 || destinationAt < 0) return false;
    this.sourceAt = sourceAt;
    this.destinationAt = destinationAt;
    return true;
  }
}
