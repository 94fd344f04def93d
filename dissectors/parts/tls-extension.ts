import type { Field, Fields, When } from '../../core/declare/field.ts';
import { bytes, header, located, optional, part, text, uint8, uint16, uint32 } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { after, before1, before2, inside, u16, vector } from './vector.ts';

/** Numbers of extensions, IANA "TLS ExtensionType Values". */
const SERVER_NAME = 0;
const STATUS_REQUEST = 5;
const GROUPS = 10;
const POINT_FORMATS = 11;
const SIGNATURE_ALGORITHMS = 13;
const SRTP = 14;
const HEARTBEAT = 15;
const ALPN = 16;
const CERTIFICATE_TIMESTAMP = 18;
const PADDING = 21;
const ENCRYPT_THEN_MAC = 22;
const EXTENDED_MASTER_SECRET = 23;
const COMPRESS_CERTIFICATE = 27;
const RECORD_SIZE_LIMIT = 28;
const PRE_SHARED_KEY = 41;
const EARLY_DATA = 42;
const VERSIONS = 43;
const COOKIE = 44;
const KEY_EXCHANGE_MODES = 45;
const POST_HANDSHAKE_AUTHENTICATION = 49;
const CERTIFICATE_SIGNATURES = 50;
const KEY_SHARE = 51;
const CONNECTION_ID = 54;
const NEXT_PROTOCOL = 13172;
const APPLICATION_SETTINGS = 17513;
const RENEGOTIATION = 65281;
const ENCRYPTED_SERVER_NAME = 65486;

/** Those whose content has fields of its own or is nothing. All others show their bytes, GREASE values too. */
const KNOWN = new Set([
  SERVER_NAME,
  STATUS_REQUEST,
  GROUPS,
  POINT_FORMATS,
  SIGNATURE_ALGORITHMS,
  SRTP,
  HEARTBEAT,
  ALPN,
  CERTIFICATE_TIMESTAMP,
  PADDING,
  ENCRYPT_THEN_MAC,
  EXTENDED_MASTER_SECRET,
  COMPRESS_CERTIFICATE,
  RECORD_SIZE_LIMIT,
  PRE_SHARED_KEY,
  EARLY_DATA,
  VERSIONS,
  COOKIE,
  KEY_EXCHANGE_MODES,
  POST_HANDSHAKE_AUTHENTICATION,
  CERTIFICATE_SIGNATURES,
  KEY_SHARE,
  CONNECTION_ID,
  NEXT_PROTOCOL,
  APPLICATION_SETTINGS,
  RENEGOTIATION,
  ENCRYPTED_SERVER_NAME,
]);

const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(u16(view, at));
/** The content begins behind type and length. */
const content = (...types: number[]) => {
  const wanted = is(...types) as (view: Uint8Array, at: number) => boolean;
  return (view: Uint8Array, at: number, end: number) => (at + 4 <= end && wanted(view, at) ? at + 4 : -1);
};
const skip = (find: ReturnType<typeof content>, count: number) => (view: Uint8Array, at: number, end: number) => {
  const place = find(view, at, end);
  return place < 0 ? -1 : place + count;
};

/** A signature scheme and its halves, which mean hash and signature in TLS 1.2. */
export const signatureScheme = (p: string) => ({
  algorithm: uint16(`${p}.handshake.sig_hash_alg`, { display: 'hex', values: namesOf('tls-signature-schemes') }),
  hash: part(uint8(`${p}.handshake.sig_hash_hash`)),
  signature: part(uint8(`${p}.handshake.sig_hash_sig`)),
});

const keyShare = (p: string) => ({
  group: uint16(`${p}.handshake.extensions_key_share_group`, { values: namesOf('tls-groups') }),
  size: uint16(`${p}.handshake.extensions_key_share_key_exchange_length`, { unit: 'bytes' }),
  key: located((_v, at) => at + 4, bytes(`${p}.handshake.extensions_key_share_key_exchange`, before2)),
});
const keyShareEnd = (view: Uint8Array, at: number, end: number) => (at + 4 <= end ? at + 4 + u16(view, at + 2) : -1);

