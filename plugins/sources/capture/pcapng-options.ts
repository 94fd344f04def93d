/** What stands behind the fixed part of a pcapng block: codes with values. */
export type OptionVisitor = (code: number, at: number, length: number) => void;

/**
 * Walks the options between `from` and `end`. A missing end mark is allowed.
 * @returns false when a value reaches past `end`
 */
export function readOptions(view: DataView, from: number, end: number, little: boolean, visit: OptionVisitor): boolean {
  let at = from;
  while (at + 4 <= end) {
    const code = view.getUint16(at, little);
    if (code === 0) return true;
    const length = view.getUint16(at + 2, little);
    if (at + 4 + length > end) return false;
    visit(code, at + 4, length);
    at += 4 + padded(length);
  }
  return true;
}

/** Length with the padding to 32 bits. */
export const padded = (length: number): number => (length + 3) & ~3;

/** Two 32-bit words as a float64: exact to 2^53. */
export function readWide(view: DataView, at: number, little: boolean): number {
  const high = view.getUint32(little ? at + 4 : at, little);
  return high * 0x100000000 + view.getUint32(little ? at : at + 4, little);
}

const decoder = new TextDecoder();

/** A text value: UTF-8, mended where it is none, without the zero that some writers put behind it. */
export function readText(view: DataView, at: number, length: number): string {
  return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + at, length)).replace(/\0+$/, '');
}
