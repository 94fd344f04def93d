/** Texts kept at most; then they are made anew. */
const KEPT = 10_000;

/** Link addresses as expressions hold them, one UTF-16 unit a byte. Each is made once. */
export class LinkAddresses {
  readonly #texts = new Map<number, string>();

  /** @param address 48 bits */
  of(address: number): string {
    let text = this.#texts.get(address);
    if (text === undefined) {
      text = '';
      for (let scale = 2 ** 40; scale >= 1; scale /= 256)
        text += String.fromCharCode(Math.floor(address / scale) % 256);
      if (this.#texts.size >= KEPT) this.#texts.clear();
      this.#texts.set(address, text);
    }
    return text;
  }
}
