import type { Dissector } from '../declare/dissector.ts';
import { internedCount } from '../declare/intern.ts';
import type { Registry } from '../declare/registry.ts';
import type { Table } from '../declare/table.ts';
import { DECIDED_BY, PARTIAL, QUOTED } from '../frame/frame.ts';
import { anomaliesOfFrame, byId, headerEnd } from '../frame/tree.ts';
import { addHexBytes } from './add.ts';
import { constantOf, putConstant, putEither } from './constants.ts';
import type { Cursor } from './cursor.ts';
import { FRAME_FIELDS } from './frame-fields.ts';
import { LayerJson, layerHead } from './layer-json.ts';
import { putNumber, putTime } from './put.ts';
import { addString, type TextChunk } from './text-chunk.ts';
import type { TracingFrame } from './tracing-frame.ts';

const capturedLength = FRAME_FIELDS.get('frame.cap_len') as { number(cursor: Cursor): number };

/** A text that is written often. */
interface Said {
  readonly text: string;
  readonly constant: number;
}

const said = (text: string): Said => ({ text, constant: constantOf(text) });

const NUMBER = constantOf('{"number":');
const TIME = constantOf(',"time":');
const NULL = constantOf('null');
const LENGTH = constantOf(',"length":');
const CAPTURED = constantOf(',"capturedLength":');
const LAYERS = constantOf(',"layers":[');
const PARTIAL_LAYER = constantOf(',"partial":true');
const QUOTED_LAYER = constantOf(',"quoted":true');
const FIELDS = constantOf(',"fields":');
const END = constantOf(']}');
const COMMA = constantOf(',');
const SOUND = constantOf('],"anomalies":[]}');

/** Writes frames as the items of a JSON array, with all layers, fields and anomalies, and with their bytes if wanted. */
export class JsonInspector {
  readonly #frame: TracingFrame;
  readonly #cursor: Cursor;
  readonly #dump: boolean;
  readonly #dissectors: (id: number) => Dissector | undefined;
  readonly #fields: LayerJson;
  /** By dissector id: the begin of a layer. */
  readonly #heads: (Said | undefined)[];
  /** Texts of decisions, by table, by kind of decision, and by number. */
  readonly #decisions = new Map<Table, Map<number, Said>[]>();

  constructor(registry: Registry, frame: TracingFrame, cursor: Cursor, dump: boolean) {
    this.#frame = frame;
    this.#cursor = cursor;
    this.#dump = dump;
    this.#fields = new LayerJson(frame);
    this.#dissectors = byId(registry.dissectors.values());
    this.#heads = new Array(internedCount('dissector')).fill(undefined);
    for (const dissector of registry.dissectors.values()) this.#heads[dissector.id] = said(layerHead(dissector));
  }

  /** Adds the cursor's frame to a chunk with a slack of {@link FIELD_BYTES}. */
  write(out: TextChunk): void {
    const frame = this.#frame;
    const { batch, index, number } = this.#cursor;
    const to = out.room(out.length, 0);
    let at = putNumber(to, putConstant(out, out.length, NUMBER), number);
    at = putConstant(out, at, TIME);
    if (batch.nanoseconds[index]! < 0) at = putConstant(out, at, NULL);
    else at = putTime(to, at, batch.seconds[index]!, batch.nanoseconds[index]!);
    at = putNumber(to, putConstant(out, at, LENGTH), batch.wire[index]!);
    at = putNumber(to, putConstant(out, at, CAPTURED), capturedLength.number(this.#cursor));
    if (this.#dump) {
      at = addString(out, at, ',"bytes":"');
      at = addHexBytes(out, at, frame.bytes, frame.start, frame.capturedEnd - frame.start);
      at = addString(out, at, '"');
    }
    at = putConstant(out, at, LAYERS);
    for (let layer = 0; layer < frame.layerCount; layer += 1) {
      if (layer > 0) at = putConstant(out, at, COMMA);
      at = this.#layer(out, at, layer);
    }
    if (frame.anomalyCount === 0) at = putConstant(out, at, SOUND);
    else at = addString(out, at, `],"anomalies":${JSON.stringify(anomaliesOfFrame(frame, this.#dissectors))}}`);
    out.length = at;
  }

  #layer(out: TextChunk, from: number, layer: number): number {
    const frame = this.#frame;
    const id = frame.layerId[layer]!;
    const dissector = this.#dissectors(id)!;
    const head = this.#heads[id]!;
    const flags = frame.layerFlags[layer]!;
    const begin = frame.layerOffset[layer]!;
    let at = putEither(out, from, head.constant, head.text);
    const to = out.room(at, 0);
    at = putNumber(to, at, begin - frame.start);
    at = putNumber(to, putConstant(out, at, LENGTH), Math.max(0, headerEnd(frame, layer) - begin));
    if ((flags & PARTIAL) !== 0) at = putConstant(out, at, PARTIAL_LAYER);
    if ((flags & QUOTED) !== 0) at = putConstant(out, at, QUOTED_LAYER);
    const step = frame.stepTo(layer);
    if (step >= 0) {
      const { constant, text } = this.#decision(layer, step);
      at = putEither(out, at, constant, text);
      out.room(at, 0);
    }
    at = putConstant(out, at, FIELDS);
    at = this.#fields.add(out, at, dissector, layer);
    out.room(at, 0);
    return putConstant(out, at, END);
  }

  #decision(layer: number, step: number): Said {
    const frame = this.#frame;
    const table = frame.tableAt(step);
    const number = frame.numberAt(step);
    const by = frame.layerDecidedBy[layer]!;
    return this.#decisions.get(table)?.[by]?.get(number) ?? this.#decide(table, number, by);
  }

  #decide(table: Table, number: number, by: number): Said {
    const decision = { by: DECIDED_BY[by]!, table: table.name, ...(number < 0 ? {} : { number }) };
    const text = said(`,"decidedBy":${JSON.stringify(decision)}`);
    const texts = this.#decisions.get(table) ?? DECIDED_BY.map(() => new Map<number, Said>());
    texts[by]!.set(number, text);
    this.#decisions.set(table, texts);
    return text;
  }
}
