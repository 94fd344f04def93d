import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { PacketloomError } from '../errors.ts';
import { KEY_BYTES } from './crypto-pan.ts';

const ENVIRONMENT = 'env:';

const wrong = (at: string, text: string, why: string, cause?: unknown): PacketloomError =>
  new PacketloomError('configuration', `${at}: ${text}: ${why}`, cause === undefined ? {} : { cause });

/** The key in some bytes: 32 as they are, or 64 hexadecimal digits (white space around them does not count). */
function keyIn(bytes: Buffer): Uint8Array | undefined {
  if (bytes.length === KEY_BYTES) return new Uint8Array(bytes);
  const digits = bytes.length > 1024 ? '' : bytes.toString('latin1').trim();
  return /^[0-9a-f]{64}$/i.test(digits) ? new Uint8Array(Buffer.from(digits, 'hex')) : undefined;
}

function fileBytes(path: string, at: string, text: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder' : String(code);
    throw wrong(at, text, `the key cannot be read: ${why}`, cause);
  }
}

/**
 * Reads the secret of an anonymisation: a file, or `env:NAME` for an environment variable. It is never part of a
 * configuration or of an error.
 * @param base folder that paths start from
 * @param at where it was asked for, for messages
 * @throws PacketloomError `configuration` when there is none, or it is neither 32 bytes nor 64 hexadecimal digits.
 */
export function readAnonymizationKey(text: string, base: string, at: string): Uint8Array {
  const expected = `expected ${KEY_BYTES} bytes or ${2 * KEY_BYTES} hexadecimal digits, as "openssl rand -hex ${KEY_BYTES}" prints`;
  if (text.startsWith(ENVIRONMENT)) {
    const value = process.env[text.slice(ENVIRONMENT.length)];
    if (value === undefined) throw wrong(at, text, 'there is no such environment variable');
    const key = /^[0-9a-f]{64}$/i.test(value.trim()) ? keyIn(Buffer.from(value)) : undefined;
    if (key === undefined) throw wrong(at, text, `not a key: expected ${2 * KEY_BYTES} hexadecimal digits`);
    return key;
  }
  const bytes = fileBytes(resolve(base, text), at, text);
  const key = keyIn(bytes);
  if (key === undefined) throw wrong(at, text, `not a key: it has ${bytes.length} bytes; ${expected}`);
  return key;
}
