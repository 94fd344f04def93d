import { createRequire } from 'node:module';

/** What the package `cap` 0.2.1 offers, as far as it is used; it brings no types. */
export interface CapModule {
  readonly Cap: CapConstructor;
}

interface CapConstructor {
  new (): CapSession;
  deviceList(): readonly {
    readonly name: string;
    readonly description?: string;
    readonly addresses: readonly { readonly addr?: string }[];
  }[];
}

/** A capture. The buffer given to `open` must stay referenced for as long as it is open: the binding does not hold it. */
export interface CapSession {
  open(device: string, filter: string, ringSize: number, buffer: Buffer): string;
  on(event: 'packet', listener: (length: number, truncated: boolean) => void): unknown;
  close(): void;
}

/** Loads the package. Throws what its loading throws. */
export function loadCap(): CapModule {
  return createRequire(import.meta.url)('cap') as CapModule;
}

/** DLT numbers whose LINKTYPE differs (libpcap pcap-common.c); Linux's numbers. */
const LINK_TYPES: Readonly<Record<number, number>> = { 11: 100, 12: 101, 13: 101, 14: 101, 15: 102, 16: 103 };

const NAMED: Readonly<Record<string, number>> = {
  NULL: 0,
  ETHERNET: 1,
  IEEE802_11_RADIO: 127,
  LINKTYPE_LINUX_SLL: 113,
  RAW: 101,
};

/** LINKTYPE number of what `open` returns: one of five names, or `Unknown linktype N`. */
export function linkTypeOf(answer: string): number | undefined {
  const known = NAMED[answer];
  if (known !== undefined) return known;
  const number = /^Unknown linktype (\d+)$/.exec(answer)?.[1];
  return number === undefined ? undefined : (LINK_TYPES[Number(number)] ?? Number(number));
}