const supportedVersion = (p: string): Field =>
  uint16(`${p}.handshake.extensions.supported_version`, { display: 'hex', values: namesOf('tls-versions') });
const size1 = (name: string, ...types: number[]): Field => optional(is(...types), uint8(name, { unit: 'bytes' }), 4);
const size2 = (name: string, ...types: number[]): Field => optional(is(...types), uint16(name, { unit: 'bytes' }), 4);

/** What an extension holds in a hello of either side. `p` is `tls` or `dtls`. */
function common(p: string) {
  const h = `${p}.handshake`;
  const fromHello = content(SIGNATURE_ALGORITHMS, CERTIFICATE_SIGNATURES);
  return {
    groupsLength: size2(`${h}.extensions_supported_groups_length`, GROUPS),
    groups: vector(
      content(GROUPS),
      2,
      2,
      header({
        group: uint16(`${h}.extensions_supported_group`, { display: 'hex', values: namesOf('tls-groups') }),
      }),
      'Group',
    ),
    formatsLength: size1(`${h}.extensions_ec_point_formats_length`, POINT_FORMATS),
    formats: vector(
      content(POINT_FORMATS),
      1,
      1,
      header({ format: uint8(`${h}.extensions_ec_point_format`) }),
      'Point format',
    ),
    algorithmsLength: size2(`${h}.sig_hash_alg_len`, SIGNATURE_ALGORITHMS, CERTIFICATE_SIGNATURES),
    algorithms: vector(fromHello, 2, 2, header(signatureScheme(p)), 'Signature algorithm'),
    ...(p === 'dtls' ? srtp : {}),
    heartbeat: optional(is(HEARTBEAT), uint8(`${h}.extension.heartbeat.mode`), 4),
    alpnLength: size2(`${h}.extensions_alpn_len`, ALPN),
    alpn: vector(
      content(ALPN),
      2,
      (view, at) => at + 1 + view[at]!,
      header({
        size: uint8(`${h}.extensions_alpn_str_len`, { unit: 'bytes' }),
        protocol: located((_v, at) => at + 1, text(`${h}.extensions_alpn_str`, before1, { title: 'Next protocol' })),
      }),
      'Application protocol',
    ),
    padding: located(
      (view, at, end) => (at + 4 < end && u16(view, at) === PADDING ? at + 4 : -1),
      bytes(`${h}.extensions_padding_data`, (_v, at, end) => end - at),
    ),
    certificateCompression: size1(`${p}.compress_certificate.algorithms_length`, COMPRESS_CERTIFICATE),
    certificateCompressions: vector(
      content(COMPRESS_CERTIFICATE),
      1,
      2,
      header({ algorithm: uint16(`${p}.compress_certificate.algorithm`) }),
      'Algorithm',
    ),
    recordSize: optional(is(RECORD_SIZE_LIMIT), uint16(`${p}.record_size_limit`, { unit: 'bytes' }), 4),
    cookieLength: size2(`${h}.extensions.cookie_len`, COOKIE),
    cookie: located(inside(content(COOKIE), 2), bytes(`${h}.extensions.cookie`, before2)),
    connectionLength: size1(`${p}.connection_id_length`, CONNECTION_ID),
    connection: located(inside(content(CONNECTION_ID), 1), bytes(`${p}.connection_id`, before1)),
    renegotiationLength: size1(`${h}.extensions_reneg_info_len`, RENEGOTIATION),
    renegotiation: located(inside(content(RENEGOTIATION), 1), bytes(`${h}.extensions_reneg_info`, before1)),
    other: located(
      (view, at, end) => (at + 4 > end || KNOWN.has(u16(view, at)) ? -1 : at + 4),
      bytes(`${h}.extension.data`, (_v, at, end) => end - at),
    ),
  };
}

/** Keys for secure RTP, RFC 5764: DTLS only. */
const srtp = {
  profilesLength: size2('dtls.use_srtp.protection_profiles_length', SRTP),
  profiles: vector(
    content(SRTP),
    2,
    2,
    header({ profile: uint16('dtls.use_srtp.protection_profile', { display: 'hex' }) }),
    'Protection profile',
  ),
  mkiLength: located(after(content(SRTP), 2), uint8('dtls.use_srtp.mki_length', { unit: 'bytes' })),
};

