/**
 * A captured frame as NFStream 6.5 reads it: places count from its first byte, and what was not captured reads as zero
 * (the tool reads whatever lies in memory there).
 */
export class Capture {
  bytes: Uint8Array = new Uint8Array(0);
  /** Place of the first byte in `bytes`. */
  start = 0;
  /** Bytes captured. */
  length = 0;

  set(bytes: Uint8Array, start: number, end: number): void {
    this.bytes = bytes;
    this.start = start;
    this.length = end - start;
  }

  byte(at: number): number {
    return at < this.length ? this.bytes[this.start + at]! : 0;
  }

  /** 16 bits, big-endian. */
  word(at: number): number {
    return (this.byte(at) << 8) | this.byte(at + 1);
  }

  /** 48 bits, big-endian: a link address. */
  address(at: number): number {
    let value = 0;
    for (let i = 0; i < 6; i += 1) value = value * 256 + this.byte(at + i);
    return value;
  }
}
