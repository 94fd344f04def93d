import type { FieldEntry } from '../declare/registry.ts';
import { firstText } from '../expression/leaves.ts';
import type { Frame } from '../frame/frame.ts';
import { numberIn } from '../frame/values.ts';

/** Addresses of up to 6 bytes are numbers in a key; other spans are numbered. */
export const isNumbered = ({ type }: FieldEntry['field']): boolean =>
  type === 'ipv6' || type === 'text' || type === 'bytes';

/** A field's value as a number: as it is, an address of up to 6 bytes as an integer, other spans by a number given to each. */
export function keyNumber(entry: FieldEntry, frame: Frame, texts: KeyTexts): number {
  const { field, path, dissector } = entry;
  const layer = frame.lastLayer[dissector.id] ?? -1;
  if (layer < 0) return Number.NaN;
  if (!isNumbered(field)) return numberIn(field, path, frame, layer);
  const text = firstText(entry, frame, layer);
  return text === null ? Number.NaN : texts.numberOf(text);
}

/** Texts, bytes and IPv6 addresses in keys, each with a number of its own. Grows with the distinct values seen. */
export class KeyTexts {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      number = this.#texts.push(text) - 1;
      this.#numbers.set(text, number);
    }
    return number;
  }

  text(number: number): string {
    return this.#texts[number]!;
  }
}
