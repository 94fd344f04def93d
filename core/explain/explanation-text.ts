import { printable } from '../printable.ts';
import type { ExplainedFeature, ExplainedFrame, ExplainedPart, Explanation } from './explanation.ts';

/** Lines of a table: numbers and all else to the right, the first line names the columns. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) => `  ${row.map((text, i) => text.padStart(widths[i]!)).join('  ')}`.trimEnd());
}

/** Whether the frame took part, and if not why. */
function takenText({ taken, conditions }: ExplainedFrame): string {
  if (taken) return 'yes';
  const failed = conditions.find(({ holds }) => holds !== true);
  if (failed === undefined) return 'no value';
  const { expression, holds } = failed;
  if (holds === null) return `no: ${expression} is empty`;
  return `no: ${expression.startsWith('not ') ? expression.slice(4) : `not ${expression}`}`;
}

const cellsText = (cells: readonly string[]): string => cells.map((cell) => (cell === '' ? '-' : cell)).join(' ');

function partLines(part: ExplainedPart, { name, expression, columns, unit: printed }: ExplainedFeature): string[] {
  const { frames, unit } = part;
  const terms = Object.keys(frames[0]?.state ?? {});
  const alone = part.expression === expression;
  const withUnit = (text: string, of: string): string => (of === '' ? text : `${text} (${of})`);
  const after = columns.length > 1 ? `${name} after it` : withUnit(`${name} after it`, printed);
  const has = part.expression !== '';
  const head = [
    'frame',
    'time',
    'since start (s)',
    'direction',
    ...(has ? [withUnit(part.value, unit), 'taken'] : []),
    ...terms,
    ...(has && !alone ? [part.expression] : []),
    after,
  ];
  const rows = frames.map((frame) => [
    String(frame.number),
    frame.time === '' ? '-' : frame.time,
    frame.since_start,
    frame.direction,
    ...(has ? [frame.values.length === 0 ? '-' : frame.values.join(' '), takenText(frame)] : []),
    ...terms.map((term) => frame.state[term] ?? '-'),
    ...(has && !alone ? [frame.result] : []),
    cellsText(frame.cells),
  ]);
  const title = has ? [`${part.expression}: ${part.description}`] : [part.description];
  return [...title, ...table([head, ...rows])];
}

function featureLines(feature: ExplainedFeature): string[] {
  const { name, description, expression, parts, formula, columns, cells } = feature;
  const ends = columns.map((column, i) => `${column} = ${cells[i]!}`);
  return [
    `feature ${name}${description === '' ? '' : `: ${description}`}`,
    `is      ${expression}`,
    '',
    ...parts.flatMap((part) => [...partLines(part, feature), '']),
    ...formula.filter((line) => line !== ends[0]),
    ...ends,
  ];
}

/** An explanation for people. Each feature ends in lines with its columns as the row has them. */
export function explanationText(explanation: Explanation): string {
  const { flow_id, segment, segments, source, destination, protocol, start, end, frames, end_reason, kept } =
    explanation;
  const rows = segments > 1 ? `, row ${segment + 1} of ${segments} of its flow` : '';
  const lines = [
    `flow    ${flow_id}/${segment}${rows}${kept ? '' : ', not written: "keep" leaves it out'}`,
    `from    ${source} to ${destination}, protocol ${protocol}`,
    `time    ${start} to ${end}, ${frames} frames, ended: ${end_reason}`,
    ...explanation.features.flatMap((feature) => ['', ...featureLines(feature)]),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}
