import { namesOf } from '../names.ts';
import { nameText, skipName } from './dns-name.ts';

/** Letters of a name in its first-level encoding (RFC 1001, 14.1): two for each of 16 bytes. */
const ENCODED = 32;
const A = 0x41;
const CHARACTERS = 15;

const suffixes = namesOf('netbios-suffixes');

const shown = (code: number): string =>
  code >= 0x20 && code < 0x7f ? String.fromCharCode(code) : `<${code.toString(16).padStart(2, '0')}>`;

/** The 15 characters of a name, without the spaces at its end; what is not printable in angle brackets. */
export function plainNetbiosName(view: Uint8Array, at: number): string {
  let length = CHARACTERS;
  while (length > 0 && view[at + length - 1] === 0x20) length -= 1;
  let name = '';
  for (let i = 0; i < length; i += 1) name += shown(view[at + i]!);
  return name;
}

/** What the last byte of a name says the name is for. */
export const suffixText = (suffix: number): string => suffixes[suffix] ?? 'Unknown';

/** An encoded name as text, with its suffix and its scope; `use` adds what the suffix says. */
export function netbiosName(view: Uint8Array, at: number, end: number, base: number, use: boolean): string {
  let place = at;
  for (let hops = 0; place < end && view[place]! >= 0xc0; hops += 1) {
    const target = base + (((view[place]! & 0x3f) << 8) | view[place + 1]!);
    if (target >= place || hops > 8) return '<Name contains a pointer that loops>';
    place = target;
  }
  if (place + 1 + ENCODED > end || view[place] !== ENCODED) return nameText(view, at, end, base);
  const plain = new Uint8Array(CHARACTERS + 1);
  for (let i = 0; i < ENCODED; i += 1) {
    const nibble = view[place + 1 + i]! - A;
    if (nibble < 0 || nibble > 25)
      return `Illegal NetBIOS name (${i % 2 === 0 ? '1st' : '2nd'} character not between A and Z in first-level encoding)`;
    plain[i >> 1] = (plain[i >> 1]! << 4) | nibble;
  }
  const scopeAt = place + 1 + ENCODED;
  const hasScope = scopeAt < end && view[scopeAt] !== 0 && skipName(view, scopeAt, end) > 0;
  const scope = hasScope ? `.${nameText(view, scopeAt, end, base)}` : '';
  const suffix = plain[CHARACTERS]!;
  const name = `${plainNetbiosName(plain, 0)}<${suffix.toString(16).padStart(2, '0')}>${scope}`;
  return use ? `${name} (${suffixText(suffix)})` : name;
}
