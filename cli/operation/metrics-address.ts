import { optionError } from '../report.ts';

/** Where metrics are served. */
export interface MetricsAddress {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
}

/**
 * `9477` is a port on 127.0.0.1; `0.0.0.0:9477`, `[::1]:9477` and `name:9477` say where else.
 * @throws PacketloomError `usage`
 */
export function metricsAddress(text: string): MetricsAddress {
  const match = /^(?:(?:\[([0-9a-f:.]+(?:%\w+)?)\]|([\w.-]+)):)?(\d{1,5})$/i.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) {
    throw optionError(`--metrics ${text}: expected a port or host:port, such as 9477 or [::1]:9477`);
  }
  return { host: match[1] ?? match[2] ?? '127.0.0.1', port };
}
