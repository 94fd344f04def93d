import type { Field, Fields, Locate, When } from '../../core/declare/field.ts';
import { flag, located, masked, repeated, uint16 } from '../../core/declare/kinds.ts';
import { MALFORMED, TRUNCATED } from '../../core/frame/anomaly.ts';
import type { Frame } from '../../core/frame/frame.ts';
import { namesOf } from '../names.ts';
import { followName, messageStart, skipName } from './dns-name.ts';
import { nextQuestion, nextRecord, question, record } from './dns-record.ts';
import { type Find, u16 } from './vector.ts';

/** Bytes of a message's header. */
export const MESSAGE_HEADER = 12;
const UPDATE = 5;
const OPTIONS = 41;
/** A name of one byte, type and class. */
const SHORTEST_QUESTION = 5;
/** A name of one byte, type, class, lifetime and length. */
const SHORTEST_RECORD = 11;
/** Query, inverse query, status, notify, update, stateful operations (IANA). */
const OPERATIONS = new Set([0, 1, 2, 4, 5, 6]);

/** A place in the header, wherever the message begins. */
const at =
  (offset: number, when?: When): Locate =>
  (view, _start, end, frame, layer) => {
    const message = messageStart(frame, layer);
    if (message + offset + 2 > end) return -1;
    return when === undefined || when(view, message, end, frame, layer) ? message + offset : -1;
  };

export const isResponse: When = (view, message) => (view[message + 2]! & 0x80) !== 0;
/** As Wireshark has it: in a query only when it is set. */
const isResponseOrAuthenticated: When = (view, message) =>
  (view[message + 2]! & 0x80) !== 0 || (view[message + 3]! & 0x20) !== 0;
const isUpdate: When = (view, message) => ((view[message + 2]! >>> 3) & 15) === UPDATE;
const isNotUpdate: When = (view, message, end, frame, layer) => !isUpdate(view, message, end, frame, layer);

const bit = (name: string, mask: number, title: string, when?: When): Field =>
  located(at(2, when), masked(flag(name, { title }), mask, 2));
const count = (name: string, offset: number, title: string, when?: When): Field =>
  located(at(offset, when), uint16(name, { title }));

/** Identifier, flags word and the two flags that all forms of the message share. */
const start = {
  id: located(at(0), uint16('dns.id', { title: 'Identifier', display: 'hex' })),
  flags: located(at(2), uint16('dns.flags', { display: 'hex' })),
  response: bit('dns.flags.response', 0x8000, 'Response'),
  operation: located(
    at(2),
    masked(uint16('dns.flags.opcode', { title: 'Operation', values: namesOf('dns-opcodes') }), 0x7800),
  ),
};
const responseCode = located(
  at(2, isResponse),
  masked(uint16('dns.flags.rcode', { title: 'Response code', values: namesOf('dns-rcodes') }), 15),
);

/** The flags of DNS and of multicast DNS: RFC 1035, 4.1.1 and RFC 4035, 3.2. */
export const flags = {
  ...start,
  authoritative: bit('dns.flags.authoritative', 0x400, 'Authoritative answer', isResponse),
  truncated: bit('dns.flags.truncated', 0x200, 'Truncated'),
  recursionDesired: bit('dns.flags.recdesired', 0x100, 'Recursion desired'),
  recursionAvailable: bit('dns.flags.recavail', 0x80, 'Recursion available', isResponse),
  reserved: bit('dns.flags.z', 0x40, 'Reserved'),
  authenticated: bit('dns.flags.authenticated', 0x20, 'Authenticated', isResponseOrAuthenticated),
  checkingDisabled: bit('dns.flags.checkdisable', 0x10, 'Checking disabled'),
  responseCode,
};

/** The flags of LLMNR: RFC 4795, 2.1.1. */
export const localFlags = {
  ...start,
  conflict: bit('dns.flags.conflict', 0x400, 'Conflict'),
  truncated: bit('dns.flags.truncated', 0x200, 'Truncated'),
  tentative: bit('dns.flags.tentative', 0x100, 'Tentative'),
  responseCode,
};

const questionsAt: Locate = (_view, _at, _end, frame, layer) => messageStart(frame, layer) + MESSAGE_HEADER;

/** Behind `count` items from `from` on, as far as they are wholly there. */
function behind(count: number, from: number, view: Uint8Array, end: number, next: Find): number {
  let place = from;
  for (let left = count; left > 0 && place < end; left -= 1) {
    const following = next(view, place, end);
    if (following < 0) return end;
    place = following;
  }
  return place;
}

function behindQuestions(view: Uint8Array, end: number, frame: Frame, layer: number): number {
  const message = messageStart(frame, layer);
  return behind(u16(view, message + 4), message + MESSAGE_HEADER, view, end, nextQuestion);
}

