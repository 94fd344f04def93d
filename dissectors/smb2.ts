import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  masked,
  optional,
  repeated,
  uint16le,
  uint32,
  uint32le,
  uint64le,
} from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { smb2Negotiate } from './parts/smb2-negotiate.ts';
import { u32 } from './parts/vector.ts';
import { netbiosSession } from './tables.ts';

/** Protocol ids: a header, and one with an encrypted message behind it. */
const PLAIN = 0xfe534d42;
const TRANSFORM = 0xfd534d42;
const HEADER = 64;
const TRANSFORM_HEADER = 52;

const isPlain: When = (view, at) => u32(view, at) === PLAIN;
const isTransform: When = (view, at) => u32(view, at) === TRANSFORM;
const isResponse = (view: Uint8Array, at: number) => (view[at + 16]! & 1) === 1;
const isAsync = (view: Uint8Array, at: number) => (view[at + 16]! & 2) === 2;
/** The flags stand behind fields whose meaning they tell. */
const hasFlags = (view: Uint8Array, at: number, end: number) => at + 20 <= end && u32(view, at) === PLAIN;
const request: When = (view, at, end) => hasFlags(view, at, end) && !isResponse(view, at);
const response: When = (view, at, end) => hasFlags(view, at, end) && isResponse(view, at);
const sync: When = (view, at, end) => hasFlags(view, at, end) && !isAsync(view, at);
const asynchronous: When = (view, at, end) => hasFlags(view, at, end) && isAsync(view, at);
/** Bits of a number whose least significant byte comes first. */
export const bitsOf = (name: string, title: string, mask: number, size: number): Field =>
  masked({ ...flag(name, { title }), littleEndian: true }, mask, size);
const flagOf = (name: string, title: string, mask: number): Field =>
  optional(isPlain, bitsOf(`smb2.flags.${name}`, title, mask, 4), 16);
const hex = { display: 'hex' } as const;
const least = (view: Uint8Array, at: number) =>
  (view[at + 20]! | (view[at + 21]! << 8) | (view[at + 22]! << 16)) + view[at + 23]! * 0x1000000;

const message = header({
  id: uint32('smb2.protocol_id', hex),
  headerLength: optional(isPlain, uint16le('smb2.header_len', { unit: 'bytes' }), 4),
  charge: optional(isPlain, uint16le('smb2.credit.charge', { title: 'Credit charge' }), 6),
  channel: optional(request, uint16le('smb2.channel_sequence'), 8),
  status: optional(response, uint32le('smb2.nt_status', { ...hex, values: namesOf('nt-status') }), 8),
  command: optional(isPlain, uint16le('smb2.cmd', { title: 'Command', values: namesOf('smb2-commands') }), 12),
  requested: optional(request, uint16le('smb2.credits.requested'), 14),
  granted: optional(response, uint16le('smb2.credits.granted'), 14),
  flags: optional(isPlain, uint32le('smb2.flags', hex), 16),
  isResponse: flagOf('response', 'Response', 1),
  isAsync: flagOf('async', 'Asynchronous', 2),
  isChained: flagOf('chained', 'Chained', 4),
  isSigned: flagOf('signature', 'Signed', 8),
  priority: flagOf('priority_mask', 'Priority', 0x70),
  distributed: flagOf('dfs', 'Distributed file system', 0x10000000),
  replay: flagOf('replay', 'Replay', 0x20000000),
  chain: optional(isPlain, uint32le('smb2.chain_offset', { ...hex, unit: 'bytes' }), 20),
  message: optional(isPlain, uint64le('smb2.msg_id', { title: 'Message id' }), 24),
  process: optional(sync, uint32le('smb2.pid', { ...hex, title: 'Process id' }), 32),
  tree: optional(sync, uint32le('smb2.tid', { ...hex, title: 'Tree id' }), 36),
  asynchronous: optional(asynchronous, uint64le('smb2.aid', { ...hex, title: 'Async id' }), 32),
  session: optional(isPlain, uint64le('smb2.sesid', { ...hex, title: 'Session id' }), 40),
  signature: optional(isPlain, bytes('smb2.signature', 16), 48),
  structure: optional(isPlain, uint16le('smb2.buffer_code', { ...hex, title: 'Structure size' }), HEADER),
  structureFixed: optional(
    isPlain,
    masked({ ...uint16le('smb2.buffer_code.length', { unit: '2 bytes' }) }, 0xfffe),
    HEADER,
  ),
  structureDynamic: optional(isPlain, bitsOf('smb2.buffer_code.dynamic', 'Dynamic part', 1, 2), HEADER),
  ...smb2Negotiate(HEADER, request, response),
  transformSignature: optional(isTransform, bytes('smb2.header.transform.signature', 16), 4),
  transformNonce: optional(isTransform, bytes('smb2.header.transform.nonce', 16), 20),
  transformSize: optional(isTransform, uint32le('smb2.header.transform.msg_size', { unit: 'bytes' }), 36),
  transformReserved: optional(isTransform, bytes('smb2.header.transform.reserved', 2), 40),
  transformFlags: optional(isTransform, uint16le('smb2.header.transform.flags', hex), 42),
  transformEncrypted: optional(isTransform, bitsOf('smb2.header.transform.flags.encrypted', 'Encrypted', 1, 2), 42),
  transformSession: optional(isTransform, uint64le('smb2.sesid', { ...hex, title: 'Session id' }), 44),
});

const fields = header({
  messages: repeated({
    from: (_view, at) => at,
    next: (view, at, end) => {
      if (at + 4 > end) return -1;
      const id = u32(view, at);
      if (id === TRANSFORM) return end;
      if (id !== PLAIN) return -1;
      const chain = at + HEADER <= end ? least(view, at) : 0;
      return chain === 0 ? end : chain < HEADER ? -1 : at + chain;
    },
    item: message,
    title: 'Message',
  }),
});

/** Server Message Block 2 and 3: headers, [MS-SMB2] section 2.2.1, transform headers, 2.2.41, and negotiation. */
export const smb2 = defineDissector({
  name: 'smb2',
  title: 'Server Message Block 2',
  claims: [netbiosSession.guess()],
  fields,
  minimum: 4,
  accept: (view, at, end) => at + 4 <= end && (u32(view, at) === PLAIN || u32(view, at) === TRANSFORM),
  dissect(frame, view, at) {
    const size = u32(view, at) === PLAIN ? HEADER : TRANSFORM_HEADER;
    if (at + size > frame.end) frame.short(at, size);
  },
});
