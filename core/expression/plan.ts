import type { Choice, ObjectState, State } from '../declare/aggregate.ts';
import { type Assignment, assign, type Candidate, sameState } from './assign.ts';
import type { AggregateNode, Node, OrderNode } from './tree.ts';
import { INTEGER } from './types.ts';

/** Which frames of a flow take part, by direction. */
export type Direction = 'forward' | 'backward' | 'both';

/** A state that is kept for a value and a selection: in slots from `at`, or as the object at place `at`. */
export interface Kept {
  readonly state: State | ObjectState;
  at: number;
  /** Not kept but merged when a row is made, from forward and backward. */
  readonly merged: readonly [Kept, Kept] | undefined;
}

/** All states over one value and one selection. */
export interface Group {
  /** Undefined for `count()`. */
  readonly value: Node | undefined;
  readonly direction: Direction;
  /** The conditions besides the direction. */
  readonly conditions: readonly Node[];
  readonly kept: Kept[];
}

/** The last value of frames that fulfil conditions: a slot, or an object place for texts. */
export interface Memory {
  readonly value: Node;
  readonly selection: readonly Node[];
  readonly text: boolean;
  readonly time: boolean;
  at: number;
}

/** A code feature with its slots. */
export interface CodeState {
  readonly node: Node & { readonly op: 'code' };
  at: number;
  /** The slots are those of an earlier one, which keeps them up to date. */
  readonly shared: boolean;
}

/** An analysis, or the state of object features, with the place of its object, -1 for none, and that of its slots. */
export interface ObjectCode {
  readonly node: Node & { readonly op: 'analysis' | 'object-code' };
  readonly at: number;
  readonly slotsAt: number;
}

/** What is kept for a flow, and which result is finished from which state. */
export interface Plan {
  readonly groups: readonly Group[];
  readonly memories: readonly Memory[];
  readonly codes: readonly CodeState[];
  /** Analyses whose values are used, each once. */
  readonly analyses: readonly ObjectCode[];
  /** States of object features, each once. */
  readonly objectCodes: readonly ObjectCode[];
  /** Place of the object that an object feature is finished from. */
  readonly objectOf: ReadonlyMap<Node, number>;
  /** What the next segment takes over from the objects of the one that was cut. */
  readonly carried: readonly { readonly at: number; carry(object: never): unknown }[];
  /** Slots that the next segment takes over as they are. */
  readonly carriedSlots: readonly number[];
  readonly results: ReadonlyMap<Node, { readonly kept: Kept; readonly choice: Choice }>;
  /** Numeric slots at birth. */
  readonly birth: Float64Array;
  readonly timeSlots: readonly number[];
  /** Objects at birth, in order. */
  readonly creators: readonly (() => unknown)[];
  /** How held times of each object are moved; undefined where none are held. */
  readonly shifts: readonly (((object: never, delta: number) => void) | undefined)[];
}

/** Every node of some trees, each once: what is inside first. */
export function everyNode(roots: Iterable<Node>): Node[] {
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    if (seen.has(node)) return;
    for (const arg of node.args) visit(arg);
    if (node.op === 'aggregate' || node.op === 'order') for (const condition of node.selection) visit(condition);
    seen.add(node);
  };
  for (const root of roots) visit(root);
  return [...seen];
}

const keyOf = (value: Node | undefined, selection: readonly Node[]): string =>
  `${value?.id ?? ''}|${selection.map(({ id }) => id).join()}`;

const isDirection = (node: Node, name: Direction): boolean => node.op === 'builtin' && node.name === name;

interface Draft extends Group {
  readonly candidates: Candidate[];
}

function draft(node: AggregateNode, groups: Map<string, Draft>): void {
  const value = node.args[0];
  const { selection, aggregate, literals } = node;
  const directions = (['forward', 'backward'] as const).filter((name) =>
    selection.some((one) => isDirection(one, name)),
  );
  // Both at once never holds: left among the conditions.
  const direction = directions.length === 1 ? directions[0]! : 'both';
  const conditions = selection.filter((one) => !isDirection(one, direction));
  const key = `${direction}|${keyOf(value, conditions)}`;
  let group = groups.get(key);
  if (group === undefined) {
    group = { value, direction, conditions, kept: [], candidates: [] };
    groups.set(key, group);
  }
  const type = value === undefined ? INTEGER : { ...value.type, list: false };
  group.candidates.push({ node, choices: aggregate.choices(literals, type) });
}

/** Decides what is kept: equal states once, and what is forward and backward together not at all. */
export function plan(roots: readonly Node[]): Plan {
  const nodes = everyNode(roots);
  const drafts = new Map<string, Draft>();
  for (const node of nodes) if (node.op === 'aggregate') draft(node, drafts);
  const results = new Map<Node, Assignment>();
  const directed = [...drafts.values()].filter(({ direction }) => direction !== 'both');
  const undirected = [...drafts.values()].filter(({ direction }) => direction === 'both');
  for (const group of directed)
    for (const [node, one] of assign(group.candidates, [], group.kept)) results.set(node, one);
  for (const group of undirected) {
    const side = (direction: Direction): readonly Kept[] =>
      drafts.get(`${direction}|${keyOf(group.value, group.conditions)}`)?.kept ?? [];
    for (const [node, one] of assign(group.candidates, mergeable(side('forward'), side('backward')), group.kept))
      results.set(node, one);
  }
  const groups = [
    ...directed.filter(({ direction }) => direction === 'forward'),
    ...directed.filter(({ direction }) => direction === 'backward'),
    ...undirected,
  ];
  return {
    groups,
    results,
    ...place(
      groups,
      memoriesOf(nodes),
      nodes.filter((node) => node.op === 'code'),
      nodes.filter((node) => node.op === 'analysis' || node.op === 'object-code'),
    ),
  };
}

