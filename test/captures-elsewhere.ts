import { existsSync } from 'node:fs';

/**
 * Defines tests of captures that do not belong to this repository, where they lie beside it; else says what is left out.
 * Such a test is not a skipped one: nothing that could be installed is missing.
 */
export function whereThere(path: string, what: string, define: () => void): void {
  if (existsSync(path)) define();
  else console.log(`left out: ${what}: its captures are not here`);
}
