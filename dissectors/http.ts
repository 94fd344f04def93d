import { defineDissector } from '../core/declare/dissector.ts';
import { httpFields } from './parts/http-fields.ts';
import { isFirstLine } from './parts/http-message.ts';
import { tcpPort } from './tables.ts';

const PORTS = [80, 591, 1900, 2710, 2869, 3128, 3132, 5985, 8000, 8008, 8080, 8088, 11371];

/** Hypertext Transfer Protocol 1, RFC 9112: first line and headers of each message that begins in the segment. */
export const http = defineDissector({
  name: 'http',
  title: 'Hypertext Transfer Protocol',
  claims: [...PORTS.map(tcpPort.at), tcpPort.guess()],
  fields: httpFields,
  minimum: 5,
  accept: isFirstLine,
});
