import type { Fields, When } from '../../core/declare/field.ts';
import { bytes, header, located, optional, text, uint8, uint16 } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { begin, common, content, is, signatureScheme, size2, skip, supportedVersion, TYPE } from './tls-extension.ts';
import { before1, before2, inside, u16, vector } from './vector.ts';

/** One extension of a ServerHello, where lists have become single values. */
export function serverExtension(p: string): Fields {
  const h = `${p}.handshake`;
  const retry: When = (view, at) => u16(view, at) === TYPE.keyShare && u16(view, at + 2) === 2;
  const share = (view: Uint8Array, at: number, end: number) =>
    at + 8 <= end && u16(view, at) === TYPE.keyShare && u16(view, at + 2) > 2 ? at + 4 : -1;
  const timestamps = content(TYPE.certificateTimestamp);
  return header({
    ...begin(p),
    version: optional(is(TYPE.versions), supportedVersion(p), 4),
    group: located(share, uint16(`${h}.extensions_key_share_group`, { values: namesOf('tls-groups') })),
    keyLength: located(skip(share, 2), uint16(`${h}.extensions_key_share_key_exchange_length`, { unit: 'bytes' })),
    key: located(inside(skip(share, 2), 2), bytes(`${h}.extensions_key_share_key_exchange`, before2)),
    selectedGroup: optional(retry, uint16(`${h}.extensions_key_share_selected_group`), 4),
    identity: optional(is(TYPE.preSharedKey), uint16(`${h}.extensions.psk.identity.selected`), 4),
    timestampsLength: size2(`${p}.sct.scts_length`, TYPE.certificateTimestamp),
    timestamps: vector(
      timestamps,
      2,
      (view, at, end) => (at + 2 <= end ? at + 2 + u16(view, at) : -1),
      certificateTimestamp(p),
      'Signed certificate timestamp',
    ),
    protocols: vector(
      // A list without a length of its own: the extension's serves.
      (view, at, end) => (at + 4 <= end && u16(view, at) === TYPE.nextProtocol ? at + 2 : -1),
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
