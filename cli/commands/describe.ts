import { nearest } from '../../core/expression/nearest.ts';
import { allKinds, entriesNamed, knownNames } from '../catalogue/catalogue.ts';
import { type Entry, entryJson } from '../catalogue/entry.ts';
import { compose } from '../compose.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { print, printJson } from '../print.ts';
import { usageError } from '../report.ts';
import { kindOf } from './list.ts';

const isPlain = (value: unknown): boolean => typeof value !== 'object' || value === null;

/** Details as lines for people: a list of objects has a line each. */
function lines(details: Readonly<Record<string, unknown>>, indent: string): string[] {
  return Object.entries(details).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
      return [];
    if (isPlain(value)) return [`${indent}${name}: ${value}`];
    if (Array.isArray(value)) {
      if (value.every(isPlain)) return [`${indent}${name}: ${value.join(', ')}`];
      return [`${indent}${name}:`, ...value.map((one) => `${indent}  ${oneLine(one)}`)];
    }
    const inner = lines(value as Record<string, unknown>, `${indent}  `);
    return inner.length === 0 ? [] : [`${indent}${name}:`, ...inner];
  });
}

function oneLine(value: unknown): string {
  if (isPlain(value)) return String(value);
  if (Array.isArray(value)) return value.map(oneLine).join(', ');
  const parts = Object.entries(value as object).filter(([, one]) => one !== null && one !== undefined && one !== '');
  return parts.map(([name, one]) => (name === 'name' ? String(one) : `${name} ${oneLine(one)}`)).join('; ');
}

const text = ({ kind, name, details }: Entry): string => `${[`${kind} ${name}`, ...lines(details, '  ')].join('\n')}\n`;

/** `packetloom describe`: one thing in full, or everything of that name. */
export async function runDescribe(
  name: string,
  options: { readonly json?: boolean; readonly kind?: string; readonly plugin?: string[] },
): Promise<void> {
  const kind = options.kind === undefined ? undefined : kindOf('describe', options.kind);
  const { registry } = await compose(pluginRequests([], options.plugin));
  const found = await entriesNamed(registry, name, kind);
  if (found.length === 0) {
    const suggestion = nearest(
      name,
      (kind === undefined ? allKinds : [kind]).flatMap((one) => [...knownNames(registry, one)]),
    );
    const hint = suggestion === undefined ? '' : `; did you mean ${suggestion}?`;
    throw usageError(`describe: nothing is called "${name}"${hint}`);
  }
  if (options.json !== true) {
    print(found.map(text).join('\n'));
    return;
  }
  if (found.length > 1) {
    const kinds = found.map((one) => one.kind);
    throw usageError(`describe: "${name}" is a ${kinds.join(' and a ')}: say which with --kind ${kinds[0]}`);
  }
  printJson(entryJson(found[0]!));
}
