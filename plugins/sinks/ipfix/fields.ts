import type { Column, ColumnData } from '../../../core/flow/rows.ts';
import { ELEMENTS, type Element, elementNamed, MEANINGS, type Wanted } from './elements.ts';
import { type OwnElement, ownElements } from './own-elements.ts';
import { columnValue, type Value } from './values.ts';

/** Private enterprise number of the elements of the other direction (RFC 5103, section 6.1). */
const REVERSE = 29_305;

/** A field of records. Rows that have no value for it have records without it: IPFIX knows no empty values. */
export interface Field extends Value {
  /** Name of the column. */
  readonly column: string;
  readonly id: number;
  /** 0 for IANA's. */
  readonly enterprise: number;
}

/** What a run's columns are exported as. */
export interface Fields {
  readonly fields: readonly Field[];
  readonly own: readonly OwnElement[];
  /** Names of the columns that are not exported. */
  readonly left: readonly string[];
}

/** How it is to be done. */
export interface FieldOptions {
  /** Private enterprise number for columns without an information element; undefined leaves them out. */
  readonly enterprise?: number | undefined;
  /** Elements for times, where a column does not say which. */
  readonly times: 'both' | 'nanoseconds' | 'milliseconds';
}

type Data = readonly ColumnData[];
type Condition = (data: Data, row: number) => boolean;

/** Names of columns of addresses of both IP versions, as there are no elements for them. */
const BOTH_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  sourceIPAddress: ['sourceIPv4Address', 'sourceIPv6Address'],
  destinationIPAddress: ['destinationIPv4Address', 'destinationIPv6Address'],
};

/** The elements of a column: by its name, or by what it states. */
function elementsOf({ name, description }: Column, { times }: FieldOptions): readonly Wanted[] {
  const named = elementNamed(name);
  if (named !== undefined) return [named];
  const meaning = MEANINGS.find(({ states, feature }) => states === description || feature === description);
  const names = meaning?.elements ?? BOTH_VERSIONS[name] ?? [];
  const unwanted = times === 'both' ? undefined : times === 'nanoseconds' ? /^flow.*Milli/ : /^flow.*Nano/;
  const isTime = names.some((one) => one.endsWith('Nanoseconds'));
  return names.filter((one) => !isTime || unwanted?.test(one) !== true).map((one) => elementNamed(one)!);
}

const ipVersion = (value: number, four: number, six: number): number => (value === four ? 4 : value === six ? 6 : 0);

/** Whether a row is one of IPv4, or IPv6, or neither. */
function versionOf(
  columns: readonly Column[],
  options: FieldOptions,
): ((data: Data, row: number) => number) | undefined {
  const holds = (element: string) =>
    columns.findIndex((column) => elementsOf(column, options).some((one) => one.element.name === element));
  const address = columns.findIndex(({ kind }) => kind === 'address');
  if (address >= 0) return (data, row) => ipVersion(data[address]!.extra[row]!, 4, 16);
  const protocol = holds('protocolIdentifier');
  if (protocol >= 0) return (data, row) => ipVersion(data[protocol]!.numbers[row]!, 1, 58);
  return undefined;
}

const both =
  (own: Condition, other: Condition): Condition =>
  (data, row) =>
    other(data, row) && own(data, row);

/** Type and code in one number, as most collectors know them; each alone where the other is not there. */
function icmpFields(plan: Fields & { fields: Field[] }, version: ReturnType<typeof versionOf>): Field[] {
  const of = (name: string) => plan.fields.find(({ id, enterprise }) => enterprise === 0 && id === idOf(name));
  return [4, 6].flatMap((number) => {
    const [type, code] = [of(`icmpTypeIPv${number}`), of(`icmpCodeIPv${number}`)];
    const isVersion: Condition = (data, row) => version?.(data, row) === number;
    const alone = [type, code].flatMap((one) => (one === undefined ? [] : [{ ...one, has: both(one.has, isVersion) }]));
    if (type === undefined || code === undefined) return alone;
    const field: Field = {
      ...type,
      id: idOf(`icmpTypeCodeIPv${number}`),
      length: 2,
      has: both(both(type.has, code.has), isVersion),
      write: (bytes, at, data, row) => code.write(bytes, type.write(bytes, at, data, row, 0), data, row, 0),
    };
    return [field];
  });
}

