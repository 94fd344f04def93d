import { readFileSync } from 'node:fs';
import { PacketloomError } from '../errors.ts';

const file = (description: string) => ({ type: 'string', pattern: '.', description }) as const;

/** JSON Schema of the options for encrypted connections. */
export const tlsProperties = {
  tls: { type: 'boolean', default: false, description: 'Encrypt the connection and check the server’s certificate' },
  tlsCa: file('File with certificates to trust in place of the usual ones (PEM); implies tls'),
  tlsCertificate: file('File with a certificate of one’s own to show (PEM); implies tls'),
  tlsKey: file('File with its private key (PEM)'),
} as const;

/** What Node's TLS wants. */
export interface TlsFiles {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads the options of {@link tlsProperties}; undefined for a connection in clear.
 * @throws PacketloomError `configuration` when a file cannot be read
 */
export function tlsFiles(options: Readonly<Record<string, unknown>>, sink: string): TlsFiles | undefined {
  const read = (option: 'tlsCa' | 'tlsCertificate' | 'tlsKey', name: keyof TlsFiles): TlsFiles => {
    const path = options[option] as string | undefined;
    if (path === undefined) return {};
    try {
      return { [name]: readFileSync(path, 'utf8') };
    } catch (cause) {
      const why = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : (cause as Error).message;
      throw new PacketloomError('configuration', `${sink}: ${option}: ${path}: ${why}`, { cause });
    }
  };
  const files = { ...read('tlsCa', 'ca'), ...read('tlsCertificate', 'cert'), ...read('tlsKey', 'key') };
  if ('cert' in files !== 'key' in files) {
    throw new PacketloomError('configuration', `${sink}: tlsCertificate and tlsKey belong together`);
  }
  return options.tls === true || Object.keys(files).length > 0 ? files : undefined;
}

const UNTRUSTED = /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:VERIFY|GET_ISSUER)|ERR_TLS_CERT_)/;

/** Why the certificate of a server is not accepted, where an error or one behind it says so; undefined for others. */
export function untrusted(error: unknown): string | undefined {
  let next = error as { code?: unknown; message?: string; cause?: unknown } | undefined;
  for (let depth = 0; depth < 8 && typeof next === 'object' && next !== null; depth += 1) {
    const { code, message } = next;
    if (typeof code === 'string' && UNTRUSTED.test(code))
      return `its certificate is not trusted: ${message}; set tlsCa`;
    next = next.cause as typeof next;
  }
  return undefined;
}