function mergeable(forward: readonly Kept[], backward: readonly Kept[]): Kept[] {
  return forward.flatMap((one) => {
    const other = backward.find(({ state }) => sameState(state, one.state));
    return one.state.merge === undefined || other === undefined
      ? []
      : [{ state: one.state, at: -1, merged: [one, other] as const }];
  });
}

function memoriesOf(nodes: readonly Node[]): Memory[] {
  const found = new Map<string, Memory>();
  for (const node of nodes) {
    if (node.op !== 'order') continue;
    const value = node.args[0]!;
    const { kind } = value.type;
    const text = kind === 'text' || kind === 'bytes' || kind === 'address';
    found.set(memoryKey(node), { value, selection: node.selection, text, time: kind === 'time', at: -1 });
  }
  return [...found.values()].sort((a, b) => rank(b) - rank(a));
}

/** The same for all order-dependent values of one value and selection. */
export const memoryKey = (node: OrderNode): string => keyOf(node.args[0], node.selection);
/** The same for the memory itself. */
export const memoryKeyOf = (memory: Memory): string => keyOf(memory.value, memory.selection);

/** A memory that reads another one has a higher rank: it is written first, while the other still has its old value. */
const rank = ({ value, selection }: Memory): number => Math.max(value.id, ...selection.map(({ id }) => id));

function place(
  groups: readonly Group[],
  memories: readonly Memory[],
  codeNodes: readonly Node[],
  objectNodes: readonly ObjectCode['node'][],
) {
  const birth: number[] = [];
  const timeSlots: number[] = [];
  const creators: (() => unknown)[] = [];
  const shifts: Plan['shifts'][number][] = [];
  const slots = (initial: readonly number[], times: readonly number[]): number => {
    const at = birth.length;
    birth.push(...initial);
    timeSlots.push(...times.map((time) => at + time));
    return at;
  };
  for (const { kept, value } of groups) {
    const isTime = value?.type.kind === 'time';
    for (const one of kept) {
      const { state } = one;
      if (state.kind === 'state') one.at = slots(state.slots, isTime ? state.times : []);
      else {
        one.at = creators.push(() => state.create()) - 1;
        shifts.push(isTime ? state.shift?.bind(state) : undefined);
      }
    }
  }
  for (const memory of memories) {
    if (memory.text) {
      memory.at = creators.push(() => null) - 1;
      shifts.push(undefined);
    } else memory.at = slots([Number.NaN], memory.time ? [0] : []);
  }
  const codes: CodeState[] = [];
  for (const node of codeNodes as readonly CodeState['node'][]) {
    const { feature, args } = node;
    // Features that take the same values with the same function read one state.
    const owner = codes.find(
      ({ node: other }) =>
        other.feature.update === feature.update &&
        other.feature.slots === feature.slots &&
        other.args.length === args.length &&
        other.args.every((arg, i) => arg === args[i]),
    );
    const at = owner === undefined ? slots(feature.slots, feature.times ?? []) : owner.at;
    codes.push({ node, at, shared: owner !== undefined });
  }
  const objects = placeObjects(objectNodes, creators, shifts, slots);
  return { memories, codes, ...objects, birth: Float64Array.from(birth), timeSlots, creators, shifts };
}

const codeOf = (node: ObjectCode['node']) => (node.op === 'analysis' ? node.analysis : node.feature.state);

/** Nodes of one analysis, and object features over the same values, have one object. */
function placeObjects(
  nodes: readonly ObjectCode['node'][],
  creators: (() => unknown)[],
  shifts: Plan['shifts'][number][],
  slots: (initial: readonly number[], times: readonly number[]) => number,
) {
  const analyses: ObjectCode[] = [];
  const objectCodes: ObjectCode[] = [];
  const objectOf = new Map<Node, number>();
  const carried: Plan['carried'][number][] = [];
  const carriedSlots: number[] = [];
  for (const node of nodes) {
    const code = codeOf(node);
    const owners = node.op === 'analysis' ? analyses : objectCodes;
    const owner = owners.find(
      (one) =>
        codeOf(one.node) === code &&
        one.node.args.length === node.args.length &&
        one.node.args.every((arg, i) => arg === node.args[i]),
    );
    if (owner !== undefined) {
      objectOf.set(node, owner.at);
      continue;
    }
    let at = -1;
    if (code.create !== undefined) {
      at = creators.push(() => code.create!()) - 1;
      shifts.push(code.shift?.bind(code));
    }
    const initial = node.op === 'analysis' ? (node.analysis.slots ?? []) : [];
    const slotsAt = slots(initial, node.op === 'analysis' ? (node.analysis.times ?? []) : []);
    owners.push({ node, at, slotsAt });
    objectOf.set(node, at);
    carriedSlots.push(...initial.map((_, i) => slotsAt + i));
    // Rows are not made of an analysis: its object itself goes on.
    if (node.op === 'analysis') {
      if (at >= 0) carried.push({ at, carry: (object) => object });
    } else if (node.feature.state.carry !== undefined) {
      const { state } = node.feature;
      carried.push({ at, carry: (object) => state.carry!(object) });
    }
  }
  return { analyses, objectCodes, objectOf, carried, carriedSlots };
}