const begin = (p: string) => ({
  type: uint16(`${p}.handshake.extension.type`, { values: namesOf('tls-extensions') }),
  size: uint16(`${p}.handshake.extension.len`, { unit: 'bytes' }),
});

/** One extension of a ClientHello: RFC 8446 section 4.2, RFC 6066, 7301, 7627, 8449, 8879, 9146, 5746. */
export function clientExtension(p: string): Fields {
  const h = `${p}.handshake`;
  const keys = content(PRE_SHARED_KEY);
  const answerers = skip(content(STATUS_REQUEST), 1);
  const esni = skip(content(ENCRYPTED_SERVER_NAME), 2);
  const esniDigest = (view: Uint8Array, at: number, end: number) => {
    const share = esni(view, at, end);
    return share < 0 || share + 4 > end ? -1 : share + 4 + u16(view, share + 2);
  };
  const esniName = after(esniDigest, 2);
  const length2 = { unit: 'bytes' } as const;
  return header({
    ...begin(p),
    namesLength: size2(`${h}.extensions_server_name_list_len`, SERVER_NAME),
    names: vector(
      content(SERVER_NAME),
      2,
      (view, at, end) => (at + 3 <= end ? at + 3 + u16(view, at + 1) : -1),
      header({
        type: uint8(`${h}.extensions_server_name_type`),
        size: uint16(`${h}.extensions_server_name_len`, { unit: 'bytes' }),
        name: located((_v, at) => at + 3, text(`${h}.extensions_server_name`, before2, { title: 'Server name' })),
      }),
      'Server name',
    ),
    statusType: optional(is(STATUS_REQUEST), uint8(`${h}.extensions_status_request_type`), 4),
    respondersLength: located(answerers, uint16(`${h}.extensions_status_request_responder_ids_len`, length2)),
    requestLength: located(after(answerers, 2), uint16(`${h}.extensions_status_request_exts_len`, length2)),
    versionsLength: size1(`${h}.extensions.supported_versions_len`, VERSIONS),
    versions: vector(content(VERSIONS), 1, 2, header({ version: supportedVersion(p) }), 'Version'),
    modesLength: size1(`${p}.extension.psk_ke_modes_length`, KEY_EXCHANGE_MODES),
    modes: vector(
      content(KEY_EXCHANGE_MODES),
      1,
      1,
      header({ mode: uint8(`${p}.extension.psk_ke_mode`) }),
      'Key exchange mode',
    ),
    sharesLength: size2(`${h}.extensions_key_share_client_length`, KEY_SHARE),
    shares: vector(content(KEY_SHARE), 2, keyShareEnd, header(keyShare(p)), 'Key share'),
    identitiesLength: size2(`${h}.extensions.psk.identities.length`, PRE_SHARED_KEY),
    identities: vector(
      keys,
      2,
      (view, at, end) => (at + 2 <= end ? at + 6 + u16(view, at) : -1),
      header({
        size: uint16(`${h}.extensions.psk.identity.identity_length`, { unit: 'bytes' }),
        identity: located(
          inside((_v, at) => at, 2),
          bytes(`${h}.extensions.psk.identity.identity`, before2),
        ),
        age: located(
          after((_v, at) => at, 2),
          uint32(`${h}.extensions.psk.identity.obfuscated_ticket_age`),
        ),
      }),
      'Pre-shared key identity',
    ),
    bindersLength: located(after(keys, 2), uint16(`${h}.extensions.psk.binders_len`, { unit: 'bytes' })),
    settingsLength: size2(`${h}.extensions_alps_len`, APPLICATION_SETTINGS),
    settings: vector(
      content(APPLICATION_SETTINGS),
      2,
      (view, at) => at + 1 + view[at]!,
      header({
        size: uint8(`${h}.extensions_alps_alpn_str_len`, { unit: 'bytes' }),
        protocol: located((_v, at) => at + 1, text(`${h}.extensions_alps_alpn_str`, before1)),
      }),
      'Application settings',
    ),
    esniSuite: optional(is(ENCRYPTED_SERVER_NAME), uint16(`${p}.esni.suite`, { display: 'hex' }), 4),
    esniGroup: located(esni, uint16(`${h}.extensions_key_share_group`)),
    esniKeyLength: located(skip(esni, 2), uint16(`${h}.extensions_key_share_key_exchange_length`, length2)),
    esniKey: located(inside(skip(esni, 2), 2), bytes(`${h}.extensions_key_share_key_exchange`, before2)),
    esniDigestLength: located(esniDigest, uint16(`${p}.esni.record_digest_length`, length2)),
    esniDigest: located(inside(esniDigest, 2), bytes(`${p}.esni.record_digest`, before2)),
    esniNameLength: located(esniName, uint16(`${p}.esni.encrypted_sni_length`, length2)),
    esniName: located(inside(esniName, 2), bytes(`${p}.esni.encrypted_sni`, before2)),
    ...common(p),
  });
}

