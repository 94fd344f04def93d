import type { Aggregate, Literal } from '../declare/aggregate.ts';
import type { Analysis } from '../declare/analysis.ts';
import type { CodeFeature, ObjectFeature } from '../declare/feature.ts';
import type { FieldEntry } from '../declare/registry.ts';
import type { ValueType } from '../declare/value-type.ts';
import type { FlowFacts } from './program.ts';
import type { Regex } from './regex.ts';

/** Operators and functions of one value or several, without state. */
export type Operation =
  | 'add'
  | 'subtract'
  | 'multiply'
  | 'divide'
  | 'modulo'
  | 'negate'
  | 'absolute'
  | 'floor'
  | 'log2'
  | 'least'
  | 'greatest'
  | 'bit-and'
  | 'bit-or'
  | 'bit-xor'
  | 'shift-left'
  | 'shift-right'
  | 'less'
  | 'less-equal'
  | 'greater'
  | 'greater-equal'
  | 'equal'
  | 'not-equal'
  | 'same-text'
  | 'other-text'
  | 'contains'
  | 'and'
  | 'or'
  | 'not'
  | 'present'
  | 'present-text'
  | 'default'
  | 'default-text';

/** From the several values of one frame to one. */
export type Reduction = 'any' | 'all' | 'some' | 'every' | 'first-of';

/** What each node of a typed tree has. Nodes are interned: the same expression is the same object. */
interface Common {
  readonly id: number;
  readonly type: ValueType;
  readonly args: readonly Node[];
  /** It, or something in it, depends on earlier frames. */
  readonly ordered: boolean;
}

/** A field of one frame. `numeric` says how its values are held. */
export interface FieldNode extends Common {
  readonly op: 'field';
  readonly name: string;
  readonly entries: readonly FieldEntry[];
  /** `key`: the layers that gave the key; a number: that layer, from 1 or from the end by -1; `every`: all layers. */
  readonly occurrence: 'key' | 'every' | number;
  readonly numeric: boolean;
}

/** An aggregate over the frames of a flow for which every condition of the selection is true. */
export interface AggregateNode extends Common {
  readonly op: 'aggregate';
  readonly aggregate: Aggregate;
  readonly literals: readonly Literal[];
  /** Sorted by id, each once. */
  readonly selection: readonly Node[];
}

/** `gap`, `previous`, `changed`: against the last frame of the selection for which the value is there. */
export interface OrderNode extends Common {
  readonly op: 'order';
  readonly name: 'gap' | 'previous' | 'changed';
  readonly selection: readonly Node[];
}

/** One value, with its type. */
export type Node =
  | (Common & { readonly op: 'constant'; readonly value: number | string })
  | (Common & { readonly op: 'builtin'; readonly name: string })
  /** Additional key field of a flow, by its place in the configuration. */
  | (Common & { readonly op: 'extra'; readonly index: number })
  | FieldNode
  | (Common & { readonly op: Operation })
  /** Divided (or multiplied) by a number, between units. */
  | (Common & { readonly op: 'scale'; readonly factor: number; readonly inverse: boolean })
  | (Common & { readonly op: 'in-numbers'; readonly numbers: readonly number[] })
  | (Common & { readonly op: 'in-texts'; readonly texts: readonly string[]; readonly prefixes: readonly Prefix[] })
  | (Common & { readonly op: 'matches'; readonly regex: Regex })
  /** Bits per byte of a span, without making a text of it. */
  | (Common & { readonly op: 'byte-entropy' })
  /** The first characters of a value of a flow as text. */
  | (Common & { readonly op: 'cut-text'; readonly length: number })
  /** A time of a flow in whole units of `per` nanoseconds since 1970. */
  | (Common & { readonly op: 'unix'; readonly per: number })
  /** Values of a flow as one text; a time of a flow as date and time. */
  | (Common & { readonly op: 'joined-text' | 'utc-text' })
  /** An address that rows are to show as another one: anonymised. */
  | (Common & { readonly op: 'mapped-address'; readonly map: (address: string) => string })
  /** Something known of a flow that rows are to show as something else: anonymised. */
  | (Common & { readonly op: 'mapped-fact'; readonly name: string; readonly map: (facts: FlowFacts) => string | null })
  /**
   * A list of booleans to one. Of no element `any` is false and `all` true; `some` and `every`, which `where` puts around
   * comparisons, are empty. `first-of` is the first element of a list.
   */
  | (Common & { readonly op: Reduction })
  | OrderNode
  | AggregateNode
  | (Common & { readonly op: 'code'; readonly feature: CodeFeature })
  | (Common & { readonly op: 'object-code'; readonly feature: ObjectFeature })
  /** Value of an analysis for one frame, by its place among them; the arguments are the analysis's inputs. */
  | (Common & { readonly op: 'analysis'; readonly analysis: Analysis; readonly index: number });

