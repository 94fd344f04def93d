/**
 * Small numbers for names, shared by every copy of the package in one process: a plugin that brings its own copy still
 * agrees with the running engine about the id of `ip.proto` or `udp`.
 */
interface Interned {
  readonly ids: Map<string, number>;
  readonly names: string[];
}

const STORE = Symbol.for('packetloom.interned');

function store(): Map<string, Interned> {
  const holder = globalThis as { [STORE]?: Map<string, Interned> };
  holder[STORE] ??= new Map();
  return holder[STORE];
}

function space(kind: string): Interned {
  const spaces = store();
  let found = spaces.get(kind);
  if (found === undefined) {
    found = { ids: new Map(), names: [] };
    spaces.set(kind, found);
  }
  return found;
}

/** The kinds of name that have ids. */
export type InternedKind = 'dissector' | 'table' | 'anomaly' | 'field';

/** The id of `name`, from 0, made at its first use. */
export function intern(kind: InternedKind, name: string): number {
  const { ids, names } = space(kind);
  let id = ids.get(name);
  if (id === undefined) {
    id = names.length;
    ids.set(name, id);
    names.push(name);
  }
  return id;
}

/** The name behind an id; undefined for an id never given out. */
export function internedName(kind: InternedKind, id: number): string | undefined {
  return space(kind).names[id];
}

/** How many ids of this kind exist. */
export function internedCount(kind: InternedKind): number {
  return space(kind).names.length;
}
