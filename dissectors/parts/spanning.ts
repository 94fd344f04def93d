import type { Field, Locate } from '../../core/declare/field.ts';

/**
 * The same field, shown over more bytes than its value lies in: the type of an option over the whole option, a worked-out
 * value over what it is made of.
 */
export const spanning = (field: Field, measure: number | Locate): Field =>
  Object.freeze({ ...field, measure: typeof measure === 'number' ? () => measure : measure });
