import type { Dissector, Level } from '../../core/declare/dissector.ts';
import type { Registry } from '../../core/declare/registry.ts';
import type { Claim, Table } from '../../core/declare/table.ts';
import { ANOMALY_CODES } from '../../core/frame/anomaly.ts';
import { fieldNames, fieldTable } from './fields.ts';
import { code, link, plain, row } from './markdown.ts';
import { dissectorSources } from './sources.ts';

/** Contents by name of the file in `docs/reference/`. */
export type Pages = ReadonlyMap<string, string>;

const LEVELS: Readonly<Record<Level, string>> = {
  link: 'Link layer',
  network: 'Network layer',
  transport: 'Transport layer',
  tunnel: 'Tunnels',
  application: 'Applications',
};

/** First line of every page. */
export const NOTE = '<!-- Made from the declarations by `npm run docs`; not edited by hand. -->';

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0;

const page = (title: string, ...parts: readonly string[]): string =>
  `${[NOTE, `# ${title}`, ...parts].filter((part) => part !== '').join('\n\n')}\n`;

const fileOf = ({ name }: Dissector): string => `${name}.md`;

function numberText({ display }: Table, number: number): string {
  return display === 'hex' ? `0x${number.toString(16).padStart(4, '0')}` : String(number);
}

/** Claims in words: the numbers of one table together. */
function claimsText(claims: readonly Claim[]): string {
  const tables = new Map<string, { table: Table; numbers: string[] }>();
  for (const { table, number } of claims) {
    const entry = tables.get(table.name) ?? { table, numbers: [] };
    entry.numbers.push(number < 0 ? 'by its own bytes' : numberText(table, number));
    tables.set(table.name, entry);
  }
  return [...tables.values()].map(({ table, numbers }) => `${tableLink(table)} ${numbers.join(', ')}`).join('; ');
}

const tableLink = ({ name }: Table): string => link(code(name), `tables.md#${name.replaceAll('.', '')}`);

function dissectorPage(dissector: Dissector, comment: string): string {
  const { name, title, level, claims, tables, minimum, key, accept, fields } = dissector;
  const handed = [...new Map(tables.map((table) => [table.name, table])).values()];
  const keyFields = [...key.pairs.map((pair) => pair.map(code).join(' with ')), ...key.symmetric.map(code)];
  const facts = [
    `${LEVELS[level]}; ${minimum === 0 ? 'no fixed length' : `at least ${minimum} bytes`}.`,
    claims.length === 0
      ? ''
      : `Found by ${claimsText(claims)}${accept === undefined ? '' : ', if its bytes look like it'}.`,
    handed.length === 0 ? '' : `Hands on by ${handed.map(tableLink).join(', ')}.`,
    keyFields.length === 0 ? '' : `Can be part of a flow key: ${keyFields.join('; ')}.`,
  ].filter((fact) => fact !== '');
  const table = fieldNames(fields).length === 0 ? 'It has no fields.' : fieldTable(fields);
  return page(`${name}: ${title}`, plain(comment), facts.join('\n'), table);
}

function tablesPage(registry: Registry): string {
  const dissectors = [...registry.dissectors.values()];
  const parts = [...registry.tables.values()].toSorted(byName).map((table) => {
    const owners = dissectors.filter(({ tables }) => tables.some(({ id }) => id === table.id)).map(({ name }) => name);
    const claims = dissectors
      .flatMap((dissector) => dissector.claims.map((claim) => ({ ...claim, dissector })))
      .filter((claim) => claim.table.id === table.id)
      .toSorted((a, b) => (a.number < 0 ? 1 : 0) - (b.number < 0 ? 1 : 0) || a.number - b.number);
    const lines = claims.map(
      ({ number, dissector }) =>
        `${number < 0 ? 'by its own bytes' : numberText(table, number)} ${link(dissector.name, fileOf(dissector))}`,
    );
    const by = owners.length === 0 ? '' : ` Looked up by ${owners.map((name) => link(name, `${name}.md`)).join(', ')}.`;
    return `## ${table.name}\n\n${plain(table.title)}.${by}\n\n${lines.length === 0 ? 'Nobody claims a number in it.' : lines.join(', ')}`;
  });
  return page(
    'Dispatch tables',
    'Where dissectors meet: one looks a number up, another claims it. `--decode-as <table>=<number>,<dissector>` goes before all claims.',
    ...parts,
  );
}

function fieldsPage(registry: Registry): string {
  const lines = [...registry.dissectors.values()].toSorted(byName).map((dissector) => {
    const names = fieldNames(dissector.fields);
    return `- ${link(dissector.name, fileOf(dissector))}: ${names.map(code).join(', ')}`;
  });
  const aliases = [...registry.fields].filter(([name, [first]]) => first!.field.name !== name);
  const others = aliases
    .map(
      ([name, entries]) => `- ${code(name)}: ${[...new Set(entries.map(({ field }) => code(field.name)))].join(', ')}`,
    )
    .toSorted();
  return page(
    'Fields',
    `${registry.fields.size - aliases.length} fields and ${aliases.length} other names for them. \`packetloom describe <field>\` says everything about one.`,
    lines.join('\n'),
    '## Other names',
    others.join('\n'),
  );
}

function indexPage(registry: Registry): string {
  const dissectors = [...registry.dissectors.values()].toSorted(byName);
  const parts = (Object.keys(LEVELS) as Level[]).map((level) => {
    const own = dissectors.filter((one) => one.level === level);
    const lines = own.map((one) =>
      row(link(one.name, fileOf(one)), plain(one.title), String(fieldNames(one.fields).length)),
    );
    return `## ${LEVELS[level]}\n\n${[row('dissector', 'protocol', 'fields'), row('---', '---', '---'), ...lines].join('\n')}`;
  });
  return page(
    'Reference',
    `${dissectors.length} dissectors. ${link('Fields', 'fields.md')} lists every field, ${link('Dispatch tables', 'tables.md')} says what leads where, ${link('Anomalies', 'anomalies.md')} what can be wrong with a frame.`,
    ...parts,
  );
}

/** What is wrong with frames, by the codes that summaries and field trees show. */
function anomaliesPage(): string {
  const codes = Object.entries(ANOMALY_CODES).map(([name, what]) => row(code(name), plain(what)));
  return page(
    'Anomalies',
    'A frame is never an error: what is wrong with it is counted by these codes in the summary of a run, and `inspect` shows it with its place.',
    [row('code', 'what it is'), row('---', '---'), ...codes].join('\n'),
  );
}

/** Every page of the reference, from what the registry declares. The same declarations give the same bytes. */
export function referencePages(registry: Registry): Pages {
  const sources = dissectorSources();
  const pages = new Map([
    ['README.md', indexPage(registry)],
    ['fields.md', fieldsPage(registry)],
    ['tables.md', tablesPage(registry)],
    ['anomalies.md', anomaliesPage()],
  ]);
  for (const dissector of registry.dissectors.values())
    pages.set(fileOf(dissector), dissectorPage(dissector, sources.get(dissector.name)?.comment ?? ''));
  return pages;
}
