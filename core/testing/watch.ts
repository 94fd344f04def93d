/**
 * Bytes that throw when one outside a window is read. Slow: for tests only.
 * @throws RangeError from the read, naming the place and the window.
 */
export function watchReads(bytes: Uint8Array, from: number, to: number): Uint8Array {
  return new Proxy(bytes, {
    get(target, key) {
      const place = typeof key === 'string' ? Number(key) : Number.NaN;
      if (Number.isNaN(place)) {
        const value: unknown = Reflect.get(target, key);
        return typeof value === 'function' ? value.bind(target) : value;
      }
      if (!(place >= from && place < to)) throw new RangeError(`read of byte ${place - from} of ${to - from}`);
      return target[place];
    },
  });
}
