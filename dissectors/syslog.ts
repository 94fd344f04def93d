import { defineDissector } from '../core/declare/dissector.ts';
import type { Field } from '../core/declare/field.ts';
import { computed, header, located, text } from '../core/declare/kinds.ts';
import { absoluteTimeText } from '../core/frame/absolute-time.ts';
import { behindWords, textUntilNull, word } from './parts/token.ts';
import type { Find } from './parts/vector.ts';
import { udpPort } from './tables.ts';

const OPEN = 0x3c;
const CLOSE = 0x3e;
const HIGHEST_PRIORITY = 191;
/** `Mmm dd hh:mm:ss` */
const OLD_TIME = 15;

const isDigit = (byte: number) => byte >= 0x30 && byte <= 0x39;

/** Behind the priority, `<0>` to `<191>`; -1 where there is none. */
const behindPriority: Find = (view, at, end) => {
  if (at >= end || view[at] !== OPEN) return -1;
  let place = at + 1;
  while (place < end && place < at + 4 && isDigit(view[place]!)) place += 1;
  return place > at + 1 && place < end && view[place] === CLOSE ? place + 1 : -1;
};
const priority: Find = (view, at, end) => {
  const stop = behindPriority(view, at, end) - 1;
  let value = 0;
  for (let place = at + 1; place < stop; place += 1) value = value * 10 + view[place]! - 0x30;
  return stop < 0 ? Number.NaN : value;
};
const ofPriority = (
  name: string,
  value: (priority: number) => number,
  values: Readonly<Record<number, string>>,
): Field => ({
  ...located(
    (view, at, end) => (behindPriority(view, at, end) < 0 ? -1 : at),
    computed(name, 'uint', (view, at, end) => value(priority(view, at, end)), { values }),
  ),
  measure: (view, at, end) => behindPriority(view, at, end) - at,
});

/** A message in the form of RFC 5424: version 1 and a space. */
const newForm: Find = (view, at, end) => {
  const place = behindPriority(view, at, end);
  return place >= 0 && place + 2 <= end && view[place] === 0x31 && view[place + 1] === 0x20 ? place : -1;
};
/** A message in the form of RFC 3164: a time with colons at their places and a space after it. */
const oldForm: Find = (view, at, end) => {
  const place = behindPriority(view, at, end);
  const isTime =
    place >= 0 &&
    place + OLD_TIME + 1 < end &&
    view[place + 3] === 0x20 &&
    view[place + 6] === 0x20 &&
    view[place + 9] === 0x3a &&
    view[place + 12] === 0x3a &&
    view[place + OLD_TIME] === 0x20;
  return isTime ? place : -1;
};
const newWord =
  (count: number): Find =>
  (view, at, end) => {
    const place = newForm(view, at, end);
    return place < 0 ? -1 : behindWords(view, place, end, count);
  };
/** A word of the old form behind its time. */
const oldWord =
  (count: number): Find =>
  (view, at, end) => {
    const place = oldForm(view, at, end);
    return place < 0 ? -1 : behindWords(view, place + OLD_TIME + 1, end, count);
  };
const either =
  (one: Find, other: Find): Find =>
  (view, at, end) => {
    const place = one(view, at, end);
    return place < 0 ? other(view, at, end) : place;
  };

const rest: Find = (_view, at, end) => end - at;
/** The tag of the old form ends at a space, a colon or an opening bracket. */
const tag: Find = (view, at, end) => {
  let place = at;
  while (place < end && view[place] !== 0x20 && view[place] !== 0x3a && view[place] !== 0x5b) place += 1;
  return place - at;
};
const behindTag: Find = (view, at, end) => {
  const place = oldWord(1)(view, at, end);
  return place < 0 ? -1 : place + tag(view, place, end);
};

const decoder = new TextDecoder();
const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/;
/** An RFC 3339 time as absolute time; what is none stays as it is. */
function stampText(view: Uint8Array, at: number, length: number): string {
  const written = decoder.decode(view.subarray(at, at + Math.min(length, 64)));
  const [, moment, fraction = '', zone] = STAMP.exec(written) ?? [];
  const seconds = Date.parse(`${moment}${zone}`) / 1000;
  return Number.isNaN(seconds) ? written : absoluteTimeText(seconds, Number(fraction.padEnd(9, '0')));
}
const isNil = (view: Uint8Array, place: number) => view[place] === 0x2d;

const facilities = {
  0: 'kernel',
  1: 'user',
  2: 'mail',
  3: 'daemon',
  4: 'auth',
  5: 'syslog',
  6: 'lpr',
  7: 'news',
  8: 'uucp',
  9: 'clock',
  10: 'authpriv',
  11: 'ftp',
  12: 'ntp',
  13: 'log audit',
  14: 'log alert',
  15: 'cron',
  16: 'local0',
  17: 'local1',
  18: 'local2',
  19: 'local3',
  20: 'local4',
  21: 'local5',
  22: 'local6',
  23: 'local7',
};
const levels = {
  0: 'Emergency',
  1: 'Alert',
  2: 'Critical',
  3: 'Error',
  4: 'Warning',
  5: 'Notice',
  6: 'Informational',
  7: 'Debug',
};

const fields = header({
  facility: ofPriority('syslog.facility', (value) => value >> 3, facilities),
  level: ofPriority('syslog.level', (value) => value & 7, levels),
  message: located(behindPriority, text('syslog.msg', rest, { title: 'Message', format: textUntilNull })),
  version: located(newForm, text('syslog.version', word)),
  oldTime: located(oldForm, text('syslog.timestamp_rfc3164', OLD_TIME, { title: 'Time' })),
  time: located(
    (view, at, end) => {
      const place = newWord(1)(view, at, end);
      return place < 0 || isNil(view, place) ? -1 : place;
    },
    text('syslog.timestamp', word, { title: 'Time', format: stampText }),
  ),
  host: located(either(newWord(2), oldWord(0)), text('syslog.hostname', word, { title: 'Host' })),
  application: located(newWord(3), text('syslog.appname', word, { title: 'Application' })),
  process: located(newWord(4), text('syslog.procid', word, { title: 'Process' })),
  oldProcess: located(oldWord(1), text('syslog.procid', tag, { title: 'Process' })),
  // As Wireshark has it: the id of the message and all that follows it.
  id: located(either(newWord(5), behindTag), text('syslog.msgid', rest, { title: 'Message id and text' })),
});

/** The BSD syslog protocol (RFC 3164) and the syslog protocol (RFC 5424), over UDP (RFC 5426). */
export const syslog = defineDissector({
  name: 'syslog',
  title: 'Syslog',
  claims: [udpPort.at(514)],
  fields,
  minimum: 3,
  accept: (view, at, end) => priority(view, at, end) <= HIGHEST_PRIORITY,
});
