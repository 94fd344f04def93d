import type { FieldEntry } from '../declare/registry.ts';
import type { Frame } from '../frame/frame.ts';
import {
  entryOf,
  FRAME_NUMBERS,
  FRAME_TEXTS,
  fieldEntropy,
  fillList,
  List,
  layerOf,
  numberOf,
  textOf,
} from './leaves.ts';
import type { FieldNode, Node } from './tree.ts';

/** What generated code reads of a frame, in columns with a place for each frame of a batch. */
export interface LeafColumn {
  readonly key: string;
  readonly kind: 'number' | 'text' | 'list';
  /** Reads it from a frame that was walked. A list is filled into the one given. */
  read(frame: Frame, list: List): number | string | null | List;
  readonly entries: readonly FieldEntry[];
  /** A field that lies at a fixed place behind the key's layer: read without a call per layer. */
  readonly fixed: FieldEntry | undefined;
  /** One of the three is in use. */
  readonly numbers: Float64Array;
  readonly texts: (string | null)[];
  readonly lists: List[];
}

type NumberName = keyof typeof FRAME_NUMBERS;
type TextName = keyof typeof FRAME_TEXTS;

/** The key's columns in one frame, and its tunnel: what they are in a frame that goes forward, and in one that goes backward. */
export const KEY_COLUMNS: Readonly<Record<string, readonly [NumberName | TextName, NumberName | TextName]>> = {
  src_ip: ['source', 'destination'],
  dst_ip: ['destination', 'source'],
  src_port: ['sourcePort', 'destinationPort'],
  dst_port: ['destinationPort', 'sourcePort'],
  protocol: ['protocol', 'protocol'],
  icmp_type: ['type', 'mate'],
  icmp_code: ['code', 'code'],
  'tunnel.name': ['tunnelName', 'tunnelName'],
  'tunnel.id': ['tunnelId', 'tunnelId'],
};

const NO_NUMBERS = new Float64Array(0);

function isFixed({ field, path }: FieldEntry): boolean {
  return (
    field.locate === undefined &&
    field.compute === undefined &&
    field.type !== 'float' &&
    path.length === 0 &&
    field.offset >= 0
  );
}

/** The columns of a program or filter, each leaf once. */
export class LeafColumns {
  readonly #columns = new Map<string, LeafColumn>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get all(): readonly LeafColumn[] {
    return [...this.#columns.values()];
  }

  /** The fields that are read. */
  get demanded(): readonly FieldEntry[] {
    return [...new Set(this.all.flatMap(({ entries }) => entries))];
  }

  #add(
    key: string,
    kind: LeafColumn['kind'],
    read: LeafColumn['read'],
    entries: readonly FieldEntry[],
    fixed?: FieldEntry,
  ): LeafColumn {
    let column = this.#columns.get(key);
    if (column === undefined) {
      const capacity = this.#capacity;
      column = {
        key,
        kind,
        read,
        entries,
        fixed,
        numbers: kind === 'number' ? new Float64Array(capacity) : NO_NUMBERS,
        texts: kind === 'text' ? new Array<string | null>(capacity).fill(null) : [],
        lists: kind === 'list' ? Array.from({ length: capacity }, () => new List()) : [],
      };
      this.#columns.set(key, column);
    }
    return column;
  }

  /** The column of a field. */
  field(node: FieldNode): LeafColumn {
    const key = `field ${node.id}`;
    const { entries, occurrence } = node;
    if (node.type.list) {
      return this.#add(
        key,
        'list',
        (frame, list) => {
          fillList(node, frame, list);
          return list;
        },
        entries,
      );
    }
    if (!node.numeric) {
      const text = (frame: Frame): string | null => {
        const entry = entryOf(node, frame);
        const layer = layerOf(frame, entry.dissector.id, occurrence);
        return layer < 0 ? null : textOf(entry, frame, layer);
      };
      return this.#add(key, 'text', text, entries);
    }
    const fixed = occurrence === 'key' && entries.length === 1 && isFixed(entries[0]!) ? entries[0] : undefined;
    const read = (frame: Frame): number => {
      const entry = entryOf(node, frame);
      const layer = layerOf(frame, entry.dissector.id, occurrence);
      return layer < 0 ? Number.NaN : numberOf(entry, frame, layer);
    };
    return this.#add(key, 'number', read, entries, fixed);
  }

  /** The column of the entropy of a span. */
  entropy(span: Node): LeafColumn {
    if (span.op !== 'field') return this.frame('payloadEntropy');
    const read = (frame: Frame): number => {
      const entry = entryOf(span, frame);
      const layer = layerOf(frame, entry.dissector.id, span.occurrence);
      return layer < 0 ? Number.NaN : fieldEntropy(entry, frame, layer);
    };
    return this.#add(`entropy ${span.id}`, 'number', read, span.entries);
  }

  /** The column of something that no field holds. */
  frame(name: NumberName | TextName): LeafColumn {
    return name in FRAME_TEXTS
      ? this.#add(name, 'text', FRAME_TEXTS[name as TextName], [])
      : this.#add(name, 'number', FRAME_NUMBERS[name as NumberName], []);
  }
}
