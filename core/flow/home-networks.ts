import { PacketloomError } from '../errors.ts';
import { parseAddress } from '../expression/address.ts';

interface Network {
  readonly words: Uint32Array;
  /** Bytes of an address. */
  readonly length: number;
  readonly bits: number;
}

/** An address or prefix as words; undefined when the text is none. */
function readNetwork(text: string): Network | undefined {
  const address = parseAddress(text);
  if (address === undefined || (address.value.length !== 4 && address.value.length !== 16)) return undefined;
  const { value, bits = value.length * 8 } = address;
  const words = new Uint32Array(4);
  for (let i = 0; i < value.length; i += 1) words[i >> 2]! += value.charCodeAt(i) * 2 ** (24 - 8 * (i & 3));
  return { words, length: value.length, bits };
}

/** True for the text of an IPv4 or IPv6 address or prefix. */
export const isNetwork = (text: string): boolean => readNetwork(text) !== undefined;

/** The networks of the inside. */
export class HomeNetworks {
  readonly #networks: readonly Network[];

  /** @throws PacketloomError `configuration` for a text that is no address or prefix. */
  constructor(texts: readonly string[]) {
    this.#networks = texts.map((text) => {
      const network = readNetwork(text);
      if (network === undefined)
        throw new PacketloomError('configuration', `flow.homeNetworks: "${text}" is no address or prefix`);
      return network;
    });
  }

  /** 1 for an address that lies in one of the networks, 0 for one that does not; NaN without address or networks. */
  has(words: Uint32Array, length: number): number {
    if (this.#networks.length === 0 || length === 0) return Number.NaN;
    for (const network of this.#networks) if (network.length === length && holds(network, words)) return 1;
    return 0;
  }
}

function holds({ words, bits }: Network, address: Uint32Array): boolean {
  for (let i = 0; 32 * i < bits; i += 1) {
    const here = Math.min(bits - 32 * i, 32);
    if ((words[i]! ^ address[i]!) >>> (32 - here) !== 0) return false;
  }
  return true;
}
