import type { Field, When } from '../../core/declare/field.ts';
import { bytes, header, located, optional, part, text, uint8, uint16 } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { after, before1, before2, inside, u16, vector } from './vector.ts';

/** Numbers of extensions, IANA "TLS ExtensionType Values": those whose content has fields of its own or is nothing. */
export const TYPE = {
  serverName: 0,
  statusRequest: 5,
  groups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  srtp: 14,
  heartbeat: 15,
  alpn: 16,
  certificateTimestamp: 18,
  padding: 21,
  encryptThenMac: 22,
  extendedMasterSecret: 23,
  compressCertificate: 27,
  recordSizeLimit: 28,
  preSharedKey: 41,
  earlyData: 42,
  versions: 43,
  cookie: 44,
  keyExchangeModes: 45,
  postHandshakeAuthentication: 49,
  certificateSignatures: 50,
  keyShare: 51,
  connectionId: 54,
  nextProtocol: 13172,
  applicationSettings: 17513,
  renegotiation: 65281,
  encryptedServerName: 65486,
} as const;
/** All others show their bytes, GREASE values too. */
const KNOWN: ReadonlySet<number> = new Set(Object.values(TYPE));

export const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(u16(view, at));
/** The content begins behind type and length. */
export const content = (...types: number[]) => {
  const wanted = is(...types) as (view: Uint8Array, at: number) => boolean;
  return (view: Uint8Array, at: number, end: number) => (at + 4 <= end && wanted(view, at) ? at + 4 : -1);
};
export const skip =
  (find: ReturnType<typeof content>, count: number) => (view: Uint8Array, at: number, end: number) => {
    const place = find(view, at, end);
    return place < 0 ? -1 : place + count;
  };

/** A signature scheme and its halves, which mean hash and signature in TLS 1.2. */
export const signatureScheme = (p: string) => ({
  algorithm: uint16(`${p}.handshake.sig_hash_alg`, { display: 'hex', values: namesOf('tls-signature-schemes') }),
  hash: part(uint8(`${p}.handshake.sig_hash_hash`)),
  signature: part(uint8(`${p}.handshake.sig_hash_sig`)),
});

export const keyShare = (p: string) => ({
  group: uint16(`${p}.handshake.extensions_key_share_group`, { values: namesOf('tls-groups') }),
  size: uint16(`${p}.handshake.extensions_key_share_key_exchange_length`, { unit: 'bytes' }),
  key: located((_v, at) => at + 4, bytes(`${p}.handshake.extensions_key_share_key_exchange`, before2)),
});
export const keyShareEnd = (view: Uint8Array, at: number, end: number) =>
  at + 4 <= end ? at + 4 + u16(view, at + 2) : -1;

export const supportedVersion = (p: string): Field =>
  uint16(`${p}.handshake.extensions.supported_version`, { display: 'hex', values: namesOf('tls-versions') });
export const size1 = (name: string, ...types: number[]): Field =>
  optional(is(...types), uint8(name, { unit: 'bytes' }), 4);
export const size2 = (name: string, ...types: number[]): Field =>
  optional(is(...types), uint16(name, { unit: 'bytes' }), 4);

/** What an extension holds in a hello of either side. `p` is `tls` or `dtls`. */
export function common(p: string) {
  const h = `${p}.handshake`;
  const fromHello = content(TYPE.signatureAlgorithms, TYPE.certificateSignatures);
  return {
    groupsLength: size2(`${h}.extensions_supported_groups_length`, TYPE.groups),
    groups: vector(
      content(TYPE.groups),
      2,
      2,
      header({
        group: uint16(`${h}.extensions_supported_group`, { display: 'hex', values: namesOf('tls-groups') }),
      }),
      'Group',
    ),
    formatsLength: size1(`${h}.extensions_ec_point_formats_length`, TYPE.pointFormats),
    formats: vector(
      content(TYPE.pointFormats),
      1,
      1,
      header({ format: uint8(`${h}.extensions_ec_point_format`) }),
      'Point format',
    ),
    algorithmsLength: size2(`${h}.sig_hash_alg_len`, TYPE.signatureAlgorithms, TYPE.certificateSignatures),
    algorithms: vector(fromHello, 2, 2, header(signatureScheme(p)), 'Signature algorithm'),
    ...(p === 'dtls' ? srtp : {}),
    heartbeat: optional(is(TYPE.heartbeat), uint8(`${h}.extension.heartbeat.mode`), 4),
    alpnLength: size2(`${h}.extensions_alpn_len`, TYPE.alpn),
    alpn: vector(
      content(TYPE.alpn),
      2,
      (view, at) => at + 1 + view[at]!,
      header({
        size: uint8(`${h}.extensions_alpn_str_len`, { unit: 'bytes' }),
        protocol: located((_v, at) => at + 1, text(`${h}.extensions_alpn_str`, before1, { title: 'Next protocol' })),
      }),
      'Application protocol',
    ),
    padding: located(
      (view, at, end) => (at + 4 < end && u16(view, at) === TYPE.padding ? at + 4 : -1),
      bytes(`${h}.extensions_padding_data`, (_v, at, end) => end - at),
    ),
    certificateCompression: size1(`${p}.compress_certificate.algorithms_length`, TYPE.compressCertificate),
    certificateCompressions: vector(
      content(TYPE.compressCertificate),
      1,
      2,
      header({ algorithm: uint16(`${p}.compress_certificate.algorithm`) }),
      'Algorithm',
    ),
    recordSize: optional(is(TYPE.recordSizeLimit), uint16(`${p}.record_size_limit`, { unit: 'bytes' }), 4),
    cookieLength: size2(`${h}.extensions.cookie_len`, TYPE.cookie),
    cookie: located(inside(content(TYPE.cookie), 2), bytes(`${h}.extensions.cookie`, before2)),
    connectionLength: size1(`${p}.connection_id_length`, TYPE.connectionId),
    connection: located(inside(content(TYPE.connectionId), 1), bytes(`${p}.connection_id`, before1)),
    renegotiationLength: size1(`${h}.extensions_reneg_info_len`, TYPE.renegotiation),
    renegotiation: located(inside(content(TYPE.renegotiation), 1), bytes(`${h}.extensions_reneg_info`, before1)),
    other: located(
      (view, at, end) => (at + 4 > end || KNOWN.has(u16(view, at)) ? -1 : at + 4),
      bytes(`${h}.extension.data`, (_v, at, end) => end - at),
    ),
  };
}

/** Keys for secure RTP, RFC 5764: DTLS only. */
const srtp = {
  profilesLength: size2('dtls.use_srtp.protection_profiles_length', TYPE.srtp),
  profiles: vector(
    content(TYPE.srtp),
    2,
    2,
    header({ profile: uint16('dtls.use_srtp.protection_profile', { display: 'hex' }) }),
    'Protection profile',
  ),
  mkiLength: located(after(content(TYPE.srtp), 2), uint8('dtls.use_srtp.mki_length', { unit: 'bytes' })),
};

export const begin = (p: string) => ({
  type: uint16(`${p}.handshake.extension.type`, { values: namesOf('tls-extensions') }),
  size: uint16(`${p}.handshake.extension.len`, { unit: 'bytes' }),
});