/** An address prefix: whole bytes as text, and the bits that count. */
export interface Prefix {
  readonly value: string;
  readonly bits: number;
}

/** What a caller states about a new node. */
type Draft<T> = T extends Node ? Omit<T, 'id' | 'ordered'> : never;

/** Makes nodes, each expression once. */
export class Tree {
  readonly #nodes = new Map<string, Node>();
  readonly #objects = new Map<unknown, number>();

  /** The node of a draft; `key` tells apart what the operation, type and arguments do not. */
  node(draft: Draft<Node>, key: string | number = ''): Node {
    const { kind, unit, list } = draft.type;
    const args = draft.args.map(({ id }) => id).join(',');
    const name = `${draft.op}|${kind}|${unit}|${list}|${args}|${key}`;
    let found = this.#nodes.get(name);
    if (found === undefined) {
      const selection = 'selection' in draft ? draft.selection : [];
      found = Object.freeze({
        ...draft,
        id: this.#nodes.size,
        ordered: draft.op === 'order' || [...draft.args, ...selection].some(({ ordered }) => ordered),
      }) as Node;
      this.#nodes.set(name, found);
    }
    return found;
  }

  /** A number that stands for an object in keys. */
  idOf(object: unknown): number {
    let id = this.#objects.get(object);
    if (id === undefined) {
      id = this.#objects.size;
      this.#objects.set(object, id);
    }
    return id;
  }
}

/** The fields with several values per frame that a list is made of. */
export function listLeaves(node: Node): readonly FieldNode[] {
  if (!node.type.list) return [];
  return node.op === 'field' ? [node] : [...new Set(node.args.flatMap(listLeaves))];
}

/** Values held as text (or null) rather than as numbers (or NaN). */
export const isText = ({ kind }: ValueType): boolean => kind === 'text' || kind === 'bytes' || kind === 'address';

/** Conditions in a fixed order, each once, `and` taken apart, without those that are always true. */
export function selectionOf(conditions: readonly Node[]): readonly Node[] {
  const parts = (node: Node): readonly Node[] => (node.op === 'and' ? node.args.flatMap(parts) : [node]);
  return [...new Set(conditions.flatMap(parts))]
    .filter((node) => !(node.op === 'constant' && node.value === 1))
    .sort((a, b) => a.id - b.id);
}

/** Whether a node makes one value of a list. */
export const isReduction = ({ op }: Node): boolean =>
  op === 'any' || op === 'all' || op === 'some' || op === 'every' || op === 'first-of';

/** What keeps a state, or reads bytes: fed by its arguments, not computed from them. */
const STATES: ReadonlySet<Node['op']> = new Set([
  'aggregate',
  'order',
  'code',
  'object-code',
  'analysis',
  'byte-entropy',
]);

/** The nodes whose values a node's own value is computed from at once: not those of lists, states and spans. */
export function localArgs(node: Node): readonly Node[] {
  const { op } = node;
  return isReduction(node) || STATES.has(op) ? [] : node.args;
}
