import type { Field, Locate } from '../../core/declare/field.ts';
import { located, mac } from '../../core/declare/kinds.ts';

export const MANAGEMENT = 0;
export const CONTROL = 1;
export const DATA = 2;
const PS_POLL = 10;
const CF_END = 14;
const CF_END_ACK = 15;
/** Control frames without a second address: CTS and ACK. */
const ONE_ADDRESS: readonly number[] = [12, 13];

/** To DS and from DS. */
export const BOTH = 3;

const FIRST = 4;
const SECOND = 10;
const THIRD = 16;
const FOURTH = 24;

/**
 * The two bytes of frame control are swapped, as CAPWAP of some makers has them: the first then holds the flags, and its
 * low bits tell a direction where those of the version are 0.
 */
const isSwapped = (bytes: Uint8Array, at: number) => (bytes[at]! & 3) !== 0 && (bytes[at + 1]! & 3) === 0;
/** Place of version, type and subtype. */
export const kindAt = (bytes: Uint8Array, at: number): number => (isSwapped(bytes, at) ? at + 1 : at);
/** Place of the flags. */
export const flagsAt = (bytes: Uint8Array, at: number): number => (isSwapped(bytes, at) ? at : at + 1);
export const typeOf = (bytes: Uint8Array, at: number): number => (bytes[kindAt(bytes, at)]! >>> 2) & 3;
export const subtypeOf = (bytes: Uint8Array, at: number): number => bytes[kindAt(bytes, at)]! >>> 4;
/** To DS in bit 0, from DS in bit 1. */
export const directionOf = (bytes: Uint8Array, at: number): number => bytes[flagsAt(bytes, at)]! & 3;

/** What the addresses of a frame are: places by its type and its direction (IEEE 802.11-2020, 9.2.4.3 and table 9-30). */
type Places = (bytes: Uint8Array, at: number) => number;

const BSSID = [THIRD, FIRST, SECOND, 0];
const SOURCE = [SECOND, SECOND, THIRD, FOURTH];
const DESTINATION = [FIRST, THIRD, FIRST, THIRD];
const STATION = [0, SECOND, FIRST, 0];

const receiver: Places = () => FIRST;
const transmitter: Places = (bytes, at) => {
  if (typeOf(bytes, at) !== CONTROL) return SECOND;
  const subtype = subtypeOf(bytes, at);
  return ONE_ADDRESS.includes(subtype) || subtype === CF_END || subtype === CF_END_ACK ? 0 : SECOND;
};
const bssid: Places = (bytes, at) => {
  const type = typeOf(bytes, at);
  if (type === MANAGEMENT) return THIRD;
  if (type === DATA) return BSSID[directionOf(bytes, at)]!;
  const subtype = subtypeOf(bytes, at);
  return subtype === PS_POLL ? FIRST : subtype === CF_END || subtype === CF_END_ACK ? SECOND : 0;
};
const source: Places = (bytes, at) => (typeOf(bytes, at) === DATA ? SOURCE[directionOf(bytes, at)]! : SECOND);
const destination: Places = (bytes, at) => (typeOf(bytes, at) === DATA ? DESTINATION[directionOf(bytes, at)]! : FIRST);
const station: Places = (bytes, at) => (typeOf(bytes, at) === DATA ? STATION[directionOf(bytes, at)]! : 0);
const unlessControl =
  (places: Places): Places =>
  (bytes, at) =>
    typeOf(bytes, at) === CONTROL || typeOf(bytes, at) > DATA ? 0 : places(bytes, at);

const second: Places = (bytes, start) =>
  typeOf(bytes, start) === CONTROL && ONE_ADDRESS.includes(subtypeOf(bytes, start)) ? 0 : SECOND;
const fourth: Places = (bytes, start) =>
  typeOf(bytes, start) === DATA && directionOf(bytes, start) === BOTH ? FOURTH : 0;

const at =
  (places: Places): Locate =>
  (bytes, start, end) => {
    const offset = start + 2 <= end ? places(bytes, start) : 0;
    return offset === 0 || start + offset + 6 > end ? -1 : start + offset;
  };

const address = (name: string, title: string, places: Places): Field => located(at(places), mac(name, { title }));

/** The addresses of a frame, each under all names it has there. */
export const addresses = {
  receiver: address('wlan.ra', 'Receiver', receiver),
  transmitter: address('wlan.ta', 'Transmitter', transmitter),
  destination: address('wlan.da', 'Destination', unlessControl(destination)),
  source: address('wlan.sa', 'Source', unlessControl(source)),
  network: address('wlan.bssid', 'Network (BSSID)', bssid),
  station: address('wlan.staa', 'Station', station),
  first: address('wlan.addr', 'First address', () => FIRST),
  second: address('wlan.addr', 'Second address', second),
  fourth: address('wlan.addr', 'Fourth address', fourth),
  third: address('wlan.addr', 'Third address', (bytes, start) => (typeOf(bytes, start) === CONTROL ? 0 : THIRD)),
};
