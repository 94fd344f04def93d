import type { Field, Fields, Locate } from '../../core/declare/field.ts';
import { computed, header, located, text } from '../../core/declare/kinds.ts';
import { addressUri, displayLength, displayName, parameter, parameterLength, uriEnd, uriParts } from './sip-address.ts';
import { digitsAt, digitsLength, find, headerNumber, headerText, headerValue, isWord, textEnd } from './text-line.ts';

/** Headers that have no parts of their own, and the compact forms that some have (RFC 3261 section 7.3.3). */
const PLAIN: readonly (readonly [name: string, compact?: string])[] = [
  ['Accept'],
  ['Accept-Encoding'],
  ['Accept-Language'],
  ['Alert-Info'],
  ['Allow'],
  ['Allow-Events', 'u'],
  ['Authentication-Info'],
  ['Authorization'],
  ['Call-ID', 'i'],
  ['Call-Info'],
  ['Contact', 'm'],
  ['Content-Disposition'],
  ['Content-Encoding', 'e'],
  ['Content-Language'],
  ['Content-Type', 'c'],
  ['CSeq'],
  ['Date'],
  ['Error-Info'],
  ['Event', 'o'],
  ['From', 'f'],
  ['In-Reply-To'],
  ['MIME-Version'],
  ['Min-Expires'],
  ['Min-SE'],
  ['Organization'],
  ['P-Access-Network-Info'],
  ['P-Asserted-Identity'],
  ['P-Associated-URI'],
  ['P-Preferred-Identity'],
  ['Path'],
  ['Priority'],
  ['Privacy'],
  ['Proxy-Authenticate'],
  ['Proxy-Authorization'],
  ['Proxy-Require'],
  ['RAck'],
  ['Reason'],
  ['Record-Route'],
  ['Refer-To', 'r'],
  ['Referred-by', 'b'],
  ['Replaces'],
  ['Reply-To'],
  ['Require'],
  ['Route'],
  ['Server'],
  ['Service-Route'],
  ['Session-Expires', 'x'],
  ['Subject', 's'],
  ['Subscription-State'],
  ['Supported', 'k'],
  ['Timestamp'],
  ['To', 't'],
  ['Unsupported'],
  ['User-Agent'],
  ['Via', 'v'],
  ['Warning'],
  ['WWW-Authenticate'],
];
const NUMBERS: readonly (readonly [name: string, unit?: string, compact?: string])[] = [
  ['Content-Length', 'bytes', 'l'],
  ['Expires', 's'],
  ['Max-Forwards'],
  ['RSeq'],
];

const names = (name: string, compact?: string) =>
  compact === undefined ? [name.toLowerCase()] : [name.toLowerCase(), compact];
const plain = Object.fromEntries(
  PLAIN.map(([name, compact]) => [name, headerText(`sip.${name}`, names(name, compact), name.replaceAll('-', ' '))]),
);
const numbers = Object.fromEntries(
  NUMBERS.map(([name, unit, compact]) => [name, headerNumber(`sip.${name}`, names(name, compact), unit)]),
);

/** A number in decimal digits, where `place` finds it; text without digits counts as 0, as in Wireshark. */
function numberAt(place: Locate, name: string): Field {
  const value: Locate = (view, at, end, frame, layer) => {
    const from = place(view, at, end, frame, layer);
    return from < 0 || from >= end ? Number.NaN : digitsAt(view, from, end) || 0;
  };
  return { ...computed(name, 'uint', value), measure: digitsLength };
}

const from = headerValue('from', 'f');
const to = headerValue('to', 't');
const contact = headerValue('contact', 'm');
const anyVia = headerValue('via', 'v');
const sequence = headerValue('cseq');
const credentials = headerValue('authorization', 'proxy-authorization', 'www-authenticate', 'proxy-authenticate');

const uriLength: Locate = (view, at, end) => uriEnd(view, at, end) - at;
const party = (side: 'from' | 'to', value: Locate): Record<string, Field> => ({
  [`${side}Display`]: located(
    displayName(value),
    text(`sip.${side}.display.info`, displayLength, { aliases: ['sip.display.info'] }),
  ),
  [`${side}Address`]: located(addressUri(value), text(`sip.${side}.addr`, uriLength)),
  ...uriParts(`sip.${side}`, addressUri(value), uriEnd),
  [`${side}Tag`]: located(parameter(value, 'tag'), text(`sip.${side}.tag`, parameterLength, { aliases: ['sip.tag'] })),
});

/** Behind the blanks that separate two words of a value. */
const secondWord =
  (value: Locate): Locate =>
  (view, at, end, frame, layer) => {
    const first = value(view, at, end, frame, layer);
    const blank = first < 0 ? -1 : find(view, first, end, 32);
    if (blank < 0) return -1;
    let place = blank;
    while (place < end && view[place] === 32) place += 1;
    return place < textEnd(view, at, end) ? place : -1;
  };
