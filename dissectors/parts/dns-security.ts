import {
  bytes,
  computed,
  flag,
  header,
  located,
  masked,
  text,
  uint8,
  uint16,
  uint32,
  uint48,
} from '../../core/declare/kinds.ts';
import { absoluteTimeText } from '../../core/frame/absolute-time.ts';
import { namesOf } from '../names.ts';
import { behindNames, domainName, nameAt } from './dns-name.ts';
import { rdata, rest } from './dns-rdata.ts';
import { base32, bitmap, keyTag } from './dns-security-value.ts';
import { type Find, u16 } from './vector.ts';

const seconds = (view: Uint8Array, at: number, length: number): string => {
  let value = 0;
  for (let i = 0; i < length; i += 1) value = value * 256 + view[at + i]!;
  return absoluteTimeText(value, 0);
};
const moment = (name: string) => uint32(name, { format: seconds });
const algorithms = { values: namesOf('dns-security-algorithms') };

const hashed = {
  algorithm: uint8('dns.nsec3.algo'),
  flags: uint8('dns.nsec3.flags'),
  iterations: uint16('dns.nsec3.iterations'),
  saltLength: uint8('dns.nsec3.salt_length', { unit: 'bytes' }),
  salt: located(
    (_view, at, end) => (at + 5 <= end ? at + 5 : -1),
    bytes('dns.nsec3.salt_value', (view, at) => view[at - 1]!),
  ),
};
const hashAt: Find = (view, at, end) => {
  const place = at + 5 <= end ? at + 5 + view[at + 4]! : end;
  return place < end ? place : -1;
};

/** Length of the message authentication code of a TSIG, behind the algorithm's name and 8 bytes. */
const codeLength = (view: Uint8Array, place: number) => u16(view, place + 8);
const behindCode =
  (more: number): Find =>
  (view, at, end) => {
    const place = behindNames(0, 1)(view, at, end);
    return place < 0 || place + 10 > end ? -1 : place + 10 + codeLength(view, place) + more;
  };