function behindRecords(view: Uint8Array, end: number, frame: Frame, layer: number): number {
  const message = messageStart(frame, layer);
  const count = u16(view, message + 6) + u16(view, message + 8) + u16(view, message + 10);
  return behind(count, behindQuestions(view, end, frame, layer), view, end, nextRecord);
}

const whole = (read: Locate): Locate => {
  return (view, start, end, frame, layer) =>
    messageStart(frame, layer) + MESSAGE_HEADER <= end ? read(view, start, end, frame, layer) : -1;
};

/** Counts, questions and records of a message. */
export const sections = (multicast = false): Fields => ({
  zones: count('dns.count.zones', 4, 'Zones', isUpdate),
  questionCount: count('dns.count.queries', 4, 'Questions', isNotUpdate),
  prerequisites: count('dns.count.prerequisites', 6, 'Prerequisites', isUpdate),
  answers: count('dns.count.answers', 6, 'Answers', isNotUpdate),
  updates: count('dns.count.updates', 8, 'Updates', isUpdate),
  authorities: count('dns.count.auth_rr', 8, 'Authority records', isNotUpdate),
  additional: count('dns.count.add_rr', 10, 'Additional records'),
  questions: repeated({
    from: whole(questionsAt),
    to: (view, _at, end, frame, layer) => behindQuestions(view, end, frame, layer),
    next: nextQuestion,
    item: question(multicast),
    title: 'Question',
  }),
  records: repeated({
    from: whole((view, _at, end, frame, layer) => behindQuestions(view, end, frame, layer)),
    to: (view, _at, end, frame, layer) => behindRecords(view, end, frame, layer),
    next: nextRecord,
    item: record(multicast),
    title: 'Record',
  }),
});

/** Classes of records and questions; multicast DNS and dynamic update use their first bit and 254. */
const CLASSES = new Set([1, 3, 4, 254, 255]);

/**
 * Whether bytes from `message` on can be a message: an operation that exists, and numbers of questions and records that
 * there is room for (`contained` is the end that the headers promise), which other bytes do not have by chance; or else a
 * first question or record with a name that is one, and a class that exists, as far as they were captured (`end`).
 */
export function isMessage(view: Uint8Array, message: number, end: number, contained: number): boolean {
  if (message + MESSAGE_HEADER > end) return false;
  if (!OPERATIONS.has((view[message + 2]! >>> 3) & 15)) return false;
  const questions = u16(view, message + 4);
  const records = u16(view, message + 6) + u16(view, message + 8) + u16(view, message + 10);
  const name = message + MESSAGE_HEADER;
  if (questions === 0 && records === 0) return name === contained;
  const fault = followName(view, name, end, message, () => {});
  // Nobody sends labels of the extended form (RFC 6891, section 5): these are other bytes.
  if (fault === 'label') return false;
  if (SHORTEST_QUESTION * questions + SHORTEST_RECORD * records <= contained - name) return true;
  if (fault === 'cut') return end < contained;
  if (fault !== undefined && fault !== 'loop') return false;
  const behindName = skipName(view, name, end);
  if (behindName + 4 > end) return end < contained;
  // A record of options has a size in the place of the class.
  return CLASSES.has(u16(view, behindName + 2) & 0x7fff) || (questions === 0 && u16(view, behindName) === OPTIONS);
}

/** Records what is wrong with the names and lengths of a message. */
export function checkMessage(frame: Frame, view: Uint8Array): unknown {
  const { end } = frame;
  const message = messageStart(frame, frame.layer);
  const questions = u16(view, message + 4);
  const all = questions + u16(view, message + 6) + u16(view, message + 8) + u16(view, message + 10);
  let place = message + MESSAGE_HEADER;
  for (let i = 0; i < all; i += 1) {
    const isQuestion = i < questions;
    if (place >= end) return missing(frame, place, isQuestion ? SHORTEST_QUESTION : SHORTEST_RECORD);
    const fault = followName(view, place, end, message, () => {});
    if (fault === 'loop' || fault === 'label') frame.anomaly(MALFORMED, place);
    const behindName = skipName(view, place, end);
    const fixed = isQuestion ? 4 : 10;
    if (behindName < 0 || behindName + fixed > end) return missing(frame, place, end - place + 1);
    const length = isQuestion ? 0 : u16(view, behindName + 8);
    place = behindName + fixed + length;
    if (place > end) return missing(frame, behindName + fixed, length);
  }
  return undefined;
}

function missing(frame: Frame, at: number, needed: number): void {
  frame.anomaly(at + needed > frame.contained ? MALFORMED : TRUNCATED, at, needed, frame.available(at));
}
