import type { Fields } from '../../core/declare/field.ts';
import { bytes, header, located, optional, text, uint8, uint16, uint32 } from '../../core/declare/kinds.ts';
import {
  begin,
  common,
  content,
  is,
  keyShare,
  keyShareEnd,
  size1,
  size2,
  skip,
  supportedVersion,
  TYPE,
} from './tls-extension.ts';
import { after, before1, before2, inside, u16, vector } from './vector.ts';

/** One extension of a ClientHello: RFC 8446 section 4.2, RFC 6066, 7301, 7627, 8449, 8879, 9146, 5746. */
export function clientExtension(p: string): Fields {
  const h = `${p}.handshake`;
  const keys = content(TYPE.preSharedKey);
  const answerers = skip(content(TYPE.statusRequest), 1);
  const esni = skip(content(TYPE.encryptedServerName), 2);
  const esniDigest = (view: Uint8Array, at: number, end: number) => {
    const share = esni(view, at, end);
    return share < 0 || share + 4 > end ? -1 : share + 4 + u16(view, share + 2);
  };
  const esniName = after(esniDigest, 2);
  const length2 = { unit: 'bytes' } as const;
  return header({
    ...begin(p),
    namesLength: size2(`${h}.extensions_server_name_list_len`, TYPE.serverName),
    names: vector(
      content(TYPE.serverName),
      2,
      (view, at, end) => (at + 3 <= end ? at + 3 + u16(view, at + 1) : -1),
      header({
        type: uint8(`${h}.extensions_server_name_type`),
        size: uint16(`${h}.extensions_server_name_len`, { unit: 'bytes' }),
        name: located((_v, at) => at + 3, text(`${h}.extensions_server_name`, before2, { title: 'Server name' })),
      }),
      'Server name',
    ),
    statusType: optional(is(TYPE.statusRequest), uint8(`${h}.extensions_status_request_type`), 4),
    respondersLength: located(answerers, uint16(`${h}.extensions_status_request_responder_ids_len`, length2)),
    requestLength: located(after(answerers, 2), uint16(`${h}.extensions_status_request_exts_len`, length2)),
    versionsLength: size1(`${h}.extensions.supported_versions_len`, TYPE.versions),
    versions: vector(content(TYPE.versions), 1, 2, header({ version: supportedVersion(p) }), 'Version'),
    modesLength: size1(`${p}.extension.psk_ke_modes_length`, TYPE.keyExchangeModes),
    modes: vector(
      content(TYPE.keyExchangeModes),
      1,
      1,
      header({ mode: uint8(`${p}.extension.psk_ke_mode`) }),
      'Key exchange mode',
    ),
    sharesLength: size2(`${h}.extensions_key_share_client_length`, TYPE.keyShare),
    shares: vector(content(TYPE.keyShare), 2, keyShareEnd, header(keyShare(p)), 'Key share'),
    identitiesLength: size2(`${h}.extensions.psk.identities.length`, TYPE.preSharedKey),
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
    settingsLength: size2(`${h}.extensions_alps_len`, TYPE.applicationSettings),
    settings: vector(
      content(TYPE.applicationSettings),
      2,
      (view, at) => at + 1 + view[at]!,
      header({
        size: uint8(`${h}.extensions_alps_alpn_str_len`, { unit: 'bytes' }),
        protocol: located((_v, at) => at + 1, text(`${h}.extensions_alps_alpn_str`, before1)),
      }),
      'Application settings',
    ),
    esniSuite: optional(is(TYPE.encryptedServerName), uint16(`${p}.esni.suite`, { display: 'hex' }), 4),
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
