import { defineDissector } from '../core/declare/dissector.ts';
import { header, located, optional, repeated, text, uint16 } from '../core/declare/kinds.ts';
import { find, textUntilNull, withNull } from './parts/token.ts';
import { type Find, u16 } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const READ = 1;
const WRITE = 2;
const DATA = 3;
const ACKNOWLEDGMENT = 4;
const ERROR = 5;
const OPTIONS = 6;

const isRequest = (operation: number) => operation === READ || operation === WRITE;
const string = (name: string) => text(name, withNull, { format: textUntilNull });
/** Behind `count` strings, each with its byte 0; -1 when fewer are whole. */
const behindStrings = (view: Uint8Array, at: number, end: number, count: number): number => {
  let place = at;
  for (let left = count; left > 0; left -= 1) {
    place = find(view, place, end, 0) + 1;
    if (place > end) return -1;
  }
  return place;
};
const fileOf =
  (operation: number): Find =>
  (view, at, end) =>
    at + 2 < end && u16(view, at) === operation && behindStrings(view, at + 2, end, 1) >= 0 ? at + 2 : -1;
const optionsAt: Find = (view, at, end) => {
  if (at + 2 > end) return -1;
  const operation = u16(view, at);
  if (operation === OPTIONS) return at + 2;
  return isRequest(operation) ? behindStrings(view, at + 2, end, 2) : -1;
};

const fields = header({
  operation: uint16('tftp.opcode', {
    title: 'Operation',
    values: {
      1: 'Read request',
      2: 'Write request',
      3: 'Data',
      4: 'Acknowledgment',
      5: 'Error',
      6: 'Option acknowledgment',
    },
  }),
  source: located(fileOf(READ), string('tftp.source_file')),
  destination: located(fileOf(WRITE), string('tftp.destination_file')),
  type: located((view, at, end) => {
    const place = at + 2 <= end && isRequest(u16(view, at)) ? behindStrings(view, at + 2, end, 1) : -1;
    return place >= 0 && behindStrings(view, place, end, 1) >= 0 ? place : -1;
  }, string('tftp.type')),
  options: repeated({
    from: optionsAt,
    next: (view, at, end) => behindStrings(view, at, end, 2),
    item: header({
      name: located((_view, at) => at, string('tftp.option.name')),
      value: located((view, at, end) => behindStrings(view, at, end, 1), string('tftp.option.value')),
    }),
    title: 'Option',
  }),
  block: optional((view, at) => u16(view, at) === DATA || u16(view, at) === ACKNOWLEDGMENT, uint16('tftp.block'), 2),
  code: optional((view, at) => u16(view, at) === ERROR, uint16('tftp.error.code'), 2),
  message: located(
    (view, at, end) => (at + 4 < end && u16(view, at) === ERROR ? at + 4 : -1),
    string('tftp.error.message'),
  ),
});

/**
 * Trivial File Transfer Protocol, RFC 1350, 2347. Only requests go to port 69: to see the data, decode the port that they
 * go to as `tftp`.
 */
export const tftp = defineDissector({
  name: 'tftp',
  title: 'Trivial File Transfer Protocol',
  claims: [udpPort.at(69)],
  fields,
  accept(view, at, end) {
    if (at + 4 > end) return false;
    const operation = u16(view, at);
    // A request names a file in characters that print.
    if (isRequest(operation)) return view[at + 2]! >= 0x20 || behindStrings(view, at + 2, end, 2) >= 0;
    return operation >= DATA && operation <= OPTIONS;
  },
});
