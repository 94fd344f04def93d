import type { Kind } from '../catalogue/entry.ts';

/** A name in the forms that files need it in. */
export interface Names {
  /** As the user wrote it: small letters, digits, hyphens. */
  readonly name: string;
  /** Of field names: with underscores for hyphens. */
  readonly prefix: string;
}

/** What `packetloom new` writes for one kind of plugin. */
export interface Scaffold {
  /** Where the name must still be free. */
  readonly kind: Kind;
  /** Contents by file name. */
  readonly files: (names: Names) => Readonly<Record<string, string | Uint8Array>>;
  /** Commands to try next, in the folder of the files. */
  readonly next: (names: Names) => readonly string[];
}

/** The forms of a name. */
export function namesOf(name: string): Names {
  return { name, prefix: name.replaceAll('-', '_') };
}
