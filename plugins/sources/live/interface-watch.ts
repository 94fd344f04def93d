import { readFileSync } from 'node:fs';

/** Linux's view of the interfaces of this process's network; other systems have none. */
const FOLDER = '/sys/class/net';
/** IFF_UP of <net/if.h>. */
const UP = 1;

/** How an interface is, seen from when its capture was opened. */
export type Presence =
  | 'up'
  | 'down'
  | 'gone'
  /** Another interface of the same name has taken its place. */
  | 'replaced'
  /** It cannot be looked at here. */
  | 'unknown';

interface Reading {
  readonly index: number;
  readonly up: boolean;
  readonly received: number;
  readonly missed: number;
}

/** Looks at an interface now and then: whether it is there and up, and what it counts itself. */
export class InterfaceWatch {
  readonly #name: string;
  #first: Reading | undefined;
  #last: Reading | undefined;
  /** The counts began anew since the first opening. */
  #broken = false;

  constructor(name: string) {
    this.#name = name;
  }

  /** A capture has been opened: what is counted counts from the first time on. */
  opened(): void {
    const now = isOfThisNetwork(this.#name) ? readInterface(this.#name) : undefined;
    if (this.#first === undefined) this.#first = now;
    else if (now?.index !== this.#last?.index) this.#broken = true;
    this.#last = now;
  }

  look(): Presence {
    if (this.#last === undefined) return 'unknown';
    const now = readInterface(this.#name);
    if (now === undefined) return 'gone';
    if (now.index !== this.#last.index) return 'replaced';
    this.#last = now;
    return now.up ? 'up' : 'down';
  }

  /** Frames it has received since the first opening, by its own count; null when that is not known. */
  get received(): number | null {
    return this.#since('received');
  }

  /** Frames it had no room for since then, as libpcap counts them too: rx_missed_errors and rx_fifo_errors. */
  get missed(): number | null {
    return this.#since('missed');
  }

  #since(count: 'received' | 'missed'): number | null {
    if (this.#first === undefined || this.#last === undefined || this.#broken) return null;
    return this.#last[count] - this.#first[count];
  }
}

function readInterface(name: string): Reading | undefined {
  try {
    const number = (file: string) => Number(readFileSync(`${FOLDER}/${name}/${file}`, 'latin1'));
    return {
      index: number('ifindex'),
      up: (number('flags') & UP) !== 0,
      received: number('statistics/rx_packets'),
      missed: number('statistics/rx_missed_errors') + number('statistics/rx_fifo_errors'),
    };
  } catch {
    return undefined;
  }
}

/**
 * A mounted /sys may be that of another network namespace, with an interface of the same name; /proc/net is always this
 * process's own. It is the same interface when the count there encloses the one here.
 */
function isOfThisNetwork(name: string): boolean {
  if (name.includes('/')) return false;
  try {
    const before = receivedByProc(name);
    const here = readInterface(name)?.received;
    return here !== undefined && before <= here && here <= receivedByProc(name);
  } catch {
    return false;
  }
}

/** NaN when there is no such interface. */
function receivedByProc(name: string): number {
  const line = readFileSync('/proc/net/dev', 'latin1')
    .split('\n')
    .find((one) => one.trimStart().startsWith(`${name}:`));
  // bytes, then packets
  return Number(
    line
      ?.slice(line.indexOf(':') + 1)
      .trim()
      .split(/\s+/)[1],
  );
}
