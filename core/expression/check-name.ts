import type { ImitatedValue } from '../declare/imitation.ts';
import type { FieldEntry } from '../declare/registry.ts';
import { BUILTINS, type Builtin, builtinOf } from './builtins.ts';
import { analysisType, checkAnalysis, inputsOf } from './check-analysis.ts';
import { nearest } from './nearest.ts';
import { Source } from './problem.ts';
import { type Checked, type Checker, FLOW_SCOPE, type Scope } from './scope.ts';
import type { Syntax } from './syntax.ts';
import { isText, type Node } from './tree.ts';
import { ADDRESS, asList, fieldType, INTEGER, NUMBER, numberType, TEXT } from './types.ts';

type Name = Syntax & { readonly kind: 'name' };

/** Types a name: a built-in value, an additional key field, a field, a named feature. */
export function checkName(checker: Checker, syntax: Name, scope: Scope): Checked {
  const { name, occurrence } = syntax;
  const builtin = builtinOf(name);
  if (builtin !== undefined) {
    if (occurrence !== undefined) return checker.fail(syntax, `${name} occurs once in a frame`, { suggestion: name });
    return checkBuiltin(checker, syntax, builtin, scope);
  }
  const own = checker.registry.imitated?.get(name);
  if (own !== undefined && occurrence === undefined) return checkImitated(checker, syntax, own, scope);
  const entries = checker.registry.fields.get(name);
  if (entries !== undefined) return checkField(checker, syntax, entries, scope);
  const analysed = checker.registry.analysisValues.get(name);
  if (analysed !== undefined) {
    return scope.level === 'flow'
      ? frameOnly(checker, syntax, analysisType(analysed.analysis.values[analysed.index]!).kind)
      : checkAnalysis(checker, syntax, analysed, scope);
  }
  const feature = checker.registry.features.get(name);
  if (feature !== undefined && occurrence === undefined) {
    if (scope.level !== 'flow') return flowOnly(checker, syntax, scope);
    return checkFeature(checker, syntax, name);
  }
  if (checker.registry.aggregates.has(name)) {
    return checker.fail(syntax, `${name} is an aggregate`, { suggestion: `${name}(...)` });
  }
  const suggestion = nearest(name, candidates(checker, scope));
  const message = scope.level === 'flow' ? 'no such field, feature or built-in value' : 'no such field';
  return checker.fail(syntax, message, suggestion === undefined ? {} : { suggestion });
}

function* candidates(checker: Checker, scope: Scope): Iterable<string> {
  for (const [name, builtin] of Object.entries(BUILTINS)) {
    if (scope.level === 'flow' ? builtin.flow : scope.level === 'frame' ? builtin.frame : builtin.filter) yield name;
  }
  if (scope.level === 'flow') yield* checker.registry.features.keys();
  for (const { name, of } of checker.registry.imitated?.values() ?? []) if (scope.level === of) yield name;
  yield* checker.registry.fields.keys();
  if (scope.level !== 'filter') yield* checker.registry.analysisValues.keys();
}

function checkBuiltin(checker: Checker, syntax: Name, builtin: Builtin, scope: Scope): Checked {
  const { name } = syntax;
  const ofFlow = scope.flows === true && (name === 'flow_id' || name === 'segment');
  if (scope.level === 'filter' && !builtin.filter && !ofFlow) {
    return checker.fail(syntax, `${name} has no meaning before a frame has a flow`, {
      expected: 'fields of the frame',
    });
  }
  if (scope.level === 'flow' && !builtin.flow) {
    return builtin.frame
      ? frameOnly(checker, syntax, builtin.type.kind)
      : checker.fail(syntax, `${name} is known in --where only`);
  }
  if (scope.level === 'frame' && !builtin.frame) {
    return builtin.flow ? flowOnly(checker, syntax, scope) : checker.fail(syntax, `${name} is known in --where only`);
  }
  return checker.tree.node({ op: 'builtin', type: builtin.type, args: [], name }, name);
}

/** A value that the imitated tool knows. */
function checkImitated(checker: Checker, syntax: Name, own: ImitatedValue, scope: Scope): Checked {
  const { name, kind, unit = '', integer = false, of } = own;
  const type = kind === 'text' ? TEXT : kind === 'address' ? ADDRESS : numberType(unit, integer);
  if (scope.level === 'filter') return checker.fail(syntax, `${name} has no meaning before a frame has a flow`);
  if (of === 'frame')
    return scope.level === 'flow'
      ? frameOnly(checker, syntax, kind)
      : checker.tree.node({ op: 'builtin', type, args: [], name }, name);
  if (scope.level === 'frame') return flowOnly(checker, syntax, scope);
  const values = [...checker.registry.imitated!.values()].filter((one) => one.of === 'flow');
  const index = checker.keyFields.length + values.indexOf(own);
  return checker.tree.node({ op: 'extra', type, args: [], index }, index);
}

