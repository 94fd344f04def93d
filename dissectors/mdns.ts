import { defineDissector } from '../core/declare/dissector.ts';
import { header } from '../core/declare/kinds.ts';
import { checkMessage, flags, isMessage, MESSAGE_HEADER, sections } from './parts/dns-message.ts';
import { udpPort } from './tables.ts';

/** Multicast DNS, RFC 6762. Its fields are those of DNS. */
export const mdns = defineDissector({
  name: 'mdns',
  title: 'Multicast Domain Name System',
  claims: [udpPort.at(5353)],
  fields: header({ ...flags, ...sections(true) }),
  minimum: MESSAGE_HEADER,
  accept: (view, at, end, frame) => isMessage(view, at, end, frame.contained),
  dissect: checkMessage,
});
