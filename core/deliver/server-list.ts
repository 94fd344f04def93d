import { PacketloomError } from '../errors.ts';

/** Servers and what is meant there, as a URL names them. */
export interface ServerList {
  /** `host:port` each; an IPv6 address stands in brackets. */
  readonly servers: readonly string[];
  /** Topic or subject. */
  readonly name: string;
  readonly user: string | undefined;
  /** The whole, for messages. */
  readonly target: string;
}

const SERVER = /^(\[[0-9a-fA-F:.]+\]|[^\s:[\]/]+)(?::(\d{1,5}))?$/;

/**
 * Reads `scheme://user@host:port,host2/name`; the scheme may be left out.
 * @param form what is expected, for messages
 * @throws PacketloomError `usage` for anything else, and for a password: it would show in lists of processes
 */
export function parseServers(target: string, sink: string, port: number, form: string): ServerList {
  const [, before = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/i.exec(target)!;
  const [, userinfo, hosts, name = ''] = /^(?:([^@/]*)@)?([^/]*)(?:\/(.*))?$/.exec(rest) ?? [];
  if (hosts === undefined || name === '' || name.includes('/')) {
    throw new PacketloomError('usage', `${sink}: ${withoutPassword(target)}: expected ${form}`);
  }
  if (userinfo?.includes(':')) {
    throw new PacketloomError(
      'usage',
      `${sink}: ${hosts}: a password does not belong into a URL; set password=env:NAME`,
    );
  }
  if (/[?#]/.test(name)) {
    const parameter = /\?([^=&]*)/.exec(name)?.[1];
    const why = parameter === undefined ? `expected ${form}` : `no such option "${parameter}"`;
    throw new PacketloomError('usage', `${sink}: ${target}: ${why}`);
  }
  const servers = hosts.split(',').map((server) => {
    const [, host, given = String(port)] = SERVER.exec(server) ?? [];
    if (host === undefined || Number(given) < 1 || Number(given) > 65_535) {
      throw new PacketloomError('usage', `${sink}: ${target}: expected host or host:port, not "${server}"`);
    }
    return `${host}:${Number(given)}`;
  });
  const user = userinfo === undefined || userinfo === '' ? undefined : decoded(userinfo);
  return { servers, name: decoded(name), user, target: `${before}${servers.join(',')}/${name}` };
}

const withoutPassword = (target: string): string => target.replace(/\/\/[^/@]*@/, '//');

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
