import type { Feature } from '../declare/feature.ts';
import type { Registry } from '../declare/registry.ts';
import type { NumberForm } from '../flow/rows.ts';
import { TreeChecker } from './check.ts';
import { checkFeature } from './check-name.ts';
import { type AddressMap, mapAddresses } from './map-addresses.ts';
import { nearest } from './nearest.ts';
import { type Output, outputOf } from './output.ts';
import { Problems, Source } from './problem.ts';
import { FLOW_SCOPE } from './scope.ts';
import { type Node, Tree } from './tree.ts';

/** One wanted column: an expression, or a named feature. */
export interface FeatureRequest {
  /** Name of the column. */
  readonly name: string;
  /** Where it was asked for: `features[3].value`. */
  readonly at: string;
  /** Expression at flow level. */
  readonly value?: string;
  /** Named feature, an expression or code. */
  readonly feature?: string;
  /** Unit it is printed in, where not its own. */
  readonly unit?: string;
  /** A list in a column for each item (where not stated), or as one text. */
  readonly list?: 'columns' | 'text';
  /** How a number is written as text, where not as all are. */
  readonly form?: NumberForm;
}

/** What the user wrote. */
export interface ProgramText {
  readonly registry: Registry;
  readonly features: readonly FeatureRequest[];
  /** Condition at flow level that a row must fulfil. */
  readonly keep?: { readonly text: string; readonly at: string };
  /** Names of the additional key fields, in the order of the configuration. */
  readonly keyFields: readonly string[];
  /** How addresses that are printed are replaced: anonymised. Conditions see the true ones. */
  readonly addresses?: AddressMap;
}

/** The same, understood. */
export interface ProgramTree {
  readonly outputs: readonly Output[];
  readonly keep: Node | undefined;
}

/**
 * Parses and checks every expression of a run.
 * @throws ExpressionError with every problem of every expression.
 */
export function readProgram({ registry, features, keep, keyFields, addresses }: ProgramText): ProgramTree {
  const problems = new Problems();
  const tree = new Tree();
  const checker = (at: string, text: string): TreeChecker =>
    new TreeChecker(registry, tree, new Source(at, text, problems), keyFields);
  const names = new Map<string, string>();
  const outputs = features.flatMap((request) => {
    const output = readFeature(request, registry, tree, checker, addresses);
    for (const { name } of output?.columns ?? []) {
      const before = names.get(name);
      if (before !== undefined) {
        new Source(request.at, name, problems).problem(
          { offset: 0, length: name.length },
          `column ${name} is already made by ${before}`,
        );
      }
      names.set(name, request.at);
    }
    return output === undefined ? [] : [output];
  });
  let kept: Node | undefined;
  if (keep !== undefined) kept = checker(keep.at, keep.text).wholeCondition(FLOW_SCOPE);
  problems.throwIfAny();
  return { outputs, keep: kept };
}

function readFeature(
  request: FeatureRequest,
  registry: Registry,
  tree: Tree,
  checker: (at: string, text: string) => TreeChecker,
  addresses: ProgramText['addresses'],
): Output | undefined {
  const { name, at, value, unit, list = 'columns', form } = request;
  if (value !== undefined) {
    const own = checker(at, value);
    const node = own.text(FLOW_SCOPE);
    const wish = { name, unit, list, form, description: value };
    return node && outputOf(tree, own.source, shown(tree, node, addresses), wish);
  }
  const wanted = request.feature ?? name;
  const own = checker(at, wanted);
  const feature = registry.features.get(wanted);
  const span = { offset: 0, length: wanted.length };
  if (feature === undefined) {
    const suggestion = nearest(wanted, registry.features.keys());
    return void own.source.problem(span, 'no such feature', suggestion === undefined ? {} : { suggestion });
  }
  const node = checkFeature(own, { kind: 'name', name: wanted, occurrence: undefined, ...span }, wanted);
  const wish = { name, unit: unit ?? unitFor(feature), list, form, description: feature.description };
  return node && outputOf(tree, own.source, shown(tree, node, addresses), wish);
}

/** What is printed of a value. The key's own addresses stay: they are replaced in the row, where they are numbers. */
function shown(tree: Tree, node: Node, map: ProgramText['addresses']): Node {
  const whole = node.op === 'builtin' && (node.name === 'src_ip' || node.name === 'dst_ip');
  return map === undefined || whole ? node : mapAddresses(tree, node, map);
}

/** The unit that a named feature states for printing; a code feature's is its type's. */
function unitFor(feature: Feature): string | undefined {
  return 'value' in feature ? feature.unit : undefined;
}
