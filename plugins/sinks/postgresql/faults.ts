import { reasonOf } from '../../../core/deliver/reason.ts';

/**
 * Classes of SQLSTATE after which a delivery is tried again: connection, rolled back transaction, resources (too many
 * connections, memory, disk full), object in use, operator intervention (restart), system error, internal error.
 */
const PASSING = new Set(['08', '40', '53', '55', '57', '58', 'XX']);
/** Of other classes: a server that only reads now, as after a failover; a transaction that was open for too long. */
const PASSING_CODES = new Set(['25006', '25P02', '25P03', '25P04']);
/** Database dropped. */
const LASTING_CODES = new Set(['57P04']);

/** What Node says of certificates that it does not trust, and pg of servers without TLS. */
const LASTING_TEXT = /certificate|does not support SSL|altnames|^SASL:|^SCRAM|invalid sasl/i;

/** SQLSTATE of an error of the server; undefined for others, such as EPIPE. */
function stateOf(error: unknown): string | undefined {
  const { code, severity } = error as { code?: string; severity?: string };
  return severity === undefined ? undefined : code;
}

/** Whether a fault stays however often a delivery is tried. */
export function isLasting(error: unknown): boolean {
  const state = stateOf(error);
  if (state !== undefined) {
    if (LASTING_CODES.has(state)) return true;
    return !PASSING.has(state.slice(0, 2)) && !PASSING_CODES.has(state);
  }
  const { code, message = '' } = error as { code?: string; message?: string };
  return LASTING_TEXT.test(message) || /^(?:ERR_TLS|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code ?? '');
}

/** What it says, on one line, with its SQLSTATE. */
export function faultText(error: unknown): string {
  const text = reasonOf(error);
  const state = stateOf(error);
  if (/password must be a (?:non-empty )?string/.test(text)) {
    return 'the server asks for a password: set PGPASSWORD, ~/.pgpass or password=env:NAME';
  }
  return state === undefined ? text : `${text} (SQLSTATE ${state})`;
}
