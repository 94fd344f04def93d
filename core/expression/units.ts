import type { ValueType } from '../declare/value-type.ts';

/** Powers of the symbols of a unit: bytes/s is { bytes: 1, s: -1 }. */
type Powers = ReadonlyMap<string, number>;

/** What each symbol is worth: so many of a base symbol (empty for none). */
const SYMBOLS: Readonly<Record<string, readonly [base: string, factor: number]>> = {
  s: ['s', 1],
  ns: ['s', 1e-9],
  us: ['s', 1e-6],
  µs: ['s', 1e-6],
  ms: ['s', 1e-3],
  min: ['s', 60],
  m: ['s', 60],
  h: ['s', 3600],
  d: ['s', 86400],
  bytes: ['bytes', 1],
  byte: ['bytes', 1],
  B: ['bytes', 1],
  kB: ['bytes', 1e3],
  MB: ['bytes', 1e6],
  GB: ['bytes', 1e9],
  TB: ['bytes', 1e12],
  KiB: ['bytes', 2 ** 10],
  MiB: ['bytes', 2 ** 20],
  GiB: ['bytes', 2 ** 30],
  TiB: ['bytes', 2 ** 40],
  bit: ['bytes', 1 / 8],
  bits: ['bytes', 1 / 8],
  kbit: ['bytes', 1e3 / 8],
  Mbit: ['bytes', 1e6 / 8],
  Gbit: ['bytes', 1e9 / 8],
  Kibit: ['bytes', 2 ** 10 / 8],
  Mibit: ['bytes', 2 ** 20 / 8],
  // Counts have no dimension.
  '1': ['', 1],
  frames: ['', 1],
  packets: ['', 1],
  flows: ['', 1],
  '%': ['', 0.01],
};

/** All symbols that convert, for suggestions. */
export const UNIT_SYMBOLS: readonly string[] = Object.keys(SYMBOLS);

function powersOf(unit: string): Map<string, number> {
  const powers = new Map<string, number>();
  if (unit === '') return powers;
  unit.split('/').forEach((side, index) => {
    for (const factor of side.split('*')) {
      const [symbol = '', power = '1'] = factor.trim().split('^');
      if (symbol === '1') continue;
      powers.set(symbol, (powers.get(symbol) ?? 0) + (index === 0 ? 1 : -1) * Number(power));
    }
  });
  return powers;
}

function textOf(powers: Powers): string {
  const part = (sign: number): string =>
    [...powers]
      .filter(([, power]) => power * sign > 0)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([symbol, power]) => (power * sign === 1 ? symbol : `${symbol}^${power * sign}`))
      .join('*');
  const over = part(1);
  const under = part(-1);
  if (under === '') return over;
  return `${over === '' ? '1' : over}/${under.replaceAll('*', '/')}`;
}

/** Unit of `a` times `b` to the power given: `productUnit('bytes', 's', -1)` is `bytes/s`. */
export function productUnit(a: string, b: string, power = 1): string {
  const powers = powersOf(a);
  for (const [symbol, own] of powersOf(b)) powers.set(symbol, (powers.get(symbol) ?? 0) + own * power);
  return textOf(powers);
}

/** The unit that numbers of a type have: durations and times count in seconds. */
export const unitOf = (type: ValueType): string => (type.kind === 'duration' || type.kind === 'time' ? 's' : type.unit);

/** The unit two numbers share: a bare number takes the other's. */
export function commonUnit(left: ValueType, right: ValueType): string | undefined {
  if (left.unit === right.unit || right.unit === '') return left.unit;
  return left.unit === '' ? right.unit : undefined;
}

/** Whether a text reads as a unit: symbols with powers, joined by `*` and `/`. */
export const isUnit = (unit: string): boolean => /^[^\s*/^]+(\^\d)?([*/][^\s*/^]+(\^\d)?)*$/.test(unit);

interface Resolved {
  readonly base: string;
  readonly factor: number;
}

function resolve(unit: string): Resolved {
  let factor = 1;
  let base = '';
  for (const [symbol, power] of powersOf(unit)) {
    const [own, worth] = Object.hasOwn(SYMBOLS, symbol) ? SYMBOLS[symbol]! : [symbol, 1];
    factor *= worth ** power;
    base = productUnit(base, own, power);
  }
  return { base, factor };
}

/** How many of `to` one of `from` is; undefined when they measure different things. */
export function conversion(from: string, to: string): number | undefined {
  const source = resolve(from);
  const target = resolve(to);
  return source.base === target.base ? source.factor / target.factor : undefined;
}

/** Nanoseconds in one of a unit of time; undefined for any other unit. */
export function nanosecondsIn(unit: string): number | undefined {
  const { base, factor } = resolve(unit);
  return base === 's' ? Math.round(factor * 1e9) : undefined;
}

/** The way units of a declaration are written inside: `byte`, `B` and `octets` are `bytes`. */
export function canonicalUnit(unit: string | undefined): string {
  if (unit === undefined) return '';
  if (unit === 'byte' || unit === 'B' || unit === 'octets') return 'bytes';
  return unit === 'bit' ? 'bits' : unit;
}
