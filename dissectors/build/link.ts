import { join, type Layer, word } from './layer.ts';

const macOf = (text: string) => text.split(':').map((pair) => Number.parseInt(pair, 16));
const SHORTEST = 60;

/** Ethernet II, or IEEE 802.3 when `length` is stated. Padded with zeros to 60 bytes when `padded`. */
export function ethernet(
  options: {
    readonly source?: string;
    readonly destination?: string;
    readonly type?: number;
    readonly length?: number;
    readonly padded?: boolean;
    readonly trailer?: readonly number[];
  } = {},
): Layer {
  const { source = '02:00:00:00:00:01', destination = '02:00:00:00:00:02', padded = false, trailer = [] } = options;
  return {
    encode(payload, inner) {
      const type = options.length ?? options.type ?? inner?.etherType ?? 0x88b5;
      const bytes = join(macOf(destination), macOf(source), word(type, 2), payload);
      return join(bytes, new Uint8Array(padded ? Math.max(SHORTEST - bytes.length, 0) : 0), trailer);
    },
  };
}

/** IEEE 802.1Q tag, or 802.1ad with `tag` 0x88a8. */
export function tag(
  options: {
    readonly id?: number;
    readonly priority?: number;
    readonly dropEligible?: boolean;
    readonly tag?: number;
    readonly type?: number;
  } = {},
): Layer {
  const { id = 1, priority = 0, dropEligible = false } = options;
  return {
    etherType: options.tag ?? 0x8100,
    encode(payload, inner) {
      const control = priority * 0x2000 + (dropEligible ? 0x1000 : 0) + id;
      return join(word(control, 2), word(options.type ?? inner?.etherType ?? 0x88b5, 2), payload);
    },
  };
}
