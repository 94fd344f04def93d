import { ipv4Text, ipv6Text, macText } from '../frame/text.ts';

/** An address or prefix as written: its bytes as text, one UTF-16 unit a byte. */
export interface AddressLiteral {
  readonly value: string;
  /** Bits of a prefix; undefined for a single address. */
  readonly bits: number | undefined;
}

const text = (bytes: readonly number[]): string => String.fromCharCode(...bytes);

function parseIpv4(written: string): number[] | undefined {
  const parts = written.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined;
  return parts.map(Number);
}

function parseIpv6(written: string): number[] | undefined {
  let body = written;
  const tail: number[] = [];
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(body);
  if (dotted !== null) {
    const low = parseIpv4(dotted[2]!);
    if (low === undefined) return undefined;
    tail.push(...low);
    body = `${dotted[1]!}0`; // stands for the four bytes and is taken off below
  }
  const halves = body.split('::');
  if (halves.length > 2) return undefined;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  if (!groups.flat().every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return undefined;
  if (dotted !== null) groups.at(-1)!.pop();
  const bytes = groups.map((half) =>
    half.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]),
  );
  const missing = 16 - tail.length - bytes.flat().length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...bytes[0]!, ...new Array<number>(missing).fill(0), ...(bytes[1] ?? []), ...tail];
}

/**
 * Reads an IPv4, IPv6 (RFC 4291, with `::` and a dotted end) or MAC address, or a prefix of the first two; undefined
 * when it is none.
 */
export function parseAddress(written: string): AddressLiteral | undefined {
  const [address = '', length, ...more] = written.split('/');
  if (more.length > 0) return undefined;
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(written)) {
    return { value: text(written.split(':').map((part) => Number.parseInt(part, 16))), bits: undefined };
  }
  const bytes = parseIpv4(address) ?? parseIpv6(address);
  if (bytes === undefined) return undefined;
  if (length === undefined) return { value: text(bytes), bits: undefined };
  const bits = Number(length);
  return /^\d{1,3}$/.test(length) && bits <= bytes.length * 8 ? { value: text(bytes), bits } : undefined;
}

const bytes = new Uint8Array(16);
/** Link addresses are few and asked for with every flow: their texts, until there are too many. */
const linkTexts = new Map<string, string>();
const LINK_TEXTS = 4096;

/** Text of an address of 4 bytes (dotted), 16 (RFC 5952) or any other number (hexadecimal pairs with colons). */
export function formatAddress(address: string): string {
  const { length } = address;
  if (length !== 4 && length !== 16) return linkTexts.get(address) ?? formatLink(address);
  for (let i = 0; i < length; i += 1) bytes[i] = address.charCodeAt(i);
  return length === 4 ? ipv4Text(bytes, 0) : ipv6Text(bytes, 0);
}

function formatLink(address: string): string {
  const written = macText(Buffer.from(address, 'latin1'), 0, address.length);
  if (linkTexts.size >= LINK_TEXTS) linkTexts.clear();
  if (address.length === 6) linkTexts.set(address, written);
  return written;
}