const idOf = (name: string): number => ELEMENTS.get(name)!.id;
const ICMP = new Set(['icmpTypeIPv4', 'icmpCodeIPv4', 'icmpTypeIPv6', 'icmpCodeIPv6'].map(idOf));
const isIcmp = ({ id, enterprise }: Field): boolean => enterprise === 0 && ICMP.has(id);

/** True for rows with frames of the other direction; undefined where no column tells. */
function answeredOf(fields: readonly Field[], columns: readonly Column[]): Condition | undefined {
  const counters = ['packetDeltaCount', 'octetDeltaCount', 'layer2OctetDeltaCount'].map(idOf);
  const counter = counters
    .map((id) => fields.find((one) => one.enterprise === REVERSE && one.id === id))
    .find((one) => one !== undefined);
  if (counter === undefined) return undefined;
  const index = columns.findIndex(({ name }) => name === counter.column);
  return (data, row) => data[index]!.numbers[row]! > 0;
}

const constant = (column: string, name: string, value: number, has: Condition): Field => ({
  column,
  id: idOf(name),
  enterprise: 0,
  length: 1,
  has,
  write({ array }, at) {
    array[at] = value;
    return at + 1;
  },
});

/** The direction of a biflow is that of the initiator (RFC 5103, section 6.3): the sender of its first frame. */
const INITIATOR = 1;

/**
 * How a column is written as an element. TCP flags take one byte where the second has none (RFC 7125, section 3): some
 * collectors read one only.
 */
function columnValues(column: Column, index: number, { id, type, name }: Element): Value[] {
  const value = columnValue(column, index, type, name);
  if (value === undefined || id !== idOf('tcpControlBits')) return value === undefined ? [] : [value];
  const low = columnValue(column, index, 'unsigned8', name)!;
  const isHigh: Condition = (data, row) => !low.has(data, row);
  return [
    { length: low.length, has: low.has, write: low.write },
    { ...value, has: both(value.has, isHigh) },
  ];
}

/** Plans the fields of a run's records. */
export function planFields(columns: readonly Column[], options: FieldOptions): Fields {
  const fields: Field[] = [];
  const left: Column[] = [];
  const version = versionOf(columns, options);
  for (const [index, column] of columns.entries()) {
    const made = elementsOf(column, options).flatMap(({ element, reverse }): Field[] => {
      const enterprise = reverse ? REVERSE : 0;
      const isTaken = fields.some((one) => one.id === element.id && one.enterprise === enterprise);
      if (isTaken) return [];
      return columnValues(column, index, element).map((value) => {
        return { ...value, column: column.name, id: element.id, enterprise };
      });
    });
    // Type and code say nothing without the version of IP.
    if (version === undefined && made.some(isIcmp)) made.length = 0;
    if (made.length === 0) left.push(column);
    fields.push(...made);
  }
  const { enterprise } = options;
  const own = enterprise === undefined ? [] : ownElements(left);
  const rest = own.map(({ column, id, type }): Field => {
    const value = columnValue(column, columns.indexOf(column), type, '')!;
    return { ...value, column: column.name, id, enterprise: enterprise! };
  });
  const plan = { fields, own, left: enterprise !== undefined ? [] : left.map(({ name }) => name) };
  const known = [...fields.filter((one) => !isIcmp(one)), ...icmpFields(plan, version), ...rest];
  return { ...plan, fields: withDirections(known, columns) };
}

/**
 * Fields of the other direction only where it has frames; others are plain flows (RFC 5103, section 4). They come first:
 * nfcapd 1.7 takes those it does not know (flags) for fields of the flow itself, and what comes last holds.
 */
function withDirections(fields: readonly Field[], columns: readonly Column[]): Field[] {
  const isReverse = ({ enterprise }: Field) => enterprise === REVERSE;
  const reverse = fields.filter(isReverse);
  const forward = fields.filter((one) => !isReverse(one));
  const answered = answeredOf(fields, columns);
  if (answered === undefined) return [...reverse, ...forward];
  const gated = reverse.map((one) => ({ ...one, has: both(one.has, answered) }));
  return [...gated, ...forward, constant('', 'biflowDirection', INITIATOR, answered)];
}
