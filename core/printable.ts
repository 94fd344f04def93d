/**
 * What a terminal would obey or show as something else: control characters (C0, DEL, C1, so every escape sequence), marks
 * and overrides of writing direction (which make a text look like another one), line and paragraph separators.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** By sign: its escape in JSON, and in C. */
const SHORT: Readonly<Record<string, string>> = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' };

const escaped = (sign: string): string => SHORT[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text from packets, files or the user as one line that does nothing to a terminal: what it would obey is escaped as JSON
 * does it (`\n`, `\u001b`, `\u202e`), so that JSON stays JSON with the same values.
 */
export const printable = (text: string): string => text.replace(UNSAFE, escaped);

/** {@link printable} for several lines, and columns between tabs. */
export const printableLines = (text: string): string =>
  text.replace(UNSAFE, (sign) => (sign === '\n' || sign === '\t' ? sign : escaped(sign)));
