import type { Dissector } from '../declare/dissector.ts';
import type { Field, When } from '../declare/field.ts';
import { MALFORMED } from '../frame/anomaly.ts';
import type { Frame } from '../frame/frame.ts';
import { placeOf, readableEnd } from '../frame/values.ts';
import { bytesOf } from '../output/write-text.ts';
import { putBytes } from './put.ts';
import { TextChunk } from './text-chunk.ts';

const DECODE_AS = 1;
const DATA = bytesOf('data:');
const never: When = () => false;

function isMalformed(frame: Frame, layer: number): boolean {
  for (let i = 0; i < frame.anomalyCount; i += 1) {
    if (frame.anomalyLayer[i] === layer && frame.anomalyCodes[i] === MALFORMED) return true;
  }
  return false;
}

/** A table that is listed as a layer of its own, who may be found there, and the field that says so of a layer. */
interface Listed {
  readonly name: Uint8Array;
  readonly found: ReadonlySet<number>;
  readonly field: Field;
  /** Bytes of the header. */
  readonly size: number;
}

/**
 * The list of a frame's layers as Wireshark has it, outermost first: `eth:ethertype:ip:tcp`. Payload that no dissector
 * took is `data`.
 */
export class Protocols {
  readonly #names: Uint8Array[] = [];
  readonly #listed: (Listed | undefined)[] = [];
  /** Whether what these carry and nobody took is data: where it is an application's, it is not. */
  readonly #data: (When | undefined)[] = [];
  readonly #decoder = new TextDecoder();
  /** Bytes that a layer takes at most. */
  #longest = 0;

  constructor(dissectors: Iterable<Dissector>) {
    const all = [...dissectors];
    for (const { id, protocol, level, listed, data, minimum } of all) {
      this.#names[id] = bytesOf(`${protocol}:`);
      this.#longest = Math.max(this.#longest, protocol.length + 32);
      this.#data[id] = data ?? (level === 'application' ? never : undefined);
      if (listed === undefined) continue;
      const [table, field] = listed;
      const children = all.filter(({ claims }) => claims.some((claim) => claim.table.id === table.id));
      this.#listed[id] = {
        name: bytesOf(`${table.name}:`),
        found: new Set(children.map((child) => child.id)),
        field,
        size: minimum,
      };
    }
  }

  /** Writes the list at a place of a chunk, with room for it. Returns the place behind it. */
  add(out: TextChunk, at: number, frame: Frame): number {
    const { layerCount, layerId, layerParent } = frame;
    const bytes = out.room(at, this.#longest * layerCount);
    let parents = 0; // a bit for each layer that has handed on
    for (let layer = 1; layer < layerCount; layer += 1) parents |= 1 << layerParent[layer]!;
    let place = at;
    for (let layer = 0; layer < layerCount; layer += 1) {
      if (layer > 0) {
        const listed = this.#listed[layerId[layerParent[layer]!]!];
        if (listed !== undefined && (listed.found.has(layerId[layer]!) || frame.layerDecidedBy[layer] === DECODE_AS)) {
          place = putBytes(bytes, place, listed.name);
        }
      }
      place = putBytes(bytes, place, this.#names[layerId[layer]!]!);
      if ((parents & (1 << layer)) === 0) place = this.#rest(bytes, place, frame, layer);
    }
    return place > at ? place - 1 : at; // without the last colon
  }

  /** What a layer carries and nobody took. */
  #rest(bytes: Uint8Array, at: number, frame: Frame, layer: number): number {
    const id = frame.layerId[layer]!;
    const data = this.#data[id];
    // Where the depth is at its limit, what waits is no data.
    if (data === never || frame.more) return at;
    const begin = frame.layerOffset[layer]!;
    const end = readableEnd(frame, layer);
    const listed = this.#listed[id];
    const field = listed === undefined ? -1 : placeOf(listed.field, frame, layer, begin, end);
    const payload = field < 0 ? frame.layerPayload[layer]! : begin + listed!.size;
    if (payload < 0 || payload >= end || isMalformed(frame, layer)) return at;
    if (data !== undefined && !data(frame.bytes, begin, end, frame, layer)) return at;
    return putBytes(bytes, field < 0 ? at : putBytes(bytes, at, listed!.name), DATA);
  }

  text(frame: Frame): string {
    const out = new TextChunk(256);
    const end = this.add(out, 0, frame);
    return this.#decoder.decode(out.bytes.subarray(0, end));
  }
}
