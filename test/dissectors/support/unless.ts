/** Skips a test and prints why, when there is a reason to. */
export function unless(reason: string | undefined, skip: (reason: string) => never): void {
  if (reason === undefined) return;
  console.warn(`skipped: ${reason}`);
  skip(reason);
}
