import type { Dissector } from '../declare/dissector.ts';
import type { Field, Repeated } from '../declare/field.ts';
import { type Anomaly, anomalyName } from './anomaly.ts';
import { type Frame, PARTIAL, QUOTED } from './frame.ts';
import { displayText, fieldText } from './text.ts';
import { collectIn, eachItem, Occurrences, partsOf, readableEnd } from './values.ts';

/** One field of one layer, with its bytes. Offsets count from the first byte of the frame. */
export interface FieldNode {
  readonly name: string;
  /** As `tshark -T fields` prints it. */
  readonly value: string;
  /** For people: with the value's name or unit. */
  readonly display: string;
  /** Absent, as is the length, when the value is computed and lies nowhere. */
  readonly offset?: number;
  readonly length?: number;
  /** The bits it takes of these bytes, where it does not take all. */
  readonly mask?: number;
}

/** One layer of a frame. */
export interface LayerNode {
  readonly name: string;
  readonly title: string;
  readonly offset: number;
  /** Of the header where the layer carries others, else of all that was captured of it. */
  readonly length: number;
  /** The layer is not wholly there. */
  readonly partial?: true;
  /** The layer belongs to a packet that an ICMP error quotes. */
  readonly quoted?: true;
  readonly fields: readonly FieldNode[];
}

/** The dissectors of a run by their id, for {@link layersOfFrame}. */
export type DissectorById = (id: number) => Dissector | undefined;

/** Looks dissectors up by id. */
export function byId(dissectors: Iterable<Dissector>): DissectorById {
  const found = new Map<number, Dissector>();
  for (const dissector of dissectors) found.set(dissector.id, dissector);
  return (id) => found.get(id);
}

const found = new Occurrences();

function addField(field: Field, frame: Frame, layer: number, at: number, end: number, out: FieldNode[]): void {
  found.count = 0;
  collectIn(field, [], frame, layer, found, at, end);
  for (let i = 0; i < found.count; i += 1) {
    const place = found.place[i]!;
    const length = found.length[i]!;
    const value = fieldText(field, frame, layer, place, length, found.value[i]!);
    const display = displayText(field, value, found.value[i]!);
    if (place < 0) out.push({ name: field.name, value, display });
    else {
      const mask = field.mask === 0 ? {} : { mask: (field.mask << field.shift) >>> 0 };
      out.push({ name: field.name, value, display, offset: place - frame.start, length, ...mask });
    }
  }
}

function addParts(
  parts: readonly (Field | Repeated)[],
  frame: Frame,
  layer: number,
  at: number,
  end: number,
  out: FieldNode[],
): void {
  for (const part of parts) {
    if (part.kind === 'field') addField(part, frame, layer, at, end, out);
    else {
      eachItem(part, frame, layer, at, end, (itemAt, itemEnd) =>
        addParts(partsOf(part.item), frame, layer, itemAt, itemEnd, out),
      );
    }
  }
}

/** End of a layer's header where it carries others, else of all that was captured of it. */
export function headerEnd(frame: Frame, layer: number): number {
  const end = readableEnd(frame, layer);
  const payload = frame.layerPayload[layer]!;
  return payload >= 0 && payload < end ? payload : end;
}

/** The layers of the frame last walked, outermost first, each with its fields in wire order. */
export function layersOfFrame(frame: Frame, dissectors: DissectorById): LayerNode[] {
  const layers: LayerNode[] = [];
  for (let layer = 0; layer < frame.layerCount; layer += 1) {
    const dissector = dissectors(frame.layerId[layer]!);
    if (dissector === undefined) continue;
    const at = frame.layerOffset[layer]!;
    const end = readableEnd(frame, layer);
    const last = headerEnd(frame, layer);
    const flags = frame.layerFlags[layer]!;
    const fields: FieldNode[] = [];
    addParts(partsOf(dissector.fields), frame, layer, at, end, fields);
    layers.push({
      name: dissector.name,
      title: dissector.title,
      offset: at - frame.start,
      length: last > at ? last - at : 0,
      ...(flags & PARTIAL ? { partial: true as const } : {}),
      ...(flags & QUOTED ? { quoted: true as const } : {}),
      fields,
    });
  }
  return layers;
}

/** What is wrong with the frame last walked, in the order it was found. */
export function anomaliesOfFrame(frame: Frame, dissectors: DissectorById): Anomaly[] {
  return Array.from({ length: frame.anomalyCount }, (_, i) => {
    const layer = frame.anomalyLayer[i]!;
    const code = anomalyName(frame.anomalyCodes[i]!);
    const name = layer < 0 ? '' : (dissectors(frame.layerId[layer]!)?.name ?? '');
    const offset = frame.anomalyOffset[i]! - frame.start;
    const needed = frame.anomalyNeeded[i]!;
    const available = frame.anomalyAvailable[i]!;
    const amounts = needed < 0 ? '' : `: ${needed} needed, ${available} available`;
    const message = `${name === '' ? 'frame' : name} ${code} at byte ${offset}${amounts}`;
    const lengths = needed < 0 ? {} : { needed, available };
    return { code, layer: name, offset, ...lengths, message };
  });
}
