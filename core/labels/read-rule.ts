import { parseAddresses, parseMoment, parsePorts, parseProtocol } from './parse-cell.ts';
import type { LabelRule, Moment } from './rule.ts';

/** Columns of rules that say which flows they fit. All others are label columns. */
export const CONDITIONS = ['src_ip', 'src_port', 'dst_ip', 'dst_port', 'protocol', 'from', 'to', 'direction'] as const;
export type Condition = (typeof CONDITIONS)[number];

export const isCondition = (name: string): name is Condition => (CONDITIONS as readonly string[]).includes(name);

/** Says what is wrong with the cell of a name; the file and place are the caller's to add. */
export type Report = (name: string, message: string, expected: string) => void;

const EXPECTED: Readonly<Record<Condition, string>> = {
  src_ip: 'an address or prefix such as 10.0.0.0/8, several with | between them',
  dst_ip: 'an address or prefix such as 10.0.0.0/8, several with | between them',
  src_port: 'a port from 0 to 65535 or a range such as 8000-8100, several with | between them',
  dst_port: 'a port from 0 to 65535 or a range such as 8000-8100, several with | between them',
  protocol: 'a number from 0 to 255, or a name such as tcp, udp, icmp',
  from: 'Unix seconds, or ISO 8601 date and time such as 2017-07-05T14:00:00-03:00',
  to: 'Unix seconds, or ISO 8601 date and time such as 2017-07-05T14:00:00-03:00',
  direction: 'forward or either',
};

const isLater = (a: Moment, b: Moment): boolean =>
  a.seconds > b.seconds || (a.seconds === b.seconds && a.nanoseconds > b.nanoseconds);

const parseDirection = (text: string): boolean | undefined =>
  text === 'forward' ? true : text === 'either' ? false : undefined;

/**
 * A rule from its cells; an empty cell and `*` fit everything.
 * @param cells texts by name
 * @param values of the label columns
 */
export function readRule(
  cells: ReadonlyMap<string, string>,
  values: readonly string[],
  place: string,
  report: Report,
): LabelRule {
  const read = <T>(name: Condition, parse: (text: string) => T | undefined): T | undefined => {
    const text = (cells.get(name) ?? '').trim();
    if (text === '' || text === '*') return undefined;
    const value = parse(text);
    if (value === undefined) report(name, `found ${JSON.stringify(text)}`, EXPECTED[name]);
    return value;
  };
  const from = read('from', parseMoment);
  const to = read('to', parseMoment);
  if (from !== undefined && to !== undefined && isLater(from, to)) {
    report('to', `${cells.get('to')!.trim()} is before ${cells.get('from')!.trim()}`, 'an end behind the beginning');
  }
  return {
    source: read('src_ip', parseAddresses),
    destination: read('dst_ip', parseAddresses),
    sourcePorts: read('src_port', parsePorts),
    destinationPorts: read('dst_port', parsePorts),
    protocol: read('protocol', parseProtocol),
    from,
    to,
    forward: read('direction', parseDirection) ?? false,
    values,
    place,
  };
}
