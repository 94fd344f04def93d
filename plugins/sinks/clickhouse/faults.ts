import { reasonOf } from '../../../core/deliver/reason.ts';

/**
 * Codes of the server's errors after which a delivery is tried again (ErrorCodes.cpp): a request cut short, timeouts,
 * too many queries or parts, memory, disk and replicas that are short, Keeper, a shutdown, faults of its libraries.
 */
const PASSING = new Set([
  3, 32, 33, 159, 160, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 279, 285, 286, 289, 305, 319, 394, 425, 439,
  473, 499, 701, 733, 735, 745, 999, 1000, 1001, 1002,
]);

/** Code of an error of the server; undefined for those of the network or the client. */
function codeOf(error: unknown): number | undefined {
  const { code, message = '' } = error as { code?: string; message?: string };
  if (code !== undefined && /^\d+$/.test(code)) return Number(code);
  const [, written] = /^Code: (\d+)[.,]/.exec(message) ?? [];
  return written === undefined ? undefined : Number(written);
}

/** Whether a fault stays however often a delivery is tried. */
export function isLasting(error: unknown): boolean {
  const code = codeOf(error);
  if (code !== undefined) return !PASSING.has(code);
  const { code: name = '', message = '' } = error as { code?: string; message?: string };
  return /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(name) || /^Port 9\d\d\d is for/.test(message);
}

/** What it says, on one line, with the server's code. */
export function faultText(error: unknown): string {
  const text = reasonOf(error);
  const code = codeOf(error);
  if (code === undefined) return text;
  // Older servers: Code: 60, e.displayText() = DB::Exception: Table ..., e.what() = DB::Exception
  const [, old = text] = /e\.displayText\(\) = DB::Exception: (.*), e\.what\(\)/.exec(text) ?? [];
  return `${old.replace(/[\s.]+$/, '')} (code ${code})`;
}
