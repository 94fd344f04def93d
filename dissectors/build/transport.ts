import { internetChecksum } from '../../core/frame/checksum.ts';
import { join, type Layer, word } from './layer.ts';

function withChecksum(
  bytes: Uint8Array,
  place: number,
  protocol: number,
  stated: number | undefined,
  outer: readonly Layer[],
): Uint8Array {
  const network = outer.find((layer) => layer.pseudoSum !== undefined);
  const pseudo = protocol === 1 ? 0 : (network?.pseudoSum?.(protocol, bytes.length) ?? 0);
  bytes.set(word(stated ?? internetChecksum(bytes, 0, bytes.length, pseudo), 2), place);
  return bytes;
}

/** TCP header. `flags` are 12 bits; `options` are padded to whole words; `headerLength` in bytes. */
export function tcp(
  header: {
    readonly source?: number;
    readonly destination?: number;
    readonly sequence?: number;
    readonly acknowledgment?: number;
    readonly headerLength?: number;
    readonly flags?: number;
    readonly window?: number;
    readonly urgentPointer?: number;
    readonly checksum?: number;
    readonly options?: readonly number[];
  } = {},
): Layer {
  const options = [...(header.options ?? [])];
  while (options.length % 4 !== 0) options.push(0);
  return {
    ipProtocol: 6,
    encode(payload, _inner, outer) {
      const bytes = join(
        word(header.source ?? 49152, 2),
        word(header.destination ?? 80, 2),
        word(header.sequence ?? 1, 4),
        word(header.acknowledgment ?? 0, 4),
        word(((header.headerLength ?? 20 + options.length) / 4) * 0x1000 + (header.flags ?? 0x10), 2),
        word(header.window ?? 65535, 2),
        [0, 0],
        word(header.urgentPointer ?? 0, 2),
        options,
        payload,
      );
      return withChecksum(bytes, 16, 6, header.checksum, outer);
    },
  };
}

/** UDP header. */
export function udp(
  header: {
    readonly source?: number;
    readonly destination?: number;
    readonly length?: number;
    readonly checksum?: number;
  } = {},
): Layer {
  return {
    ipProtocol: 17,
    encode(payload, _inner, outer) {
      const length = header.length ?? 8 + payload.length;
      const bytes = join(
        word(header.source ?? 49152, 2),
        word(header.destination ?? 53, 2),
        word(length, 2),
        [0, 0],
        payload,
      );
      return withChecksum(bytes, 6, 17, header.checksum, outer);
    },
  };
}

/** ICMP (version 4) or ICMPv6 (version 6) message: type, code, the four bytes behind the checksum, and a body. */
export function message(
  version: 4 | 6,
  type: number,
  code = 0,
  rest: readonly number[] = [0, 0, 0, 0],
  checksum?: number,
): Layer {
  const protocol = version === 4 ? 1 : 58;
  return {
    ipProtocol: protocol,
    encode: (payload, _inner, outer) =>
      withChecksum(join([type, code, 0, 0], rest, payload), 2, protocol, checksum, outer),
  };
}
