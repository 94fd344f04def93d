import type { Field, Repeated, When } from '../../core/declare/field.ts';
import {
  bytes,
  flag,
  header,
  masked,
  optional,
  repeated,
  uint8,
  uint16le,
  uint32le,
  uint64le,
} from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { fileTimeText, guidText } from './windows-text.ts';

const NEGOTIATE = 0;
const SESSION_SETUP = 1;

/** What negotiation and session setup say, [MS-SMB2] sections 2.2.3 to 2.2.6; the body begins at `body`. */
export function smb2Negotiate(body: number, request: When, response: When): Record<string, Field | Repeated> {
  const of =
    (command: number, side: When): When =>
    (view, at, end, frame, layer) =>
      view[at + 12] === command && view[at + 13] === 0 && side(view, at, end, frame, layer);
  const asked = of(NEGOTIATE, request);
  const answered = of(NEGOTIATE, response);
  const opening = of(SESSION_SETUP, request);
  const opened = of(SESSION_SETUP, response);
  const bitOf = (name: string, mask: number) =>
    optional(opened, masked({ ...flag(`smb2.ses_flags.${name}`), littleEndian: true }, mask, 2), body + 2);
  const dialect = () => uint16le('smb2.dialect', { display: 'hex', values: namesOf('smb2-dialects') });
  const bit = (name: string, mask: number, at: When, offset: number) =>
    optional(at, masked({ ...flag(`smb2.capabilities.${name}`), littleEndian: true }, mask, 4), offset);
  const capabilities = (side: When, key: string, offset: number) => ({
    [key]: optional(side, uint32le('smb2.capabilities', { display: 'hex' }), offset),
    [`${key}Dfs`]: bit('dfs', 1, side, offset),
    [`${key}Leasing`]: bit('leasing', 2, side, offset),
    [`${key}Large`]: bit('large_mtu', 4, side, offset),
    [`${key}Channels`]: bit('multi_channel', 8, side, offset),
    [`${key}Persistent`]: bit('persistent_handles', 16, side, offset),
    [`${key}Directories`]: bit('directory_leasing', 32, side, offset),
    [`${key}Encryption`]: bit('encryption', 64, side, offset),
  });
  const security = (side: When, key: string, offset: number) => ({
    [key]: optional(side, uint8('smb2.sec_mode', { display: 'hex' }), offset),
    [`${key}Enabled`]: optional(side, masked(flag('smb2.sec_mode.sign_enabled'), 1), offset),
    [`${key}Required`]: optional(side, masked(flag('smb2.sec_mode.sign_required'), 2), offset),
  });
  const size = (name: string, offset: number) =>
    optional(answered, uint32le(`smb2.max_${name}_size`, { unit: 'bytes' }), offset);
  return {
    dialectCount: optional(asked, uint16le('smb2.dialect_count'), body + 2),
    ...security(asked, 'askedMode', body + 4),
    ...capabilities(asked, 'asked', body + 8),
    client: optional(asked, bytes('smb2.client_guid', 16, { format: guidText }), body + 12),
    dialects: repeated({
      from: (view, at, end, frame, layer) =>
        at + body + 36 < end && asked(view, at, end, frame, layer) ? at + body + 36 : -1,
      to: (view, at) => at + body + 36 + (view[at + body + 2]! | (view[at + body + 3]! << 8)) * 2,
      next: (_view, at, end) => (at + 2 <= end ? at + 2 : -1),
      item: header({ dialect: dialect() }),
      title: 'Dialect',
    }),
    ...security(answered, 'mode', body + 2),
    dialect: optional(answered, dialect(), body + 4),
    server: optional(answered, bytes('smb2.server_guid', 16, { format: guidText }), body + 8),
    ...capabilities(answered, 'answered', body + 24),
    transactSize: size('trans', body + 28),
    readSize: size('read', body + 32),
    writeSize: size('write', body + 36),
    systemTime: optional(answered, bytes('smb2.current_time', 8, { format: fileTimeText }), body + 40),
    ...security(opening, 'openingMode', body + 3),
    ...capabilities(opening, 'opening', body + 4),
    channelNumber: optional(opening, uint32le('smb2.channel', { display: 'hex' }), body + 8),
    previous: optional(opening, uint64le('smb2.previous_sesid', { display: 'hex' }), body + 16),
    sessionFlags: optional(opened, uint16le('smb2.session_flags', { display: 'hex' }), body + 2),
    guest: bitOf('guest', 1),
    anonymous: bitOf('null', 2),
    encrypted: bitOf('encrypt', 4),
    startTime: optional(answered, bytes('smb2.boot_time', 8, { format: fileTimeText }), body + 48),
  };
}
