import { defineDissector } from '../core/declare/dissector.ts';
import { header, uint32 } from '../core/declare/kinds.ts';
import { ipProtocol } from './tables.ts';

const fields = header({
  index: uint32('esp.spi', { title: 'Security parameters index', display: 'hex' }),
  sequence: uint32('esp.sequence'),
});

/** IP encapsulating security payload, RFC 4303: what follows is encrypted. */
export const esp = defineDissector({
  name: 'esp',
  title: 'Encapsulating security payload',
  level: 'transport',
  claims: [ipProtocol.at(50)],
  fields,
});
