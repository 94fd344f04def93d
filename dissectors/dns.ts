import { defineDissector } from '../core/declare/dissector.ts';
import { header, located, uint16 } from '../core/declare/kinds.ts';
import { checkMessage, flags, isMessage, MESSAGE_HEADER, sections } from './parts/dns-message.ts';
import { isInStream, isOverStream } from './parts/dns-name.ts';
import { u16 } from './parts/vector.ts';
import { dnsMessage, sctpPort, tcpPort, udpPort } from './tables.ts';

const PREFIX = 2;

const fields = header({
  prefix: located(
    (_view, at, _end, frame, layer) => (isOverStream(frame, layer) ? at : -1),
    uint16('dns.length', { unit: 'bytes' }),
  ),
  ...flags,
  ...sections(),
});

/**
 * Domain Name System, RFC 1035; EDNS (RFC 6891); over TCP with two bytes of length before each message, several of which
 * may stand in one segment.
 */
export const dns = defineDissector({
  name: 'dns',
  title: 'Domain Name System',
  claims: [udpPort.at(53), tcpPort.at(53), tcpPort.at(5353), sctpPort.at(53), dnsMessage.at(0)],
  tables: [dnsMessage],
  fields,
  minimum: MESSAGE_HEADER,
  accept(view, at, end, frame) {
    if (!isInStream(frame, frame.layer, dns.id)) return isMessage(view, at, end, frame.contained);
    if (at + PREFIX + MESSAGE_HEADER > end) return false;
    const messageEnd = at + PREFIX + u16(view, at);
    return isMessage(view, at + PREFIX, Math.min(end, messageEnd), messageEnd);
  },
  dissect(frame, view, at) {
    if (isOverStream(frame, frame.layer)) {
      const end = at + PREFIX + u16(view, at);
      if (end < frame.contained) {
        const { contained } = frame;
        frame.limit(end, fields.prefix);
        frame.next(dnsMessage, 0, end, contained);
      }
    }
    checkMessage(frame, view);
  },
});
