import { parseAddress } from '../expression/address.ts';
import type { AddressRange, Moment, PortRange } from './rule.ts';

/** Names of protocols that rules may use instead of their IANA numbers. */
const PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  ospf: 89,
  sctp: 132,
  udplite: 136,
};

/** Between alternatives in one cell. */
const OR = '|';

const each = <T>(text: string, read: (one: string) => T | undefined): T[] | undefined => {
  const all = text.split(OR).map((one) => read(one.trim()));
  return all.every((one) => one !== undefined) ? all : undefined;
};

function addressRange(text: string): AddressRange | undefined {
  const parsed = parseAddress(text);
  if (parsed === undefined) return undefined;
  const { length } = parsed.value;
  if (length !== 4 && length !== 16) return undefined;
  const bits = parsed.bits ?? 8 * length;
  const words: number[] = [];
  const masks: number[] = [];
  for (let word = 0; word < length / 4; word += 1) {
    const kept = Math.min(32, Math.max(0, bits - 32 * word));
    const mask = kept === 0 ? 0 : (-1 << (32 - kept)) >>> 0;
    let value = 0;
    for (let i = 0; i < 4; i += 1) value = (value << 8) | parsed.value.charCodeAt(4 * word + i);
    words.push((value & mask) >>> 0);
    masks.push(mask);
  }
  return { length, words, masks, bits };
}

/** `10.0.0.0/8`, `2001:db8::1`, several with `|` between them. */
export const parseAddresses = (text: string): AddressRange[] | undefined => each(text, addressRange);

function portRange(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  return last <= 65_535 && first <= last ? [first, last] : undefined;
}

/** `80`, `8000-8100`, several with `|` between them. */
export const parsePorts = (text: string): PortRange[] | undefined => each(text, portRange);

/** A number from 0 to 255, or a name. */
export function parseProtocol(text: string): number | undefined {
  const named = PROTOCOLS[text.toLowerCase()];
  if (named !== undefined) return named;
  return /^\d{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

const nanosecondsOf = (digits = ''): number => Number(digits.padEnd(9, '0').slice(0, 9));

const EPOCH = /^(\d{1,11})(?:\.(\d{1,9}))?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * A moment as Unix seconds (`1499263200.5`) or as ISO 8601 date and time (`2017-07-05T14:00:00-03:00`), to the nanosecond.
 * Without an offset it is UTC, whatever the machine's zone.
 */
export function parseMoment(text: string): Moment | undefined {
  const epoch = EPOCH.exec(text);
  if (epoch !== null) return { seconds: Number(epoch[1]), nanoseconds: nanosecondsOf(epoch[2]) };
  const iso = ISO.exec(text);
  if (iso === null) return undefined;
  const [year, month, day, hour, minute, second] = iso.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Dates that do not exist roll over.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const offset = /^([+-])(\d\d):?(\d\d)?$/.exec(iso[8] ?? '');
  const minutes = offset === null ? 0 : Number(`${offset[1]}1`) * (Number(offset[2]) * 60 + Number(offset[3] ?? 0));
  return { seconds: date.getTime() / 1000 - minutes * 60, nanoseconds: nanosecondsOf(iso[7]) };
}
