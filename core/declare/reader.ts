import type { Field } from './field.ts';

type Read = (bytes: Uint8Array, place: number) => number;
type Type = Field['type'];

const view = new DataView(new ArrayBuffer(8));

function float(size: number): Read {
  return (bytes, place) => {
    for (let i = 0; i < size; i += 1) view.setUint8(i, bytes[place + i]!);
    return size === 4 ? view.getFloat32(0) : view.getFloat64(0);
  };
}

function whole(size: number, littleEndian: boolean, type: Type): Read {
  if (type === 'float') return float(size);
  const signed = type === 'int' || type === 'int64';
  switch (size) {
    case 1:
      return signed ? (b, p) => (b[p]! << 24) >> 24 : (b, p) => b[p]!;
    case 2:
      if (littleEndian) return (b, p) => b[p]! | (b[p + 1]! << 8);
      return signed ? (b, p) => ((b[p]! << 24) >> 16) | b[p + 1]! : (b, p) => (b[p]! << 8) | b[p + 1]!;
    case 3:
      return signed
        ? (b, p) => ((b[p]! << 24) >> 8) | (b[p + 1]! << 8) | b[p + 2]!
        : (b, p) => (b[p]! << 16) | (b[p + 1]! << 8) | b[p + 2]!;
    case 4:
      if (littleEndian) return (b, p) => (b[p]! | (b[p + 1]! << 8) | (b[p + 2]! << 16) | (b[p + 3]! << 24)) >>> 0;
      return signed
        ? (b, p) => (b[p]! << 24) | (b[p + 1]! << 16) | (b[p + 2]! << 8) | b[p + 3]!
        : (b, p) => ((b[p]! << 24) | (b[p + 1]! << 16) | (b[p + 2]! << 8) | b[p + 3]!) >>> 0;
    case 6:
      return (b, p) =>
        ((b[p]! << 8) | b[p + 1]!) * 0x100000000 +
        (((b[p + 2]! << 24) | (b[p + 3]! << 16) | (b[p + 4]! << 8) | b[p + 5]!) >>> 0);
    case 8: {
      const high: Read = littleEndian
        ? (b, p) => b[p + 4]! | (b[p + 5]! << 8) | (b[p + 6]! << 16) | (b[p + 7]! << 24)
        : (b, p) => (b[p]! << 24) | (b[p + 1]! << 16) | (b[p + 2]! << 8) | b[p + 3]!;
      const low: Read = littleEndian
        ? (b, p) => (b[p]! | (b[p + 1]! << 8) | (b[p + 2]! << 16) | (b[p + 3]! << 24)) >>> 0
        : (b, p) => ((b[p + 4]! << 24) | (b[p + 5]! << 16) | (b[p + 6]! << 8) | b[p + 7]!) >>> 0;
      return signed
        ? (b, p) => high(b, p) * 0x100000000 + low(b, p)
        : (b, p) => (high(b, p) >>> 0) * 0x100000000 + low(b, p);
    }
    default:
      return () => Number.NaN;
  }
}

/** The two ways to read a number: from the start of its header, and from its own first byte. */
export function reader(
  offset: number,
  size: number,
  mask: number,
  shift: number,
  scale: number,
  littleEndian: boolean,
  type: Type,
): Pick<Field, 'read' | 'readAt'> {
  const base = whole(size, littleEndian, mask === 0 ? type : 'uint');
  let readAt = base;
  if (mask !== 0) {
    readAt =
      size > 4
        ? (bytes, place) => Math.floor(base(bytes, place) / 2 ** shift) % (mask + 1)
        : (bytes, place) => ((base(bytes, place) >>> shift) & mask) >>> 0;
  }
  if (type === 'boolean' && mask !== 1) {
    const several = readAt;
    readAt = (bytes, place) => (several(bytes, place) === 0 ? 0 : 1);
  }
  if (scale !== 1) {
    const plain = readAt;
    readAt = (bytes, place) => plain(bytes, place) * scale;
  }
  if (offset <= 0) return { read: readAt, readAt };
  const plain =
    !littleEndian && scale === 1 && type !== 'int' && type !== 'float' && (type !== 'boolean' || mask === 1);
  const flat = plain ? inlined(offset, size, mask, shift) : undefined;
  return { read: flat ?? ((bytes, at) => readAt(bytes, at + offset)), readAt };
}

/** Flat closures for the commonest shapes, one call deep, for the per-frame path. */
function inlined(offset: number, size: number, mask: number, shift: number): Read | undefined {
  if (mask === 0 && size === 1) return (b, at) => b[at + offset]!;
  if (mask === 0 && size === 2) return (b, at) => (b[at + offset]! << 8) | b[at + offset + 1]!;
  if (mask === 0 && size === 4)
    return (b, at) =>
      ((b[at + offset]! << 24) | (b[at + offset + 1]! << 16) | (b[at + offset + 2]! << 8) | b[at + offset + 3]!) >>> 0;
  if (mask !== 0 && size === 1) return (b, at) => (b[at + offset]! >>> shift) & mask;
  return undefined;
}
