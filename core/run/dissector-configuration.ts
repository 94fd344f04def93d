import type { Level } from '../declare/dissector.ts';
import type { Display } from '../declare/field.ts';

/** One entry of `fields` in a dissector that JSON declares; a schema has looked at its shape. */
export interface FieldConfiguration {
  readonly name?: string;
  readonly type?: string;
  readonly bits?: number;
  readonly length?: number;
  readonly unused?: number;
  readonly title?: string;
  readonly unit?: string;
  readonly display?: Display;
  readonly scale?: number;
  readonly values?: Readonly<Record<string, string>>;
  readonly aliases?: readonly string[];
  readonly equals?: number | string | readonly (number | string)[];
}

/** A dissector as a configuration declares it: a protocol with a fixed header. */
export interface DissectorConfiguration {
  readonly name: string;
  readonly title: string;
  readonly level?: Level;
  readonly claims?: readonly { readonly table: string; readonly number: number | string }[];
  readonly fields: readonly FieldConfiguration[];
  readonly next?: { readonly table: string; readonly field: string };
}
