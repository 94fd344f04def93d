/**
 * Whether tests must be left out because something is missing here, with the reason printed; where everything is
 * required (PACKETLOOM_REQUIRE_ALL=1) that is a failure.
 */
export function unavailable(what: string, obstacle: string | undefined): boolean {
  if (obstacle === undefined) return false;
  if (process.env.PACKETLOOM_REQUIRE_ALL === '1') throw new Error(`${what}: ${obstacle}`);
  console.warn(`skipped: ${what}: ${obstacle}`);
  return true;
}