/** The method stands behind the number and what separates them. */
const behindNumber: Locate = (view, at, end, frame, layer) => {
  const value = sequence(view, at, end, frame, layer);
  if (value < 0) return -1;
  let place = value + digitsLength(view, value, end, frame, layer) + 1;
  while (place < end && view[place] === 32) place += 1;
  return place < textEnd(view, at, end) ? place : -1;
};
/** The transport of a Via stands behind its second slash: `SIP/2.0/UDP`. */
const transport: Locate = (view, at, end, frame, layer) => {
  const value = anyVia(view, at, end, frame, layer);
  const first = value < 0 ? -1 : find(view, value, end, 47);
  const second = first < 0 ? -1 : find(view, first + 1, end, 47);
  return second < 0 ? -1 : second + 1;
};
/** The value of a Via that has one. */
const via: Locate = (view, at, end, frame, layer) =>
  transport(view, at, end, frame, layer) < 0 ? -1 : anyVia(view, at, end, frame, layer);
const wordLength: Locate = (view, at, end) => {
  const limit = textEnd(view, at, end);
  const blank = find(view, at, limit, 32);
  return (blank < 0 ? limit : blank) - at;
};
const sentBy = secondWord(via);
const isHostEnd = (byte: number) =>
  byte === 58 || byte === 59 || byte === 32 || byte === 13 || byte === 10 || byte === 44;
const hostLength: Locate = (view, at, end) => {
  let place = at;
  if (view[at] === 91) place = Math.max(find(view, at, end, 93), at);
  while (place < end && !isHostEnd(view[place]!)) place += 1;
  return place - at;
};
const sentByPort: Locate = (view, at, end, frame, layer) => {
  const host = sentBy(view, at, end, frame, layer);
  const place = host < 0 ? end : host + hostLength(view, host, end, frame, layer);
  return place < end && view[place] === 58 ? place + 1 : -1;
};

const commaAfter = (view: Uint8Array, at: number, end: number) => {
  const comma = find(view, at, end, 44);
  return comma < 0 ? end : comma;
};
/** Where the comma behind a parameter stands: what is in quotes is passed over. */
function parameterEnd(view: Uint8Array, at: number, end: number): number {
  const comma = commaAfter(view, at, end);
  const equals = find(view, at, comma, 61);
  if (equals < 0 || equals + 1 >= end || view[equals + 1] !== 34) return comma;
  const close = find(view, equals + 2, end, 34);
  return close < 0 ? end : commaAfter(view, close, end);
}
/** A parameter of credentials or a challenge: `name=value`, separated by commas. */
const credential = (name: string): Locate => {
  const word = `${name}=`;
  return (view, at, end, frame, layer) => {
    for (let place = secondWord(credentials)(view, at, end, frame, layer); place >= 0 && place < end; place += 1) {
      while (place < end && view[place]! <= 32) place += 1;
      if (isWord(view, place, end, word)) return place + word.length;
      place = parameterEnd(view, place, end);
    }
    return -1;
  };
};
const credentialLength: Locate = (view, at, end) => {
  const limit = textEnd(view, at, end);
  if (view[at] === 34) {
    const close = find(view, at + 1, limit, 34);
    return (close < 0 ? limit : close + 1) - at;
  }
  const comma = find(view, at, limit, 44);
  return (comma < 0 ? limit : comma) - at;
};
const auth = Object.fromEntries(
  (
    [
      ['username', 'username'],
      ['realm', 'realm'],
      ['nonce', 'nonce'],
      ['uri', 'uri'],
      ['algorithm', 'algorithm'],
      ['digest.response', 'response'],
      ['nc', 'nc'],
      ['cnonce', 'cnonce'],
      ['opaque', 'opaque'],
      ['qop', 'qop'],
      ['stale', 'stale'],
    ] as const
  ).map(([name, word]) => [`auth.${name}`, located(credential(word), text(`sip.auth.${name}`, credentialLength))]),
);

/** One header of a SIP message: RFC 3261 section 20, 3262, 3265, 3325, 3326, 3515, 3891, 3903, 4028. */
export const sipHeader: Fields = header({
  ...plain,
  ...numbers,
  ...party('from', from),
  ...party('to', to),
  contactDisplay: located(
    displayName(contact),
    text('sip.contact.display.info', displayLength, { aliases: ['sip.display.info'] }),
  ),
  contactUri: located(addressUri(contact), text('sip.contact.uri', uriLength)),
  ...uriParts('sip.contact', addressUri(contact), uriEnd),
  transport: located(transport, text('sip.Via.transport', wordLength)),
  sentBy: located(sentBy, text('sip.Via.sent-by.address', hostLength)),
  sentByPort: located(sentByPort, numberAt(sentByPort, 'sip.Via.sent-by.port')),
  branch: located(parameter(via, 'branch'), text('sip.Via.branch', parameterLength)),
  received: located(parameter(via, 'received'), text('sip.Via.received', parameterLength)),
  returnPort: located(parameter(via, 'rport'), text('sip.Via.rport', parameterLength)),
  sequenceNumber: located(sequence, numberAt(sequence, 'sip.CSeq.seq')),
  sequenceMethod: located(behindNumber, text('sip.CSeq.method', wordLength)),
  scheme: located(credentials, text('sip.auth.scheme', wordLength)),
  ...auth,
});
