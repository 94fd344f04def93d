import { defineDissector } from '../core/declare/dissector.ts';
import { header } from '../core/declare/kinds.ts';
import { checkMessage, isMessage, localFlags, MESSAGE_HEADER, sections } from './parts/dns-message.ts';
import { udpPort } from './tables.ts';

/** Link-Local Multicast Name Resolution, RFC 4795. Its fields are those of DNS. */
export const llmnr = defineDissector({
  name: 'llmnr',
  title: 'Link-Local Multicast Name Resolution',
  claims: [udpPort.at(5355)],
  fields: header({ ...localFlags, ...sections() }),
  minimum: MESSAGE_HEADER,
  accept: (view, at, end, frame) => isMessage(view, at, end, frame.contained),
  dissect: checkMessage,
});
