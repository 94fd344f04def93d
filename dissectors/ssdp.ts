import { defineDissector } from '../core/declare/dissector.ts';
import { httpFields } from './parts/http-fields.ts';
import { isFirstLine } from './parts/http-message.ts';
import { udpPort } from './tables.ts';

/**
 * Simple Service Discovery Protocol: HTTP/1 in datagrams (UPnP Device Architecture 2.0, section 1). Its fields are those of
 * HTTP.
 */
export const ssdp = defineDissector({
  name: 'ssdp',
  title: 'Simple Service Discovery Protocol',
  claims: [udpPort.at(1900)],
  fields: httpFields,
  minimum: 5,
  accept: isFirstLine,
});
