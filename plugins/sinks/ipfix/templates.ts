import type { ColumnData } from '../../../core/flow/rows.ts';
import type { Field } from './fields.ts';
import { VARIABLE } from './values.ts';

/** Set ids (RFC 7011, section 3.3.2). */
export const TEMPLATE_SET = 2;
export const OPTIONS_TEMPLATE_SET = 3;
/** The lowest id of a template; here that of the options template with the names of own elements. */
export const OPTIONS_TEMPLATE = 256;
const HIGHEST_TEMPLATE = 65_535;

/** What records with the same fields have in common. */
export interface Template {
  readonly id: number;
  readonly fields: readonly Field[];
  /** The template record. */
  readonly record: Uint8Array;
  /** Bytes of a data record without its texts. */
  readonly fixed: number;
  readonly texts: number;
}

/** A field specifier (RFC 7011, section 3.2). */
export function specifier(id: number, length: number, enterprise = 0): number[] {
  const head = [(enterprise === 0 ? 0 : 0x80) | (id >> 8), id & 255, length >> 8, length & 255];
  if (enterprise === 0) return head;
  return [...head, enterprise >>> 24, (enterprise >> 16) & 255, (enterprise >> 8) & 255, enterprise & 255];
}

function templateOf(id: number, fields: readonly Field[]): Template {
  const specifiers = fields.flatMap(({ id: element, length, enterprise }) => specifier(element, length, enterprise));
  const record = Uint8Array.from([id >> 8, id & 255, fields.length >> 8, fields.length & 255, ...specifiers]);
  const lengths = fields.map(({ length }) => length).filter((length) => length !== VARIABLE);
  const fixed = lengths.reduce((sum, length) => sum + length, 0);
  return { id, fields, record, fixed, texts: fields.length - lengths.length };
}

interface Node {
  has: Node | undefined;
  not: Node | undefined;
  template: Template | undefined;
}

const node = (): Node => ({ has: undefined, not: undefined, template: undefined });

/** Finds the template of a row: there is one for each set of fields that rows had values for. */
export class Templates {
  readonly #fields: readonly Field[];
  readonly #root = node();
  readonly #refused: (field: Field) => void;
  #next = OPTIONS_TEMPLATE + 1;

  /** @param refused called for a row with a value that the type of the field does not hold: the record goes without it */
  constructor(fields: readonly Field[], refused: (field: Field) => void) {
    this.#fields = fields;
    this.#refused = refused;
  }

  /** Undefined when there are no ids left. */
  of(data: readonly ColumnData[], row: number): Template | undefined {
    let at = this.#root;
    for (const field of this.#fields) {
      if (field.has(data, row)) {
        at.has ??= node();
        at = at.has;
      } else {
        if (field.refuses?.(data, row) === true) this.#refused(field);
        at.not ??= node();
        at = at.not;
      }
    }
    if (at.template === undefined && this.#next <= HIGHEST_TEMPLATE) {
      const fields = this.#fields.filter((one) => one.has(data, row));
      at.template = templateOf(this.#next, fields);
      this.#next += 1;
    }
    return at.template;
  }
}
