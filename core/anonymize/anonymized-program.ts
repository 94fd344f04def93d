import { formatAddress, parseAddress } from '../expression/address.ts';
import type { Output } from '../expression/output.ts';
import type { FlowFacts, Program } from '../expression/program.ts';
import type { ColumnData } from '../flow/rows.ts';
import type { Anonymizer } from './anonymizer.ts';

type Replace = (data: ColumnData, row: number) => void;

/** Items of a list stand between semicolons in one text. */
const SEPARATOR = ';';

function replacedText(anonymizer: Anonymizer, text: string): string {
  const address = parseAddress(text);
  return address === undefined ? text : formatAddress(anonymizer.address(address.value));
}

function replacerOf(anonymizer: Anonymizer, { node, writing }: Output): Replace | undefined {
  if (writing === 'source' || writing === 'destination') {
    return ({ words, extra }, row) => anonymizer.words(words, 4 * row, extra[row]!);
  }
  if (node.type.kind !== 'address' || node.type.length === undefined) return undefined;
  return ({ texts }, row) => {
    const text = texts[row];
    if (typeof text !== 'string') return;
    texts[row] = text
      .split(SEPARATOR)
      .map((one) => replacedText(anonymizer, one))
      .join(SEPARATOR);
  };
}

/**
 * The same program with the key's addresses and lists of addresses replaced in its rows. Everything is computed from the
 * true ones; single addresses are replaced by the program itself (see `mapAddresses`). `flow_id` is another one from here
 * on, in `keep` too: the reader of the rows knows no other.
 */
export function anonymizedProgram(program: Program, outputs: readonly Output[], anonymizer: Anonymizer): Program {
  const steps = outputs
    .flatMap((output) => output.columns.map(() => replacerOf(anonymizer, output)))
    .flatMap((replace, index) => (replace === undefined ? [] : [{ replace, index }]));
  let high = -1;
  let low = -1;
  // One flow is asked about several times.
  const seal = (facts: FlowFacts): void => {
    if (facts.idHigh === high && facts.idLow === low) return;
    anonymizer.seal(facts);
    high = facts.idHigh;
    low = facts.idLow;
  };
  return {
    ...program,
    keep(slots, at, objects, facts) {
      seal(facts);
      return program.keep(slots, at, objects, facts);
    },
    finish(slots, at, objects, facts, rows, row) {
      seal(facts);
      program.finish(slots, at, objects, facts, rows, row);
      for (const { replace, index } of steps) replace(rows.data[index]!, row);
    },
  };
}
