import { nearest } from '../../core/expression/nearest.ts';
import { allKinds, entriesOf } from '../catalogue/catalogue.ts';
import { entryJson, KIND_WORDS, type Kind } from '../catalogue/entry.ts';
import { missingSources } from '../catalogue/outputs.ts';
import { compose } from '../compose.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { print, printJson } from '../print.ts';
import { say, usageError } from '../report.ts';

/** A kind that a user names, in the plural or the singular. */
export function kindOf(command: string, word: string): Kind {
  const found = allKinds.find((kind) => kind === word || KIND_WORDS[kind] === word);
  if (found !== undefined) return found;
  const suggestion = nearest(word, allKinds);
  const hint = suggestion === undefined ? `expected ${allKinds.join(', ')}` : `did you mean ${suggestion}?`;
  throw usageError(`${command}: no such kind "${word}"; ${hint}`);
}

/** `packetloom list`: what is registered, one line each, or everything as JSON. */
export async function runList(
  word: string,
  options: { readonly json?: boolean; readonly plugin?: string[] },
): Promise<void> {
  const kind = kindOf('list', word);
  const { registry } = await compose(pluginRequests([], options.plugin));
  const entries = await entriesOf(registry, kind);
  if (kind === 'interfaces') for (const line of await missingSources(registry)) say(`note: ${line}`);
  if (options.json === true) {
    printJson(entries.map(entryJson));
    return;
  }
  const width = Math.min(40, Math.max(0, ...entries.map(({ name }) => name.length)));
  print(
    entries
      .map(({ name, summary }) => `${name.padEnd(width)}  ${summary}`.trimEnd())
      .map((line) => `${line}\n`)
      .join(''),
  );
}
