import { addWords, internetChecksum } from '../../core/frame/checksum.ts';
import { join, type Layer, word } from './layer.ts';

const ipv4Of = (text: string) => text.split('.').map(Number);

function ipv6Of(text: string): number[] {
  const [head = '', tail] = text.split('::');
  const words = (half: string) => (half === '' ? [] : half.split(':').map((group) => Number.parseInt(group, 16)));
  const front = words(head);
  const back = tail === undefined ? [] : words(tail);
  const zeros = new Array<number>(8 - front.length - back.length).fill(0);
  return [...front, ...zeros, ...back].flatMap((group) => word(group, 2));
}

/** IPv4 header. `options` are padded to whole words; `headerLength` in bytes, `flags` 1 more, 2 don't, 4 reserved. */
export function ipv4(
  header: {
    readonly source?: string;
    readonly destination?: string;
    readonly protocol?: number;
    readonly headerLength?: number;
    readonly length?: number;
    readonly id?: number;
    readonly flags?: number;
    readonly fragmentOffset?: number;
    readonly timeToLive?: number;
    readonly service?: number;
    readonly checksum?: number;
    readonly options?: readonly number[];
  } = {},
): Layer {
  const addresses = [...ipv4Of(header.source ?? '10.0.0.1'), ...ipv4Of(header.destination ?? '10.0.0.2')];
  const options = [...(header.options ?? [])];
  while (options.length % 4 !== 0) options.push(0);
  const size = 20 + options.length;
  return {
    etherType: 0x0800,
    ipProtocol: 4,
    pseudoSum: (protocol, length) => addWords(Uint8Array.from(addresses), 0, 8) + protocol + length,
    encode(payload, inner) {
      const bytes = join(
        [0x40 | ((header.headerLength ?? size) / 4), header.service ?? 0],
        word(header.length ?? size + payload.length, 2),
        word(header.id ?? 1, 2),
        word((header.flags ?? 0) * 0x2000 + (header.fragmentOffset ?? 0), 2),
        [header.timeToLive ?? 64, header.protocol ?? inner?.ipProtocol ?? 253],
        word(header.checksum ?? 0, 2),
        addresses,
        options,
      );
      if (header.checksum === undefined) bytes.set(word(internetChecksum(bytes, 0, size), 2), 10);
      return join(bytes, payload);
    },
  };
}

/** IPv6 header. */
export function ipv6(
  header: {
    readonly source?: string;
    readonly destination?: string;
    readonly next?: number;
    readonly length?: number;
    readonly hopLimit?: number;
    readonly trafficClass?: number;
    readonly flowLabel?: number;
  } = {},
): Layer {
  const addresses = [...ipv6Of(header.source ?? 'fd00::1'), ...ipv6Of(header.destination ?? 'fd00::2')];
  return {
    etherType: 0x86dd,
    ipProtocol: 41,
    pseudoSum: (protocol, length) => addWords(Uint8Array.from(addresses), 0, 32) + protocol + length,
    encode: (payload, inner) =>
      join(
        word(6 * 0x10000000 + (header.trafficClass ?? 0) * 0x100000 + (header.flowLabel ?? 0), 4),
        word(header.length ?? payload.length, 2),
        [header.next ?? inner?.ipProtocol ?? 253, header.hopLimit ?? 64],
        addresses,
        payload,
      ),
  };
}

/** An IPv6 extension header of plain form (hop-by-hop 0, destination options 60, routing 43): next header, length, content. */
export function extension(
  protocol: number,
  content: readonly number[],
  header: { readonly next?: number } = {},
): Layer {
  const padded = [...content];
  while ((padded.length + 2) % 8 !== 0) padded.push(0);
  return {
    ipProtocol: protocol,
    encode: (payload, inner) =>
      join([header.next ?? inner?.ipProtocol ?? 59, (padded.length + 2) / 8 - 1], padded, payload),
  };
}
