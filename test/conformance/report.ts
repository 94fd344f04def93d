import { registry } from './capture.ts';
import type { Results } from './compare.ts';
import { fieldsBelow, GOAL, missed, ownShare, stackShare, strictShare, total, unexplained } from './figures.ts';
import { number, percent, row, short, table } from './markdown.ts';
import type { Rule } from './rule.ts';
import { rangeRules } from './rules/ranges.ts';
import { stackRules } from './rules/stack.ts';
import { valueRules } from './rules/values.ts';
import type { FieldTally, Met, Tally } from './tally.ts';
import { DISABLED, PREFERENCES } from './tshark.ts';

/** The dissector that a field is told under. */
const ownerOf = (field: string): string => registry.fields.get(field)?.[0]?.dissector.name ?? 'frame';

const classesText = (classes: Iterable<[string, number]>) =>
  [...classes].map(([name, count]) => `${name === '' ? 'UNEXPLAINED' : name} (${number(count)})`).join(', ');

const exampleText = ({ example: { capture, frame, ours, theirs } }: Met, field: string) =>
  `${capture}, frame ${frame}: \`${field}\` ours ${short(ours)}, tshark ${short(theirs)}`;

/** The classes that were met: how often and where, the most frequent first. */
function classTable(tally: Tally, rules: readonly Pick<Rule<never>, 'name' | 'kind' | 'reason'>[]): string[] {
  const met = rules.flatMap((rule) => {
    const fields = [...tally.fields].flatMap(([field, { classes }]) => {
      const one = classes.get(rule.name);
      return one === undefined ? [] : [{ field, one }];
    });
    const count = fields.reduce((sum, { one }) => sum + one.count, 0);
    return count === 0 ? [] : [{ rule, count, fields }];
  });
  return table(
    ['class', 'who', 'reason', 'cells', 'fields', 'first met'],
    met
      .toSorted((one, other) => other.count - one.count)
      .map(({ rule, count, fields }) =>
        row(rule.name, rule.kind, rule.reason, count, fields.length, exampleText(fields[0]!.one, fields[0]!.field)),
      ),
  );
}

function dissectorTable(results: Results): string[] {
  const owners = new Map<string, [string, FieldTally][]>();
  for (const entry of results.values.fields) {
    const owner = ownerOf(entry[0]);
    owners.set(owner, [...(owners.get(owner) ?? []), entry]);
  }
  const names = ['frame', ...registry.dissectors.keys()].filter((name) => owners.has(name));
  const rows = names.map((name) => {
    const fields = owners.get(name)!;
    const ranges = fields.flatMap(([field]) => results.ranges.fields.get(field) ?? []);
    const values = total(fields.map(([, tally]) => tally));
    const places = total(ranges);
    const classes = new Map<string, number>();
    for (const one of [...fields.map(([, tally]) => tally), ...ranges]) {
      for (const [label, { count }] of one.classes) classes.set(label, (classes.get(label) ?? 0) + count);
    }
    const frames = name === 'frame' ? results.both : (results.frames.get(name) ?? 0);
    const shares = [values.cells, values.equal, percent(strictShare(values)), places.cells, places.equal];
    return row(name, fields.length, frames, ...shares, classesText(classes));
  });
  return table(['dissector', 'fields', 'frames', 'cells', 'equal', 'share', 'places', 'equal', 'differences'], rows);
}

const belowTable = (tally: Tally) =>
  table(
    ['field', 'cells', 'equal', 'share', 'equal alone', 'on one side', 'own share', 'differences'],
    fieldsBelow(tally).map(([field, one]) => {
      const sum = total([one]);
      const classes = [...one.classes].map(([name, { count }]): [string, number] => [name, count]);
      const shares = [percent(strictShare(one)), one.alone, sum.onOneSide, percent(ownShare(sum))];
      return row(`\`${field}\``, one.cells, one.equal, ...shares, classesText(classes));
    }),
  );

