import type { FieldEntry } from '../declare/registry.ts';
import type { Frame } from '../frame/frame.ts';
import type { Code } from './code.ts';
import type { LeafColumn } from './columns.ts';
import { numberOf } from './leaves.ts';

/** Columns that one generated function fills at most. */
const COLUMNS_PER_FUNCTION = 40;

/** Fills columns of fields at fixed places where the layer is not wholly there: those that fit have a value. */
function fillPartial(columns: readonly LeafColumn[], frame: Frame, layer: number, index: number): void {
  for (const { numbers, fixed } of columns) numbers[index] = numberOf(fixed as FieldEntry, frame, layer);
}

/** The fields at fixed places in one layer: one look at its bounds, then plain reads, then the writes. */
function layerFunction(code: Code, id: number, columns: readonly LeafColumn[]): string {
  const extent = Math.max(...columns.map(({ fixed }) => fixed!.field.offset + fixed!.field.size));
  const reads = columns.map(({ fixed }, k) => `const v${k} = ${code.ref(fixed!.field.read)}(bytes, at);`);
  const writes = columns.map(({ numbers }, k) => `${code.ref(numbers)}[i] = v${k};`);
  const absent = columns.map(({ numbers }) => `${code.ref(numbers)}[i] = NaN;`);
  const body = `const layer = frame.lastLayer[${id}];
if (layer >= 0) {
  const at = frame.layerOffset[layer];
  const end = at + ${extent};
  if (end <= frame.layerEnd[layer] && end <= frame.capturedEnd) {
    const bytes = frame.bytes;
    ${reads.join('\n    ')}
    ${writes.join('\n    ')}
  } else ${code.ref(fillPartial)}(${code.ref(columns)}, frame, layer, i);
} else {
  ${absent.join('\n  ')}
}`;
  return code.function('layer', 'frame, i', body);
}

function parts<T>(items: readonly T[]): T[][] {
  const out: T[][] = [];
  for (let from = 0; from < items.length; from += COLUMNS_PER_FUNCTION)
    out.push(items.slice(from, from + COLUMNS_PER_FUNCTION));
  return out;
}

/** Writes the function that fills the columns from a frame. Returns its name. */
export function emitGather(code: Code, columns: readonly LeafColumn[]): string {
  const statements: string[] = [];
  const layers = new Map<number, LeafColumn[]>();
  for (const column of columns) {
    const { fixed, kind, read, lists, texts, numbers } = column;
    if (fixed !== undefined) layers.set(fixed.dissector.id, [...(layers.get(fixed.dissector.id) ?? []), column]);
    else if (kind === 'list') statements.push(`${code.ref(read)}(frame, ${code.ref(lists)}[i]);`);
    else statements.push(`${code.ref(kind === 'text' ? texts : numbers)}[i] = ${code.ref(read)}(frame);`);
  }
  for (const [id, group] of layers) {
    for (const part of parts(group)) statements.push(`${layerFunction(code, id, part)}(frame, i);`);
  }
  const functions = parts(statements).map((part) => code.function('gather', 'frame, i', part.join('\n')));
  if (functions.length === 1) return functions[0]!;
  return code.function('gather', 'frame, i', functions.map((name) => `${name}(frame, i);`).join('\n'));
}
