/** Pattern of a size in bytes, for JSON Schema: `64MiB`, `1GB`, `65536`. */
export const SIZE_PATTERN = '^[0-9]+(?:[KMGTkmgt]i?[Bb]?|[Bb])?$';

/** Bytes of `64MiB`, `1GB`, `65536`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const match = /^([0-9]+)(?:([KMGT])(i?)B?|B)?$/i.exec(text);
  if (match === null) return undefined;
  const power = ' KMGT'.indexOf((match[2] ?? ' ').toUpperCase());
  return Number(match[1]) * (match[3] ? 1024 : 1000) ** power;
}