function summaryTable(results: Results): string[] {
  const line = (name: string, tally: Tally) => {
    const sum = total(tally.fields.values());
    const shares = [percent(strictShare(sum)), sum.alone, sum.onOneSide, percent(ownShare(sum))];
    return row(name, tally.fields.size, sum.cells, sum.equal, ...shares, unexplained(tally).length);
  };
  return table(
    ['', 'fields', 'cells', 'equal', 'share', 'equal alone', 'on one side', 'own share', 'fields unexplained'],
    [
      line('values', results.values),
      line('places', results.ranges),
      line('lists of layers (`frame.protocols`)', results.stackTally),
    ],
  );
}

function unexplainedTable(results: Results): string[] {
  const open = [results.values, results.ranges, results.stackTally].flatMap(unexplained);
  if (open.length === 0) return ['None.'];
  return table(
    ['field', 'cells', 'first met'],
    open.map(([field, { classes }]) =>
      row(`\`${field}\``, classes.get('')!.count, exampleText(classes.get('')!, field)),
    ),
  );
}

function goalLines(results: Results): string[] {
  const lines = missed(results);
  return lines.length === 0 ? ['All are reached.'] : ['Not reached:', '', ...lines.map((line) => `- ${line}`)];
}

const code = (texts: readonly string[]) => texts.map((text) => `\`${text}\``).join(', ');

/** The page that tells the results. */
export function reportOf(results: Results, shared: number, tshark: string): string {
  const { captures, both, theirsOnly, oursOnly, refused } = results;
  return `${[
    '# Conformance with tshark',
    '',
    `Every field that packetloom and tshark ${tshark} share, over ${number(captures)} captures with ${number(both)} frames: values (all occurrences of a field in a frame are one cell) against \`tshark -T fields\`, and places in the frame against \`tshark -T json -x\`. A cell counts when one side has a value. Frames are matched by their place in the file. Made by \`npm run conformance\`.`,
    '',
    ...summaryTable(results),
    '',
    '- **equal alone**: tshark differs by what it remembers of other frames (a handshake, a request, a call that was set up); asked about the frame without the others of its conversation it says what packetloom says.',
    '- **on one side**: cells of layers that only one side has, because packetloom has no such dissector, or because a port alone claimed the bytes and their own check refused them.',
    '- **own share**: what is equal, alone or not, of the cells that are not on one side.',
    '',
    `Goals: ${percent(GOAL.overall)} of all values and ${percent(GOAL.field)} of the values of every field with ${GOAL.cells} cells or more, each as own share, and no difference without a reason; at least ${GOAL.fields} fields. Lists of layers are the same in ${percent(stackShare(results))} of the frames, but for what is on one side. ${goalLines(results).join('\n')}`,
    '',
    `${number(shared)} fields have the same name on both sides; those that no frame of these captures has are not counted above. tshark makes ${theirsOnly} frames without bytes of blocks that are none; packetloom reads ${oursOnly} frames that tshark does not, behind what makes it give up a file.${refused.length === 0 ? '' : ` Of a format that packetloom does not read: ${code(refused)}.`}`,
    '',
    `Preferences of tshark: ${code(PREFERENCES)}. Protocols switched off in it, as they carry what packetloom has, or take bytes from it: ${code(DISABLED)}.`,
    '',
    '## Dissectors',
    '',
    'Fields that several dissectors share, and aliases, are told under the first of them.',
    '',
    ...dissectorTable(results),
    '',
    '## Classes of differences in values',
    '',
    ...classTable(results.values, valueRules),
    '',
    '## Classes of differences in places',
    '',
    ...classTable(results.ranges, rangeRules),
    '',
    '## Classes of differences in lists of layers',
    '',
    ...classTable(results.stackTally, stackRules),
    '',
    `## Fields with ${GOAL.cells} cells or more of which fewer than ${percent(GOAL.field)} are equal`,
    '',
    'Values:',
    '',
    ...belowTable(results.values),
    '',
    'Places:',
    '',
    ...belowTable(results.ranges),
    '',
    '## Unexplained',
    '',
    ...unexplainedTable(results),
  ].join('\n')}\n`;
}