/** One extension of a ServerHello, where lists have become single values. */
export function serverExtension(p: string): Fields {
  const h = `${p}.handshake`;
  const retry: When = (view, at) => u16(view, at) === KEY_SHARE && u16(view, at + 2) === 2;
  const share = (view: Uint8Array, at: number, end: number) =>
    at + 8 <= end && u16(view, at) === KEY_SHARE && u16(view, at + 2) > 2 ? at + 4 : -1;
  const timestamps = content(CERTIFICATE_TIMESTAMP);
  return header({
    ...begin(p),
    version: optional(is(VERSIONS), supportedVersion(p), 4),
    group: located(share, uint16(`${h}.extensions_key_share_group`, { values: namesOf('tls-groups') })),
    keyLength: located(skip(share, 2), uint16(`${h}.extensions_key_share_key_exchange_length`, { unit: 'bytes' })),
    key: located(inside(skip(share, 2), 2), bytes(`${h}.extensions_key_share_key_exchange`, before2)),
    selectedGroup: optional(retry, uint16(`${h}.extensions_key_share_selected_group`), 4),
    identity: optional(is(PRE_SHARED_KEY), uint16(`${h}.extensions.psk.identity.selected`), 4),
    timestampsLength: size2(`${p}.sct.scts_length`, CERTIFICATE_TIMESTAMP),
    timestamps: vector(
      timestamps,
      2,
      (view, at, end) => (at + 2 <= end ? at + 2 + u16(view, at) : -1),
      certificateTimestamp(p),
      'Signed certificate timestamp',
    ),
    protocols: vector(
      // A list without a length of its own: the extension's serves.
      (view, at, end) => (at + 4 <= end && u16(view, at) === NEXT_PROTOCOL ? at + 2 : -1),
      2,
      (view, at) => at + 1 + view[at]!,
      header({
        size: uint8(`${h}.extensions_npn_str_len`, { unit: 'bytes' }),
        protocol: located((_v, at) => at + 1, text(`${h}.extensions_npn`, before1)),
      }),
      'Next protocol',
    ),
    ...common(p),
  });
}

/** A signed certificate timestamp, RFC 6962 section 3.2. */
function certificateTimestamp(p: string): Fields {
  const extensions = (view: Uint8Array, at: number, end: number) =>
    at + 45 <= end ? at + 45 + u16(view, at + 43) : -1;
  const later = (count: number) => (view: Uint8Array, at: number, end: number) => {
    const place = extensions(view, at, end);
    return place < 0 ? -1 : place + count;
  };
  const scheme = signatureScheme(p);
  return header({
    size: uint16(`${p}.sct.sct_length`, { unit: 'bytes' }),
    version: uint8(`${p}.sct.sct_version`),
    log: bytes(`${p}.sct.sct_logid`, 32, { title: 'Log id' }),
    extensionsLength: optional(() => true, uint16(`${p}.sct.sct_extensions_length`, { unit: 'bytes' }), 43),
    algorithm: located(later(0), scheme.algorithm),
    hash: located(later(0), uint8(`${p}.handshake.sig_hash_hash`)),
    signatureKind: located(later(1), uint8(`${p}.handshake.sig_hash_sig`)),
    signatureLength: located(later(2), uint16(`${p}.sct.sct_signature_length`, { unit: 'bytes' })),
    signature: located(inside(later(2), 2), bytes(`${p}.sct.sct_signature`, before2)),
  });
}
