import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import { header, ipv4, optional, repeated, uint8, uint16, uint24 } from '../core/declare/kinds.ts';
import { u24 } from './parts/vector.ts';
import { netbiosSession, tcpPort } from './tables.ts';

const HEADER = 4;
const MESSAGE = 0;
const NEGATIVE = 0x83;
const RETARGET = 0x84;
const KEEP_ALIVE = 0x85;
const TYPES = {
  0: 'Session message',
  129: 'Session request',
  130: 'Positive session response',
  131: 'Negative session response',
  132: 'Retarget session response',
  133: 'Session keep-alive',
};
/** First bytes of what a session message carries: SMB, SMB2, and both encrypted. */
const CARRIED = [0xff, 0xfe, 0xfd, 0xfc];

/** Type, length and the beginning of what is carried agree, as far as the bytes go. */
function isMessage(view: Uint8Array, at: number, end: number): boolean {
  if (at + HEADER > end) return false;
  const type = view[at]!;
  const length = u24(view, at + 1);
  if (type !== MESSAGE) {
    const least = type === 0x81 ? 68 : type === NEGATIVE ? 1 : type === RETARGET ? 6 : 0;
    return type >= 0x81 && type <= KEEP_ALIVE && length >= least && length <= 0xff;
  }
  if (length < 4) return false;
  if (at + 5 > end) return true;
  return (
    CARRIED.includes(view[at + 4]!) &&
    (at + 8 > end || (view[at + 5] === 0x53 && view[at + 6] === 0x4d && view[at + 7] === 0x42))
  );
}
const next: Locate = (view, at, end) => (isMessage(view, at, end) ? at + HEADER + u24(view, at + 1) : -1);
const is =
  (type: number): When =>
  (view, at) =>
    view[at] === type;

const message = header({
  type: uint8('nbss.type', { display: 'hex', values: TYPES }),
  length: uint24('nbss.length', { unit: 'bytes' }),
  error: optional(is(NEGATIVE), uint8('nbss.error_code', { display: 'hex' }), 4),
  retargetAddress: optional(is(RETARGET), ipv4('nbss.retarget_ip_address'), 4),
  retargetPort: optional(is(RETARGET), uint16('nbss.retarget_port'), 8),
});

const fields = header({ messages: repeated({ from: (_view, at) => at, next, item: message, title: 'Message' }) });

/** NetBIOS session service, RFC 1002 section 4.3, and SMB directly over TCP, whose length has 24 bits ([MS-SMB2] 2.1). */
export const nbss = defineDissector({
  name: 'nbss',
  title: 'NetBIOS session service',
  claims: [tcpPort.at(139), tcpPort.at(445)],
  fields,
  tables: [netbiosSession],
  accept: isMessage,
  dissect(frame, view, at) {
    for (let one = at; one + 5 <= frame.end && isMessage(view, one, frame.end); ) {
      const end = one + HEADER + message.length.read(view, one);
      if (view[one] === MESSAGE) frame.guess(netbiosSession, one + HEADER, Math.min(end, frame.contained));
      one = end;
    }
  },
});
