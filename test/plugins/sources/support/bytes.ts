// Capture files written by the tests themselves, field by field, from the formats' own descriptions.

/** A writer of numbers in one byte order. */
export class Bytes {
  readonly little: boolean;
  readonly #parts: Buffer[] = [];

  constructor(little = true) {
    this.little = little;
  }

  u8(...values: number[]): this {
    this.#parts.push(Buffer.from(values));
    return this;
  }

  u16(...values: number[]): this {
    for (const value of values) {
      const part = Buffer.alloc(2);
      if (this.little) part.writeUInt16LE(value);
      else part.writeUInt16BE(value);
      this.#parts.push(part);
    }
    return this;
  }

  u32(...values: number[]): this {
    for (const value of values) {
      const part = Buffer.alloc(4);
      if (this.little) part.writeUInt32LE(value);
      else part.writeUInt32BE(value);
      this.#parts.push(part);
    }
    return this;
  }

  u64(value: bigint): this {
    const part = Buffer.alloc(8);
    const wrapped = BigInt.asUintN(64, value);
    if (this.little) part.writeBigUInt64LE(wrapped);
    else part.writeBigUInt64BE(wrapped);
    this.#parts.push(part);
    return this;
  }

  raw(bytes: Uint8Array): this {
    this.#parts.push(Buffer.from(bytes));
    return this;
  }

  done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** `length` bytes 0, 1, 2 ... from `first`. */
export const counting = (length: number, first = 0): Buffer =>
  Buffer.from(Array.from({ length }, (_, index) => (first + index) & 255));

/** What a pcap header may be told to be. */
export interface PcapHeader {
  readonly little?: boolean;
  readonly magic?: number;
  readonly version?: readonly [number, number];
  readonly snapLength?: number;
  readonly linkType?: number;
}

export function pcapHeader(header: PcapHeader = {}): Buffer {
  const { little = true, magic = 0xa1b2c3d4, version = [2, 4], snapLength = 65535, linkType = 1 } = header;
  return new Bytes(little)
    .u32(magic)
    .u16(...version)
    .u32(0, 0, snapLength, linkType)
    .done();
}

/** A record: seconds, fraction, bytes, and the lengths where they are not those of the bytes. */
export function pcapRecord(
  seconds: number,
  fraction: number,
  bytes: Uint8Array,
  { little = true, wire = bytes.length, captured = bytes.length, extra = new Uint8Array(0) as Uint8Array } = {},
): Buffer {
  return new Bytes(little).u32(seconds, fraction, captured, wire).raw(extra).raw(bytes).done();
}

/** A pcapng block around `body`, which is padded; the second length can be told to differ. */
export function block(type: number, body: Uint8Array, { little = true, trailer = 0 } = {}): Buffer {
  const padding = (4 - (body.length % 4)) % 4;
  const length = 12 + body.length + padding;
  return new Bytes(little)
    .u32(type, length)
    .raw(body)
    .raw(Buffer.alloc(padding))
    .u32(trailer || length)
    .done();
}

export function option(code: number, value: Uint8Array, little = true): Buffer {
  return new Bytes(little)
    .u16(code, value.length)
    .raw(value)
    .raw(Buffer.alloc((4 - (value.length % 4)) % 4))
    .done();
}

const END = Buffer.alloc(4);

export function section({ little = true, major = 1, minor = 0, options = Buffer.alloc(0) as Uint8Array } = {}): Buffer {
  const body = new Bytes(little).u32(0x1a2b3c4d).u16(major, minor).u64(-1n).raw(options);
  return block(0x0a0d0d0a, body.done(), { little });
}

export function description({
  little = true,
  linkType = 1,
  snapLength = 0,
  options = [] as readonly Uint8Array[],
  end = true,
} = {}): Buffer {
  const body = new Bytes(little).u16(linkType, 0).u32(snapLength).raw(Buffer.concat(options));
  return block(1, body.raw(end && options.length > 0 ? END : Buffer.alloc(0)).done(), { little });
}

/** An enhanced packet block. */
export function enhanced(
  stamp: bigint,
  bytes: Uint8Array,
  {
    little = true,
    id = 0,
    captured = bytes.length,
    wire = bytes.length,
    options = [] as readonly Uint8Array[],
    end = true,
    trailer = 0,
  } = {},
): Buffer {
  const high = Number(stamp >> 32n);
  const low = Number(stamp & 0xffffffffn);
  const body = new Bytes(little)
    .u32(id, high, low, captured, wire)
    .raw(bytes)
    .raw(Buffer.alloc((4 - (bytes.length % 4)) % 4))
    .raw(Buffer.concat(options));
  return block(6, body.raw(end && options.length > 0 ? END : Buffer.alloc(0)).done(), { little, trailer });
}