/** A value of one frame where a value of the flow is needed: says which aggregate to wrap it in. */
function frameOnly(checker: Checker, syntax: Name, kind: string): undefined {
  const wrap = kind === 'boolean' ? 'count' : kind === 'number' || kind === 'duration' ? 'mean' : 'first';
  return checker.fail(syntax, `${syntax.name} is a value of one frame`, {
    expected: `an aggregate around it, such as ${wrap}(${syntax.name})`,
  });
}

/** A value of the flow where a value of one frame is needed. */
function flowOnly(checker: Checker, syntax: Name, scope: Scope): undefined {
  const where = scope.inside === undefined ? '' : `; ${scope.inside} takes values of one frame`;
  return checker.fail(syntax, `${syntax.name} is a value of the whole flow${where}`);
}

/** True for one field of several protocols of which a frame has one at most, as UDP and UDP-Lite share their ports' names. */
function areAlternatives(name: string, entries: readonly FieldEntry[]): boolean {
  const owners = new Set(entries.map(({ dissector }) => dissector));
  return owners.size === entries.length && entries.every(({ field, path }) => field.name === name && path.length === 0);
}

function checkField(checker: Checker, syntax: Name, entries: readonly FieldEntry[], scope: Scope): Checked {
  const { name, occurrence } = syntax;
  const { tree } = checker;
  if (scope.level === 'flow') {
    const index = checker.keyFields.indexOf(name);
    if (index >= 0 && occurrence === undefined) {
      const { type, nanoseconds } = fieldType(entries[0]!.field);
      const extra = tree.node(
        { op: 'extra', type: nanoseconds === undefined ? type : INTEGER, args: [], index },
        index,
      );
      return scaled(checker, extra, type, nanoseconds);
    }
    const { kind } = fieldType(entries[0]!.field).type;
    return frameOnly(checker, syntax, kind);
  }
  const { type, nanoseconds } = fieldType(entries[0]!.field);
  const other = entries.find(({ field }) => {
    const own = fieldType(field);
    return own.type.kind !== type.kind || own.type.unit !== type.unit || own.nanoseconds !== nanoseconds;
  });
  if (other !== undefined) {
    return checker.fail(syntax, `${name} names fields of several types`, {
      expected: `one of them, such as ${entries[0]!.field.name} or ${other.field.name}`,
    });
  }
  const every = scope.level === 'filter' && occurrence === undefined;
  const list = every || entries[0]!.path.length > 0 || !areAlternatives(name, entries);
  const integer = entries.every(({ field }) => fieldType(field).type.integer);
  const raw = nanoseconds === undefined ? { ...type, ...(type.kind === 'number' ? { integer } : {}) } : NUMBER;
  const chosen = occurrence ?? (every ? 'every' : 'key');
  const field = tree.node(
    { op: 'field', type: asList(raw, list), args: [], name, entries, occurrence: chosen, numeric: !isText(type) },
    `${name}#${chosen}`,
  );
  return scaled(checker, field, type, nanoseconds);
}

function scaled(checker: Checker, node: Node, type: Node['type'], nanoseconds: number | undefined): Node {
  if (nanoseconds === undefined || nanoseconds === 1) return node;
  return checker.tree.node(
    { op: 'scale', type: asList(type, node.type.list), args: [node], factor: nanoseconds, inverse: false },
    nanoseconds,
  );
}

/** Types a named feature as if its expression stood here. */
export function checkFeature(checker: Checker, syntax: Name, name: string): Checked {
  const feature = checker.registry.features.get(name)!;
  if (checker.features.includes(name)) return checker.fail(syntax, `feature ${name} names itself`);
  if ('value' in feature) {
    const source = new Source(`feature ${name}`, feature.value, checker.source.problems);
    return checker.inside(source, name).text(FLOW_SCOPE);
  }
  const args = inputsOf(checker, `feature ${name}`, feature.inputs);
  if (args === undefined) return undefined;
  const type = {
    kind: feature.type ?? 'number',
    unit: feature.type === undefined || feature.type === 'number' ? (feature.unit ?? '') : '',
    list: false,
  } as const;
  const id = checker.tree.idOf(feature);
  if ('state' in feature) return checker.tree.node({ op: 'object-code', type, args, feature }, id);
  return checker.tree.node({ op: 'code', type, args, feature }, id);
}