/** Data of records for security: RFC 4034, 5155, 4255, 6698, 8945, 2930, 7344, 7929, 4701. */
export const securityData = {
  signature: rdata(
    [24, 46],
    header({
      covered: uint16('dns.rrsig.type_covered', { values: namesOf('dns-types') }),
      algorithm: uint8('dns.rrsig.algorithm', algorithms),
      labels: uint8('dns.rrsig.labels'),
      lifetime: uint32('dns.rrsig.original_ttl', { unit: 's' }),
      expiration: moment('dns.rrsig.signature_expiration'),
      inception: moment('dns.rrsig.signature_inception'),
      keyTag: uint16('dns.rrsig.key_tag'),
      signer: located(nameAt(18), domainName('dns.rrsig.signers_name')),
      signature: located(behindNames(18, 1), bytes('dns.rrsig.signature', rest)),
    }),
    'RRSIG',
  ),
  certificate: rdata(
    [37],
    header({
      type: uint16('dns.cert.type'),
      keyTag: uint16('dns.cert.key_tag', { display: 'hex' }),
      algorithm: uint8('dns.cert.algorithm', algorithms),
      certificate: located((_view, at) => at + 5, bytes('dns.cert.certificate', rest)),
    }),
    'CERT',
  ),
  signer: rdata(
    [43, 59, 32769],
    header({
      keyTag: uint16('dns.ds.key_id', { display: 'hex' }),
      algorithm: uint8('dns.ds.algorithm', algorithms),
      digestType: uint8('dns.ds.digest_type'),
      digest: located((_view, at) => at + 4, bytes('dns.ds.digest', rest)),
    }),
    'DS',
  ),
  fingerprint: rdata(
    [44],
    header({
      algorithm: uint8('dns.sshfp.algorithm'),
      type: uint8('dns.sshfp.fingerprint.type'),
      fingerprint: located((_view, at) => at + 2, bytes('dns.sshfp.fingerprint', rest)),
    }),
    'SSHFP',
  ),
  next: rdata(
    [47],
    header({
      name: located(nameAt(0), domainName('dns.nsec.next_domain_name')),
      types: bitmap(behindNames(0, 1)),
    }),
    'NSEC',
  ),
  key: rdata(
    [48, 60],
    header({
      flags: uint16('dns.dnskey.flags', { display: 'hex' }),
      zoneKey: located((_view, at) => at, masked(flag('dns.dnskey.flags.zone_key'), 0x100, 2)),
      revoked: located((_view, at) => at, masked(flag('dns.dnskey.flags.key_revoked'), 0x80, 2)),
      entryPoint: located((_view, at) => at, masked(flag('dns.dnskey.flags.secure_entry_point'), 1, 2)),
      reserved: located((_view, at) => at, masked(uint16('dns.dnskey.flags.reserved', { display: 'hex' }), 0xfe7e)),
      protocol: uint8('dns.dnskey.protocol'),
      algorithm: uint8('dns.dnskey.algorithm', algorithms),
      id: computed('dns.dnskey.key_id', 'uint', keyTag, { title: 'Key tag' }),
      key: located((_view, at) => at + 4, bytes('dns.dnskey.public_key', rest)),
    }),
    'DNSKEY',
  ),
  dhcpId: rdata([49], header({ data: located((_view, at) => at, bytes('dns.dhcid.rdata', rest)) }), 'DHCID'),
  hashed: rdata(
    [50],
    header({
      ...hashed,
      optOut: located((_view, at) => at + 1, masked(flag('dns.nsec3.flags.opt_out'), 1)),
      hashLength: located(hashAt, uint8('dns.nsec3.hash_length', { unit: 'bytes' })),
      hash: located(
        (view, at, end) => {
          const place = hashAt(view, at, end);
          return place < 0 ? -1 : place + 1;
        },
        text('dns.nsec3.hash_value', (view, at) => view[at - 1]!, { format: base32 }),
      ),
      types: bitmap((view, at, end) => {
        const place = hashAt(view, at, end);
        return place < 0 ? -1 : place + 1 + view[place]!;
      }),
    }),
    'NSEC3',
  ),
  hashParameters: rdata([51], header(hashed), 'NSEC3PARAM'),
  association: rdata(
    [52],
    header({
      usage: uint8('dns.tlsa.certificate_usage'),
      selector: uint8('dns.tlsa.selector'),
      matching: uint8('dns.tlsa.matching_type'),
      data: located((_view, at) => at + 3, bytes('dns.tlsa.certificate_association_data', rest)),
    }),
    'TLSA',
  ),
  keyExchange: rdata(
    [249],
    header({
      algorithm: located(nameAt(0), domainName('dns.tkey.algo_name')),
      inception: located(behindNames(0, 1), moment('dns.tkey.signature_inception')),
      expiration: located(behindNames(0, 1, 4), moment('dns.tkey.signature_expiration')),
      mode: located(behindNames(0, 1, 8), uint16('dns.tkey.mode')),
      error: located(behindNames(0, 1, 10), uint16('dns.tkey.error')),
      size: located(behindNames(0, 1, 12), uint16('dns.tkey.key_size', { unit: 'bytes' })),
    }),
    'TKEY',
  ),
  transaction: rdata(
    [250],
    header({
      algorithm: located(nameAt(0), domainName('dns.tsig.algorithm_name')),
      signed: located(behindNames(0, 1), uint48('dns.tsig.time_signed', { format: seconds })),
      fudge: located(behindNames(0, 1, 6), uint16('dns.tsig.fudge', { unit: 's' })),
      size: located(behindNames(0, 1, 8), uint16('dns.tsig.mac_size', { unit: 'bytes' })),
      original: located(behindCode(0), uint16('dns.tsig.original_id')),
      error: located(behindCode(2), uint16('dns.tsig.error')),
      otherLength: located(behindCode(4), uint16('dns.tsig.other_len', { unit: 'bytes' })),
    }),
    'TSIG',
  ),
} as const;
