/** Texts kept at most. */
const KEPT = 4096;

/** Link addresses as expressions hold them, one UTF-16 unit a byte. Those of the last frames are kept. */
export class LinkAddresses {
  readonly #addresses = new Float64Array(KEPT).fill(-1);
  readonly #texts = new Array<string>(KEPT).fill('');

  /** @param address 48 bits */
  of(address: number): string {
    const place = Math.imul((address | 0) ^ ((address / 2 ** 32) | 0), 0x9e3779b1) >>> 20;
    if (this.#addresses[place] !== address) {
      this.#addresses[place] = address;
      this.#texts[place] = textOf(address);
    }
    return this.#texts[place]!;
  }
}

function textOf(address: number): string {
  let text = '';
  for (let scale = 2 ** 40; scale >= 1; scale /= 256) text += String.fromCharCode(Math.floor(address / scale) % 256);
  return text;
}
