import { createHash } from 'node:crypto';
import { PacketloomError } from '../errors.ts';
import type { Program } from '../expression/program.ts';
import { type Column, column } from '../flow/rows.ts';
import { RuleMatcher } from './matcher.ts';
import type { LabelRules } from './rule.ts';

/** What labels did in a run. */
export interface LabelCounts {
  readonly rules: number;
  /** Rows that some rule fits. */
  readonly labelled: number;
  /** Rows that no rule fits. */
  readonly others: number;
  /** Rows by label, the default too where rows have it. */
  readonly byLabel: Readonly<Record<string, number>>;
  /** Rules that were never the first to fit, with their labels. */
  readonly unmatched: readonly { readonly rule: string; readonly label: string }[];
}

/** Joins labels onto the rows of a run, by rules over addresses, ports, protocol and time. */
export class Labels {
  /** SHA-256 of the rules, wherever they were written. */
  readonly digest: string;
  readonly #rules: LabelRules;
  readonly #matcher: RuleMatcher;
  #others = 0;

  constructor(rules: LabelRules) {
    this.#rules = rules;
    this.#matcher = new RuleMatcher(rules);
    const meant = rules.rules.map(({ place: _, ...rule }) => rule);
    this.digest = createHash('sha256')
      .update(JSON.stringify({ ...rules, rules: meant }))
      .digest('hex');
  }

  /**
   * The same program with the label columns behind its own. Rules see the true addresses, also where rows do not.
   * @throws PacketloomError `configuration` when a column has the name of one of them.
   */
  around(program: Program): Program {
    const { columns: names, fallback } = this.#rules;
    const clash = program.columns.find(({ name }) => names.includes(name));
    if (clash !== undefined) {
      throw new PacketloomError('configuration', `labels: a column "${clash.name}" is among the features already`);
    }
    const first = program.columns.length;
    const matcher = this.#matcher;
    const nothing = names.map((_, i) => (i === 0 && fallback !== '' ? fallback : null));
    const texts = matcher.rules.map(({ values }) => values.map((value) => (value === '' ? null : value)));
    return {
      ...program,
      columns: [...program.columns, ...names.map((name) => labelColumn(name))],
      finish: (slots, at, objects, facts, rows, row) => {
        program.finish(slots, at, objects, facts, rows, row);
        const found = matcher.find(facts);
        if (found < 0) this.#others += 1;
        const values = found < 0 ? nothing : texts[found]!;
        for (let i = 0; i < values.length; i += 1) rows.data[first + i]!.texts[row] = values[i]!;
      },
    };
  }

  counts(): LabelCounts {
    const { rules, matched } = this.#matcher;
    const { fallback } = this.#rules;
    const byLabel: Record<string, number> = {};
    const add = (label: string, count: number): void => {
      if (count > 0) byLabel[label] = (byLabel[label] ?? 0) + count;
    };
    rules.forEach(({ values }, i) => {
      add(values[0]!, matched[i]!);
    });
    if (fallback !== '') add(fallback, this.#others);
    return {
      rules: rules.length,
      labelled: matched.reduce((sum, count) => sum + count, 0),
      others: this.#others,
      byLabel,
      unmatched: rules.flatMap(({ place, values }, i) =>
        matched[i] === 0 ? [{ rule: place, label: values[0]! }] : [],
      ),
    };
  }
}

function labelColumn(name: string): Column {
  const description =
    name === 'label'
      ? 'Label of the first rule that fits the flow.'
      : `"${name}" of the first rule that fits the flow.`;
  return column(name, 'text', { description });
}
