import { nearest } from '../expression/nearest.ts';
import { DURATION_PATTERN } from './duration.ts';
import type { Problem } from './problem.ts';
import type { Schema } from './schema.ts';

/** A fault as ajv reports it. */
export interface SchemaFault {
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly message?: string;
  /** The key that a fault of `propertyNames` is about. */
  readonly propertyName?: string;
}

/** A problem with the JSON pointer of the value (or key) it is about. */
export interface PlacedProblem extends Problem {
  readonly pointer: string;
  /** The key is at fault and not its value. */
  readonly isKey: boolean;
}

/** Settings that exist in a later version only. */
const LATER = new Set(['workers']);

const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** `features[3].value` for the pointer `/features/3/value`. */
export function displayPath(pointer: string): string {
  let path = '';
  for (const step of pointer.split('/').slice(1).map(unescaped)) {
    if (/^\d+$/.test(step)) path += `[${step}]`;
    else if (/^[\w$-]+$/.test(step)) path += path === '' ? step : `.${step}`;
    else path += `[${JSON.stringify(step)}]`;
  }
  return path;
}

/** The value a pointer leads to. */
export function valueAt(value: unknown, pointer: string): unknown {
  let found = value;
  for (const step of pointer.split('/').slice(1).map(unescaped)) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, step)) return undefined;
    found = (found as Record<string, unknown>)[step];
  }
  return found;
}

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

const KIND_OF: Readonly<Record<string, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function kinds(type: unknown): string {
  return [type]
    .flat()
    .map((one) => KIND_OF[String(one)] ?? String(one))
    .join(' or ');
}

/** The part of the schema that a fault's keyword stands in. ajv counts from the last definition on its way there. */
function partOf(schema: Schema, { schemaPath, instancePath }: SchemaFault): Schema {
  const [, sink] = /^\/sinks\/\d+\/([^/]+)/.exec(instancePath) ?? [];
  const root = sink === undefined ? schema : (schema.definitions as Readonly<Record<string, Schema>>)[`sink.${sink}`];
  const part = valueAt(root, decodeURIComponent(schemaPath.slice(1, schemaPath.lastIndexOf('/'))));
  return (part ?? {}) as Schema;
}

/** What a text should have been: in the words of the schema where it has some. */
function textExpected({ pattern, description }: Schema): string {
  if (pattern === DURATION_PATTERN) return 'a duration such as 250ms, 120s or 30m';
  if (pattern === '.') return 'a text that is not empty';
  if (typeof description !== 'string') return `a text like ${pattern}`;
  const words = description.split(/[;.]/, 1)[0]!;
  return words.charAt(0).toLowerCase() + words.slice(1);
}

/**
 * A schema fault in words: what was expected, what was found and the nearest right name. Undefined for a fault that only
 * sums up others.
 */
export function schemaProblem(fault: SchemaFault, schema: Schema, value: unknown): PlacedProblem | undefined {
  const { instancePath: pointer, params } = fault;
  if (fault.propertyName !== undefined) return undefined; // told by propertyNames
  const found = valueAt(value, pointer);
  const about = (message: string, rest: Partial<PlacedProblem> = {}): PlacedProblem => ({
    at: displayPath(rest.pointer ?? pointer),
    message,
    pointer,
    isKey: false,
    ...rest,
  });
  switch (fault.keyword) {
    case 'if':
    case 'anyOf':
    case 'oneOf':
      return undefined;
    case 'additionalProperties': {
      const key = String(params.additionalProperty);
      const place = { pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, isKey: true };
      if (LATER.has(key)) return about('not available yet in this version', place);
      const keys = Object.keys((partOf(schema, fault).properties as object | undefined) ?? {});
      const what = /^\/sinks\/\d+$/.test(pointer) ? 'sink' : 'setting';
      return about(`no such ${what}`, { ...place, expected: keys.join(', '), suggestion: nearest(key, keys) });
    }
    case 'propertyNames': {
      const key = String(params.propertyName);
      const place = { pointer: `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`, isKey: true };
      const expected = (partOf(schema, fault).propertyNames as Schema | undefined)?.description;
      return about(`found ${shown(key)}`, { ...place, expected: expected as string | undefined });
    }
    case 'required':
      return about(`"${params.missingProperty}" is missing`);
    case 'type': {
      const part = partOf(schema, fault);
      const expected = part.pattern === DURATION_PATTERN ? textExpected(part) : kinds(params.type);
      return about(`found ${shown(found)}`, { expected });
    }
    case 'enum': {
      const allowed = params.allowedValues as readonly unknown[];
      const texts = allowed.filter((one) => typeof one === 'string');
      return about(`found ${shown(found)}`, {
        expected: allowed.map(shown).join(' or '),
        suggestion: typeof found === 'string' ? nearest(found, texts) : undefined,
      });
    }
    case 'pattern':
      return about(`found ${shown(found)}`, { expected: textExpected(partOf(schema, fault)) });
    case 'minimum':
    case 'maximum':
    case 'exclusiveMinimum':
    case 'exclusiveMaximum':
      return about(`found ${shown(found)}`, { expected: `a number ${params.comparison} ${params.limit}` });
    case 'minItems':
      return about('found an empty list', { expected: 'at least one entry' });
    case 'minProperties':
    case 'maxProperties':
      return about(`found ${shown(found)}`, { expected: 'an object with one key, the name of a sink' });
    default:
      return about(fault.message ?? `fails "${fault.keyword}"`);
  }
}
