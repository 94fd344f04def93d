import { PacketloomError } from '../../../core/errors.ts';

/** A collector. */
export interface Destination {
  readonly transport: 'tcp' | 'udp';
  readonly host: string;
  readonly port: number;
}

/** The port of IPFIX (IANA). */
const PORT = 4739;

const TRANSPORTS: Readonly<Record<string, Destination['transport']>> = {
  'ipfix:': 'tcp',
  'ipfix+tcp:': 'tcp',
  'ipfix+udp:': 'udp',
};

/** The collector that a URL means (`ipfix://`, `ipfix+tcp://`, `ipfix+udp://`); undefined for the path of a file. */
export function destinationOf(target: string): Destination | undefined {
  if (!/^ipfix(?:\+\w+)?:\/\//i.test(target)) return undefined;
  const url = new URL(target);
  const wrong = (why: string) => new PacketloomError('usage', `ipfix: ${url.host}: ${why}`);
  const transport = TRANSPORTS[url.protocol];
  if (transport === undefined) throw wrong(`expected ${Object.keys(TRANSPORTS).join('//, ')}//`);
  if (url.username !== '' || url.password !== '') throw wrong('IPFIX knows no users: expected ipfix+udp://host:4739');
  if (url.hostname === '') throw wrong('expected the name or address of a collector: ipfix+udp://host:4739');
  if (url.pathname !== '' && url.pathname !== '/') throw wrong(`"${url.pathname}" has no meaning behind a collector`);
  const [option] = url.searchParams.keys();
  if (option !== undefined) throw wrong(`no such option "${option}"`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { transport, host, port: url.port === '' ? PORT : Number(url.port) };
}
