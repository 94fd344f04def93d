import type { ElementType } from './elements.ts';
import { LONGEST_MESSAGE, MESSAGE_HEAD, SET_HEAD, writeHead } from './message-encoder.ts';
import type { OwnElement } from './own-elements.ts';
import { OPTIONS_TEMPLATE, OPTIONS_TEMPLATE_SET, specifier } from './templates.ts';
import { VARIABLE } from './values.ts';

/** Numbers of the abstract data types (RFC 5610, section 3.1). */
const TYPES: Readonly<Record<ElementType, number>> = {
  unsigned8: 1,
  unsigned16: 2,
  unsigned32: 3,
  unsigned64: 4,
  signed64: 8,
  float64: 10,
  boolean: 11,
  macAddress: 12,
  string: 13,
  dateTimeSeconds: 14,
  dateTimeMilliseconds: 15,
  dateTimeMicroseconds: 16,
  dateTimeNanoseconds: 17,
  ipv4Address: 18,
  ipv6Address: 19,
};

/** Numbers of units (RFC 5610, section 3.3); 0 for all others. */
const UNITS: Readonly<Record<string, number>> = { bit: 1, bytes: 2, s: 5, ms: 6, us: 7, ns: 8 };

/** Semantics `default` and `quantity` (RFC 5610, section 3.2): what a text or flag is, and a number. */
const [DEFAULT, QUANTITY] = [0, 1];

/** Fields of a record, the first two its scope (RFC 5610, section 3.9). */
const FIELDS = [
  [346, 4], // privateEnterpriseNumber
  [303, 2], // informationElementId
  [339, 1], // informationElementDataType
  [344, 1], // informationElementSemantics
  [345, 2], // informationElementUnits
  [342, 8], // informationElementRangeBegin; both are 0 where a range is not stated
  [343, 8], // informationElementRangeEnd
  [341, VARIABLE], // informationElementName
  [340, VARIABLE], // informationElementDescription
] as const;
const SCOPE = 2;

const NO_RANGE: readonly number[] = new Array<number>(16).fill(0);

/** Bytes of a text in a record at most: with a length of one byte. */
const LONGEST_TEXT = 254;

const word = (value: number): number[] => [value >> 8, value & 255];

function text(value: string): number[] {
  const bytes = Buffer.alloc(LONGEST_TEXT);
  const { written } = new TextEncoder().encodeInto(value, bytes);
  return [written, ...bytes.subarray(0, written)];
}

function recordOf({ column, id, name, type }: OwnElement, enterprise: number): number[] {
  const isNumber = type === 'signed64' || type === 'float64';
  const unit = column.decimals === 9 ? 's' : column.unit;
  return [
    ...word(enterprise >>> 16),
    ...word(enterprise & 65_535),
    ...word(id),
    TYPES[type],
    isNumber ? QUANTITY : DEFAULT,
    ...word(isNumber ? (UNITS[unit] ?? 0) : 0),
    ...NO_RANGE,
    ...text(name),
    ...text(column.description),
  ];
}

/**
 * Messages that tell collectors the names and types of elements that they cannot know (RFC 5610): an options template, and
 * a record for each. Heads are as those of `MessageEncoder`.
 */
export function typeInformation(
  own: readonly OwnElement[],
  enterprise: number,
  { longest, domain }: { readonly longest: number; readonly domain: number },
): Uint8Array {
  if (own.length === 0) return new Uint8Array();
  const specifiers = FIELDS.flatMap(([id, length]) => specifier(id, length));
  const template = [...word(OPTIONS_TEMPLATE), ...word(FIELDS.length), ...word(SCOPE), ...specifiers];
  const templateSet = [...word(OPTIONS_TEMPLATE_SET), ...word(SET_HEAD + template.length), ...template];
  const messages: Uint8Array[] = [];
  let before: number[] = templateSet;
  let records: number[][] = [];
  const end = () => {
    const body = records.flat();
    const set = [...word(OPTIONS_TEMPLATE), ...word(SET_HEAD + body.length), ...body];
    const bytes = Uint8Array.from([...new Array<number>(MESSAGE_HEAD).fill(0), ...before, ...set]);
    writeHead(new DataView(bytes.buffer), 0, bytes.length, records.length, domain);
    messages.push(bytes);
    [before, records] = [[], []];
  };
  let size = 0;
  for (const element of own) {
    const record = recordOf(element, enterprise);
    const most = Math.min(longest, LONGEST_MESSAGE) - MESSAGE_HEAD - before.length - SET_HEAD;
    if (records.length > 0 && size + record.length > most) {
      end();
      size = 0;
    }
    records.push(record);
    size += record.length;
  }
  end();
  return Buffer.concat(messages);
}
