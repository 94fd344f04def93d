import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PacketloomError } from '../errors.ts';
import { nearest } from '../expression/nearest.ts';
import { pointerOf, type Where } from '../run/configuration.ts';
import { parseJson, placeInDocument } from '../run/json-document.ts';
import { type Problem, problemError } from '../run/problem.ts';
import { SyntaxProblem } from '../run/text-position.ts';
import { parseCsv } from './parse-csv.ts';
import { CONDITIONS, isCondition, readRule } from './read-rule.ts';
import type { LabelRules } from './rule.ts';

/** A rule as it was written. */
interface Written {
  readonly cells: ReadonlyMap<string, string>;
  /** Where the rule is, for the summary: `rules.csv:7`. */
  readonly place: string;
  where(name: string): Where;
}

interface WrittenRules {
  /** Names of all columns, in their order, and where each is named first. */
  readonly names: ReadonlyMap<string, Where>;
  readonly rules: readonly Written[];
  readonly problems: readonly Problem[];
}

/** A rule as a configuration or JSON file has it: numbers as they are, several alternatives as a list. */
export type LabelRuleConfiguration = Readonly<Record<string, string | number | readonly (string | number)[]>>;

/** `labels` in a configuration. */
export interface LabelsConfiguration {
  /** Path of a CSV or JSON file (from the configuration's folder), or the rules themselves. */
  readonly rules: string | readonly LabelRuleConfiguration[];
  /** Label of flows that no rule fits; empty where not stated. */
  readonly default?: string;
  readonly time?: LabelRules['time'];
}

const LABEL = 'label';

function fromCsv(text: string, file: string): WrittenRules {
  const { records, faults } = parseCsv(text);
  const problems: Problem[] = faults.map(({ line, column, message }) => ({ at: '', file, line, column, message }));
  const [head, ...rest] = records;
  const heads = head?.cells ?? [];
  const names = new Map<string, Where>();
  for (const { text: written, line, column } of heads) {
    const name = written.trim();
    if (name === '') problems.push({ at: '', file, line, column, message: 'a column without a name' });
    if (names.has(name)) problems.push({ at: name, file, line, column, message: 'stands twice' });
    names.set(name, { at: name, file, line, column });
  }
  const rules = rest.map(({ line, cells }): Written => {
    if (cells.length !== heads.length) {
      const message = `${cells.length} values, where the first line names ${heads.length} columns`;
      problems.push({ at: '', file, line, column: 1, message });
    }
    const places = new Map(cells.map((cell, i) => [heads[i]?.text.trim() ?? '', cell]));
    return {
      cells: new Map([...places].map(([name, cell]) => [name, cell.text])),
      place: `${file}:${line}`,
      where: (name) => ({
        at: name,
        file,
        line: places.get(name)?.line ?? line,
        column: places.get(name)?.column ?? 1,
      }),
    };
  });
  return { names, rules, problems };
}

/** Rules from a list of objects; `where` says where the part at a pointer in the list was written. */
function fromObjects(list: unknown, where: (pointer: string) => Where, placeOf: (i: number) => string): WrittenRules {
  const problems: Problem[] = [];
  if (!Array.isArray(list))
    return { names: new Map(), rules: [], problems: [{ ...where(''), message: 'expected a list of rules' }] };
  const names = new Map<string, Where>();
  const rules = list.map((one: unknown, i): Written => {
    const at = (name: string): Where => where(pointerOf(i, name));
    const cells = new Map<string, string>();
    if (typeof one !== 'object' || one === null || Array.isArray(one)) {
      problems.push({ ...where(pointerOf(i)), message: 'expected an object: a rule' });
    } else {
      for (const [name, value] of Object.entries(one)) {
        const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
        if (!parts.every((part) => typeof part === 'string' || typeof part === 'number')) {
          problems.push({ ...at(name), message: 'expected a text, a number, or a list of them' });
        }
        cells.set(name, parts.map(String).join('|'));
        if (!names.has(name)) names.set(name, at(name));
      }
    }
    return { cells, place: placeOf(i), where: at };
  });
  return { names, rules, problems };
}

function fromJson(text: string, file: string): WrittenRules {
  try {
    const document = parseJson(text);
    const whole = document.value as { rules?: unknown } | null;
    const base =
      typeof whole === 'object' && whole !== null && !Array.isArray(whole) && 'rules' in whole ? '/rules' : '';
    const lineOf = (pointer: string) => placeInDocument(document, base + pointer);
    return fromObjects(
      base === '' ? whole : whole!.rules,
      (pointer) => ({ at: pointer.split('/').at(-1) ?? '', file, ...lineOf(pointer) }),
      (i) => `${file}:${lineOf(pointerOf(i)).line}`,
    );
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw problemError(
      'configuration',
      [{ at: '', message: `not JSON: ${error.message}`, file, ...error.position }],
      error,
    );
  }
}

function textOf(path: string, file: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder' : String(code);
    throw new PacketloomError('configuration', `labels: ${file}: cannot be read: ${why}`, { cause });
  }
}

/** A misspelt condition would fit every flow: what is no condition stands behind the label. */
function slips(names: ReadonlyMap<string, Where>, needed: boolean): Problem[] {
  const problems: Problem[] = [];
  let behind = false;
  for (const [name, where] of names) {
    if (name === LABEL) behind = true;
    else if (!isCondition(name)) {
      const suggestion = nearest(name, CONDITIONS);
      const slip = suggestion !== undefined && !names.has(suggestion);
      if (behind && !slip) continue;
      const expected = `one of ${CONDITIONS.join(', ')}; further columns stand behind "label"`;
      problems.push({ ...where, message: `no such condition "${name}"`, ...(slip ? { suggestion } : { expected }) });
    }
  }
  if (!behind && needed) {
    const [first] = names.values();
    problems.push({ ...(first ?? { at: LABEL }), message: 'rules have no column "label"' });
  }
  return problems;
}

/**
 * Reads the rules of a configuration, from a file (JSON where its name ends so, else CSV) or as they stand.
 * @param base folder that a path starts from
 * @param where where the part of the configuration at a pointer in `rules` was written
 * @throws PacketloomError `configuration` with everything that is wrong, each with line and column.
 */
export function readLabelRules(
  { rules, default: fallback = '', time = 'start' }: LabelsConfiguration,
  base: string,
  where: (pointer: string) => Where,
): LabelRules {
  const written =
    typeof rules !== 'string'
      ? fromObjects(rules, where, (i) => `labels.rules[${i}]`)
      : rules.toLowerCase().endsWith('.json')
        ? fromJson(textOf(resolve(base, rules), rules), rules)
        : fromCsv(textOf(resolve(base, rules), rules), rules);
  const problems = [
    ...written.problems,
    ...slips(written.names, written.rules.length > 0 || typeof rules === 'string'),
  ];
  const further = [...written.names.keys()].filter((name) => !isCondition(name) && name !== LABEL);
  const columns = [LABEL, ...further];
  const read = written.rules.map(({ cells, place, where: at }) => {
    const values = columns.map((name) => (cells.get(name) ?? '').trim());
    if (values[0] === '' && written.names.has(LABEL))
      problems.push({ ...at(LABEL), message: 'a rule without a label' });
    return readRule(cells, values, place, (name, message, expected) =>
      problems.push({ ...at(name), message, expected }),
    );
  });
  if (problems.length > 0) throw problemError('configuration', problems);
  return { columns, rules: read, fallback, time };
}
