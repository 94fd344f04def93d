import type { Registry } from '../declare/registry.ts';
import type { Problem, Source, Span } from './problem.ts';
import type { Syntax } from './syntax.ts';
import type { Node, Tree } from './tree.ts';

/** What is known where an expression stands. */
export interface Scope {
  /** `filter` is a frame before it has a flow: `where`. */
  readonly level: 'frame' | 'flow' | 'filter';
  /** Conditions that order-dependent values without conditions of their own take over. */
  readonly enclosing: readonly Node[];
  /** In a filter: the flow of each frame is known (`packets`), so that `flow_id` and `segment` may be asked for. */
  readonly flows?: boolean;
  /** Inside `any(...)` or `all(...)`: lists stay lists. */
  readonly elementwise: boolean;
  /** The aggregate that the value stands in, for messages. */
  readonly inside: string | undefined;
}

/** What the parts of the checker need of each other. */
export interface Checker {
  readonly registry: Registry;
  readonly tree: Tree;
  readonly source: Source;
  readonly keyFields: readonly string[];
  /** Named features being read, to see one that names itself. */
  readonly features: readonly string[];
  /** Reports a problem. */
  fail(span: Span, message: string, rest?: Pick<Problem, 'expected' | 'suggestion'>): undefined;
  inside(source: Source, feature: string): Checker;
  text(scope: Scope): Checked;
  check(syntax: Syntax, scope: Scope): Checked;
  condition(syntax: Syntax, scope: Scope): Checked;
  negated(operand: Node): Node;
  present(node: Node): Node;
}

/** The three places where expressions stand. */
export const FLOW_SCOPE: Scope = { level: 'flow', enclosing: [], elementwise: false, inside: undefined };
export const FRAME_SCOPE: Scope = { ...FLOW_SCOPE, level: 'frame' };
export const FILTER_SCOPE: Scope = { ...FLOW_SCOPE, level: 'filter' };

/** A value with its type, or undefined when a problem was found (and put into the source). */
export type Checked = Node | undefined;
