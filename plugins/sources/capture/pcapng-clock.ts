/** Times of one interface: `read` leaves its answer in `seconds` and `nanoseconds`, exactly, rounded down. */
export interface InterfaceClock {
  /** Whole Unix seconds. */
  readonly seconds: number;
  /** 0 to 999,999,999. */
  readonly nanoseconds: number;
  /** Takes a time stamp of two 32-bit words. */
  read(high: number, low: number): void;
}

/** 10^-n seconds, n up to 9: long division in steps that a float64 holds exactly. */
class DecimalClock implements InterfaceClock {
  seconds = 0;
  nanoseconds = 0;
  readonly #units: number;
  readonly #scale: number;
  readonly #offset: number;

  constructor(exponent: number, offset: number) {
    this.#units = 10 ** exponent;
    this.#scale = 10 ** (9 - exponent);
    this.#offset = offset;
  }

  read(high: number, low: number): void {
    const units = this.#units;
    const first = Math.floor(high / units);
    const upper = (high - first * units) * 65_536 + (low >>> 16);
    const second = Math.floor(upper / units);
    const lower = (upper - second * units) * 65_536 + (low & 0xffff);
    const third = Math.floor(lower / units);
    this.seconds = first * 0x100000000 + second * 65_536 + third + this.#offset;
    this.nanoseconds = (lower - third * units) * this.#scale;
  }
}

/** 2^-n seconds, n up to 32. */
class BinaryClock implements InterfaceClock {
  seconds = 0;
  nanoseconds = 0;
  readonly #units: number;
  readonly #perUnit: number;
  readonly #offset: number;

  constructor(exponent: number, offset: number) {
    this.#units = 2 ** exponent;
    this.#perUnit = 0x100000000 / this.#units;
    this.#offset = offset;
  }

  read(high: number, low: number): void {
    const units = this.#units;
    const whole = Math.floor(low / units);
    this.seconds = high * this.#perUnit + whole + this.#offset;
    // 10^9 is 5^9 times 2^9: times 5^9 stays below 2^53, and powers of two are exact.
    this.nanoseconds = Math.floor(((low - whole * units) * 1_953_125 * 512) / units);
  }
}

/** Any other resolution, finer than a nanosecond or a 2^-32 second: slower. */
class WideClock implements InterfaceClock {
  seconds = 0;
  nanoseconds = 0;
  readonly #units: bigint;
  readonly #offset: number;

  constructor(units: bigint, offset: number) {
    this.#units = units;
    this.#offset = offset;
  }

  read(high: number, low: number): void {
    const stamp = (BigInt(high) << 32n) | BigInt(low);
    this.seconds = Number(stamp / this.#units) + this.#offset;
    this.nanoseconds = Number(((stamp % this.#units) * 1_000_000_000n) / this.#units);
  }
}

/**
 * The clock for an interface.
 * @param resolution if_tsresol: n for 10^-n seconds, 128 + n for 2^-n
 * @param offset if_tsoffset: seconds to add
 */
export function interfaceClock(resolution: number, offset: number): InterfaceClock {
  const exponent = resolution & 0x7f;
  if (resolution < 0x80) {
    return exponent <= 9 ? new DecimalClock(exponent, offset) : new WideClock(10n ** BigInt(exponent), offset);
  }
  return exponent <= 32 ? new BinaryClock(exponent, offset) : new WideClock(1n << BigInt(exponent), offset);
}
