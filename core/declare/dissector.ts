import type { Frame } from '../frame/frame.ts';
import type { Field, Fields, When } from './field.ts';
import { intern } from './intern.ts';
import { fixedSize } from './kinds.ts';
import type { Claim, Table } from './table.ts';

/**
 * Where a dissector stands. Layers of a link, network, transport or tunnel always run, because keys, lengths and
 * anomalies depend on them; an application runs only when something behind it is demanded.
 */
export type Level = 'link' | 'network' | 'transport' | 'tunnel' | 'application';

/** A pair of fields with a sender's and a receiver's side, usable in a bidirectional flow key. */
export type Pair = readonly [source: string, destination: string];

/** What a plugin author writes. */
export interface DissectorDeclaration<F extends Fields = Fields> {
  /** Short lower-case name, as it stands in `frame.protocols`. */
  readonly name: string;
  readonly title: string;
  readonly level?: Level;
  /** The numbers in other dissectors' tables that lead here. */
  readonly claims?: readonly Claim[];
  readonly fields: F;
  /** Fields on the wire that a flow key may hold: `pair`ed by direction or the same both ways (`symmetric`). */
  readonly key?: { readonly pairs?: readonly Pair[]; readonly symmetric?: readonly string[] };
  /** Tables this one looks numbers up in, apart from `next`'s. */
  readonly tables?: readonly Table[];
  /** Its name in `frame.protocols`, where Wireshark gives it another than `name`. */
  readonly protocol?: string;
  /**
   * A table that Wireshark lists as a layer of its own, between this one and what was found in it (`eth:ethertype:ip`), and
   * the field that is there when it was looked into.
   */
  readonly listed?: readonly [table: Table, field: keyof F & string];
  /** Whether payload that nobody took is listed as `data`; it is where not given. */
  readonly data?: When;
  /** The simplest way on: the table and the name of the field in `fields` whose number is looked up behind the header. */
  readonly next?: readonly [table: Table, field: keyof F & string];
  /**
   * Bytes that must be there before `dissect` is called; the fixed header where not given. With 0 it is called whatever
   * is there, even when the layer begins behind the last captured byte, and looks at `frame.end` itself.
   */
  readonly minimum?: number;
  /**
   * Looks at the bytes before the layer is recorded; false refuses them, so that a port alone proves nothing. `frame` is
   * where it stands in the layer that hands the bytes on: `frame.contained` is how far they reach, captured or not.
   */
  accept?(bytes: Uint8Array, at: number, end: number, frame: Frame): boolean;
  /** Validates, limits its payload and names the next step. `minimum` bytes at `at` are there. Must not throw. */
  dissect?(frame: Frame, bytes: Uint8Array, at: number): unknown;
}

/** A dissector, ready for a registry. Frozen; its identity is its name. */
export interface Dissector<F extends Fields = Fields>
  extends Required<Pick<DissectorDeclaration<F>, 'name' | 'title' | 'level' | 'claims' | 'fields' | 'minimum'>> {
  readonly kind: 'dissector';
  readonly id: number;
  readonly key: { readonly pairs: readonly Pair[]; readonly symmetric: readonly string[] };
  /** Every table it hands numbers to. */
  readonly tables: readonly Table[];
  /** Its name in `frame.protocols`. */
  readonly protocol: string;
  readonly listed: readonly [table: Table, field: Field] | undefined;
  readonly data: When | undefined;
  readonly accept: ((bytes: Uint8Array, at: number, end: number, frame: Frame) => boolean) | undefined;
  readonly dissect: (frame: Frame, bytes: Uint8Array, at: number) => unknown;
}

const nothing = () => {};

/** Declares a dissector. Registration is membership of an array: see `definePlugin`. */
export function defineDissector<const F extends Fields>(declaration: DissectorDeclaration<F>): Dissector<F> {
  const { next, fields, listed } = declaration;
  const size = fixedSize(fields);
  let dissect = declaration.dissect ?? nothing;
  if (next !== undefined && declaration.dissect === undefined) {
    const [table, name] = next;
    const field = fields[name]!;
    if (field.kind !== 'field') throw new TypeError(`${declaration.name}: next names "${name}", which is a list`);
    dissect = (frame, bytes, at) => frame.next(table, field.read(bytes, at), at + size);
  }
  return Object.freeze({
    kind: 'dissector',
    id: intern('dissector', declaration.name),
    name: declaration.name,
    title: declaration.title,
    level: declaration.level ?? 'application',
    claims: declaration.claims ?? [],
    fields,
    key: { pairs: declaration.key?.pairs ?? [], symmetric: declaration.key?.symmetric ?? [] },
    tables: [...(declaration.tables ?? []), ...(next ? [next[0]] : [])],
    protocol: declaration.protocol ?? declaration.name,
    listed: listed === undefined ? undefined : [listed[0], fields[listed[1]] as Field],
    data: declaration.data,
    minimum: declaration.minimum ?? size,
    accept: declaration.accept,
    dissect,
  } satisfies Dissector<F>);
}
