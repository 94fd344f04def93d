import type { DifferenceClass } from './classes.ts';
import type { Findings } from './findings.ts';
import type { Tool } from './tool.ts';

/** A tool with what was found of its preset in both modes. */
export interface Compared {
  readonly tool: Tool;
  readonly corrected: Findings;
  readonly exact: Findings;
}

const VERDICTS: Readonly<Record<DifferenceClass['verdict'], string>> = {
  theirs: 'theirs is wrong',
  rule: 'another rule',
  unseen: 'theirs does not see it',
};

const count = (value: number): string => value.toLocaleString('en-US');
const share = (part: number, whole: number): string =>
  whole === 0 ? '' : part === whole ? '100 %' : `${(Math.floor((part / whole) * 1e5) / 1e3).toFixed(3)} %`;
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((one) => cell(String(one))).join(' | ')} |`;
const table = (head: readonly string[], rows: readonly string[]): string[] => [
  row(...head),
  row(...head.map(() => '---')),
  ...rows,
];

function summary(all: readonly Compared[]): string[] {
  const head = [
    'rows of',
    'preset',
    'mode',
    'captures',
    'rows',
    'matched',
    'cells',
    'equal',
    'share',
    'in classes',
    'unexplained',
  ];
  const lines = all.flatMap(({ tool, corrected, exact }) =>
    (
      [
        ['corrected', corrected],
        ['exact', exact],
      ] as const
    ).map(([mode, found]) => {
      const classes = [...found.tallies.values()].reduce((sum, one) => sum + one.cells, 0);
      return row(
        tool.folder,
        `\`${tool.preset.preset}\``,
        mode,
        found.captures,
        count(found.theirs),
        count(found.matched),
        count(found.cells),
        count(found.equal),
        share(found.equal, found.cells),
        mode === 'corrected' ? count(classes) : '',
        count(found.unexplained.length),
      );
    }),
  );
  return table(head, lines);
}

function section({ tool, corrected, exact }: Compared): string[] {
  const classes = [...corrected.tallies.values()].sort((a, b) => b.cells - a.cells || b.onlyOurs - a.onlyOurs);
  const head = ['class', 'verdict', 'cells', 'rows', 'only theirs', 'only ours', 'why', 'first seen'];
  const lines = classes.map(({ difference, cells, rows, onlyTheirs, onlyOurs, example }) =>
    row(
      difference.name,
      VERDICTS[difference.verdict],
      count(cells),
      count(rows.size),
      count(onlyTheirs),
      count(onlyOurs),
      difference.reason,
      example,
    ),
  );
  const leftOut = Object.entries(tool.leftOut).map(([name, why]) => `- \`${name}\`: ${why}.`);
  const captures = [...new Set([...corrected.leftOut, ...exact.leftOut])].map((one) => `- \`${one}\``);
  const errors = [...tool.readErrors].map((one) => `- \`${one}\`: rows from a read error of the tool`);
  const rest = exact.unexplained.slice(0, 20).map((one) => `- ${cell(one)}`);
  return [
    `## ${tool.title}`,
    '',
    `Preset \`${tool.preset.preset}\`, rows \`${tool.folder}\`: ${count(corrected.theirs)} rows of ${corrected.captures} captures${
      corrected.artefacts === 0 ? '' : `, less ${corrected.artefacts} rows of artefacts`
    }. Corrected: ${count(corrected.matched)} matched; ${count(corrected.cells - corrected.equal)} of ${count(corrected.cells)} cells differ, each for a named reason.`,
    '',
    ...table(head, lines),
    '',
    ...(rest.length === 0 ? [] : ['Not equal with `compatibility: exact`:', '', ...rest, '']),
    ...(leftOut.length === 0 ? [] : ['Columns that cannot be reproduced:', '', ...leftOut, '']),
    ...(captures.length + errors.length === 0 ? [] : ['Captures left out:', '', ...captures, ...errors, '']),
  ];
}

const HEAD = `# Presets against the tools they follow

Made by \`npm run presets\`, which runs each preset over the captures that the tool itself was run on and compares row by row. Rows are matched by the frames that made them: the tool's rules, written down a second time for this comparison, say which frames each of its rows holds. Cells are equal when their text is, or when they are numbers that differ by less than one part in 10^9; counts and bytes are whole numbers and must be equal.

A preset is *corrected* by default: every cell that differs and every row that only one side has belongs to a class below, which is a rule in code and not a list of cases. A row whose frames differ has the class of the first frame that the two sides put elsewhere; a row with the same frames has a class for each cell. With \`"compatibility": "exact"\` (\`-p nfstream --compatibility exact\`) the tool's own cutting and formulas are reproduced.
`;

/** The page, from everything that was found. */
export function page(all: readonly Compared[], tail: string): string {
  return `${[HEAD, ...summary(all), '', ...all.flatMap(section), tail.trim()].join('\n')}\n`;
}
