import { hexText } from '../../core/frame/text.ts';
import { utcText } from '../../core/frame/time-text.ts';

/** Seconds from 1601 to 1970. */
const EPOCH = 11_644_473_600n;

/** A GUID: the first three groups stand least significant byte first ([MS-DTYP] section 2.3.4). */
export function guidText(view: Uint8Array, at: number): string {
  const reversed = (from: number, size: number) =>
    Array.from({ length: size }, (_, i) => hexText(view, at + from + size - 1 - i, 1)).join('');
  return `${reversed(0, 4)}-${reversed(4, 2)}-${reversed(6, 2)}-${hexText(view, at + 8, 2)}-${hexText(view, at + 10, 6)}`;
}

/** A FILETIME: tenths of microseconds since 1601 ([MS-DTYP] section 2.3.3). */
export function fileTimeText(view: Uint8Array, at: number): string {
  let value = 0n;
  for (let i = 7; i >= 0; i -= 1) value = (value << 8n) | BigInt(view[at + i]!);
  if (value === 0n) return 'No time specified (0)';
  return utcText(Number(value / 10_000_000n - EPOCH), Number(value % 10_000_000n) * 100);
}
