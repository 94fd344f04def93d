import type { Choice } from '../declare/aggregate.ts';
import type { Kept } from './plan.ts';
import type { AggregateNode, Node } from './tree.ts';

/** An aggregate with the states it can be finished from. */
export interface Candidate {
  readonly node: AggregateNode;
  readonly choices: readonly Choice[];
}

/** The state that an aggregate is finished from. */
export interface Assignment {
  readonly kept: Kept;
  readonly choice: Choice;
}

/**
 * Chooses the states of one group: as few as possible, merged ones (which cost nothing per frame) first. What has to be
 * kept is added to `kept`.
 */
export function assign(candidates: readonly Candidate[], merged: readonly Kept[], kept: Kept[]): Map<Node, Assignment> {
  const chosen = new Map<Node, Assignment>();
  // Who has the fewest choices decides first; the others join where they can.
  for (const { node, choices } of [...candidates].sort((a, b) => a.choices.length - b.choices.length)) {
    chosen.set(node, find(choices, merged) ?? find(choices, kept) ?? keep(choices[0]!, kept));
  }
  // A state that everyone who uses it can do without is dropped.
  for (const state of [...kept]) {
    const others = kept.filter((one) => one !== state);
    const users = candidates.filter(({ node }) => chosen.get(node)!.kept === state);
    const moved = users.map(({ node, choices }) => [node, find(choices, others)] as const);
    if (!moved.every(([, one]) => one !== undefined)) continue;
    for (const [node, one] of moved) chosen.set(node, one!);
    kept.splice(kept.indexOf(state), 1);
  }
  return chosen;
}

/** One name is one state, unless another plugin happens to use it for something else. */
export function sameState(a: Kept['state'], b: Choice['state'] | Kept['state']): boolean {
  if (a === b) return true;
  return a.name === b.name && a.kind === b.kind && String(a.update) === String(b.update);
}

function find(choices: readonly Choice[], states: readonly Kept[]): Assignment | undefined {
  for (const choice of choices) {
    const kept = states.find(({ state }) => sameState(state, choice.state));
    if (kept !== undefined) return { kept, choice };
  }
  return undefined;
}

function keep(choice: Choice, kept: Kept[]): Assignment {
  const one: Kept = { state: choice.state as Kept['state'], at: -1, merged: undefined };
  kept.push(one);
  return { kept: one, choice };
}
