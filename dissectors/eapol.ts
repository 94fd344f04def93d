import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, When } from '../core/declare/field.ts';
import { bytes, flag, header, located, masked, optional, uint8, uint16, uint64 } from '../core/declare/kinds.ts';
import { etherType } from './tables.ts';

const FIXED = 4;
const KEY = 3;
/** Descriptors of IEEE 802.11 (RSN) and of WPA before it. */
const RSN: readonly number[] = [2, 254];
const KEY_DATA = 99;
/** Descriptor of IEEE 802.1X-2001, before there were the others. */
const RC4 = 1;
const RC4_KEY = 48;
const TYPES = { 0: 'EAP packet', 1: 'start', 2: 'logoff', 3: 'key', 4: 'alert', 5: 'MKA' };

const isKey: When = (view, at) => view[at + 1] === KEY;
const isRsn: When = (view, at, end) => at + 5 <= end && view[at + 1] === KEY && RSN.includes(view[at + 4]!);
const rsn = (field: Field, offset: number): Field => optional(isRsn, field, offset);
const isRc4: When = (view, at, end) => at + 5 <= end && view[at + 1] === KEY && view[at + 4] === RC4;
const rc4 = (field: Field, offset: number): Field => optional(isRc4, field, offset);
const info = (name: string, mask: number): Field =>
  rsn(masked(flag(`wlan_rsna_eapol.keydes.key_info.${name}`), mask, 2), 5);

const fields = header({
  version: uint8('eapol.version', { values: { 1: '802.1X-2001', 2: '802.1X-2004', 3: '802.1X-2010' } }),
  type: uint8('eapol.type', { values: TYPES }),
  length: uint16('eapol.len', { unit: 'bytes' }),
  descriptor: optional(isKey, uint8('eapol.keydes.type', { title: 'Key descriptor' }), 4),
  information: rsn(uint16('wlan_rsna_eapol.keydes.key_info', { title: 'Key information', display: 'hex' }), 5),
  descriptorVersion: rsn(masked(uint16('wlan_rsna_eapol.keydes.key_info.keydes_version'), 0x0007), 5),
  pairwise: info('key_type', 0x0008),
  index: rsn(masked(uint16('wlan_rsna_eapol.keydes.key_info.key_index'), 0x0030), 5),
  install: info('install', 0x0040),
  acknowledge: info('key_ack', 0x0080),
  authenticated: info('key_mic', 0x0100),
  secure: info('secure', 0x0200),
  error: info('error', 0x0400),
  request: info('request', 0x0800),
  encrypted: info('encrypted_key_data', 0x1000),
  management: info('smk_message', 0x2000),
  keyLength: rsn(uint16('eapol.keydes.key_len', { title: 'Key length', unit: 'bytes' }), 7),
  replay: rsn(uint64('eapol.keydes.replay_counter'), 9),
  nonce: rsn(bytes('wlan_rsna_eapol.keydes.nonce', 32), 17),
  vector: rsn(bytes('eapol.keydes.key_iv', 16, { title: 'Key initialization vector' }), 49),
  sequence: rsn(bytes('wlan_rsna_eapol.keydes.rsc', 8, { title: 'Receive sequence counter' }), 65),
  id: rsn(bytes('wlan_rsna_eapol.keydes.id', 8, { title: 'Key id' }), 73),
  code: rsn(bytes('wlan_rsna_eapol.keydes.mic', 16, { title: 'Message integrity code' }), 81),
  dataLength: rsn(uint16('wlan_rsna_eapol.keydes.data_len', { title: 'Key data length', unit: 'bytes' }), 97),
  data: located(
    (view, at, end, frame, layer) => (isRsn(view, at, end, frame, layer) && at + KEY_DATA < end ? at + KEY_DATA : -1),
    bytes('wlan_rsna_eapol.keydes.data', (view, at) => (view[at - 2]! << 8) | view[at - 1]!, { title: 'Key data' }),
  ),
  rc4Length: rc4(uint16('eapol.keydes.key_len', { title: 'Key length', unit: 'bytes' }), 5),
  rc4Replay: rc4(uint64('eapol.keydes.replay_counter'), 7),
  rc4Vector: rc4(bytes('eapol.keydes.key_iv', 16, { title: 'Key initialization vector' }), 15),
  rc4Index: rc4(uint8('eapol.keydes.key_index', { display: 'hex' }), 31),
  rc4Unicast: rc4(masked(flag('eapol.keydes.key_index.type'), 0x80), 31),
  rc4Number: rc4(masked(uint8('eapol.keydes.key_index.number'), 0x7f), 31),
  rc4Signature: rc4(bytes('eapol.keydes.key_signature', 16), 32),
  rc4Key: located(
    (view, at, end, frame, layer) => (isRc4(view, at, end, frame, layer) && at + RC4_KEY < end ? at + RC4_KEY : -1),
    bytes('eapol.keydes.key', (_view, at, end) => end - at),
  ),
});

/** EAP over LANs, IEEE 802.1X clause 11, with its own key frames and those of IEEE 802.11-2020 clause 12.7.2. */
export const eapol = defineDissector({
  name: 'eapol',
  title: 'EAP over LANs',
  level: 'link',
  claims: [etherType.at(0x888e)],
  fields,
  minimum: FIXED,
  dissect(frame, view, at) {
    const end = at + FIXED + fields.length.read(view, at);
    frame.limit(end, fields.length);
    frame.payload(end);
  },
});
