import type { Field, Fields, When } from '../../core/declare/field.ts';
import {
  flag,
  header,
  int8,
  masked,
  optional,
  part,
  uint8,
  uint16le,
  uint32le,
  uint64le,
} from '../../core/declare/kinds.ts';
import { fieldFrom, found, isFirstOfNamespace } from './radiotap-walk.ts';

const NONE = '-';
/** Names of bits, the lowest first. */
const names = (text: string): readonly string[] => text.split(' ');
const PRESENCE = names(
  'tsft flags rate channel fhss dbm_antsignal dbm_antnoise lock_quality tx_attenuation db_tx_attenuation ' +
    'dbm_tx_power antenna db_antsignal db_antnoise rxflags txflags - data_retries xchannel mcs ampdu vht timestamp ' +
    'he he_mu - 0_length.psdu l_sig tlv',
);
const FLAGS = names('cfp preamble wep frag fcs datapad badfcs shortgi');
const CHANNEL = names('700mhz 800mhz 900mhz - turbo cck ofdm 2ghz 5ghz passive dynamic gfsk gsm sturbo half quarter');
const WIDE = names('- - - - turbo cck ofdm 2ghz 5ghz - dynamic gfsk gsm sturbo half quarter ht20 ht40u ht40d');
const TRANSMITTED = names('fail cts rts noack noseqno order');
const MCS = names('have_bw have_index have_gi have_format have_fec have_stbc have_ness');
const AGGREGATE = names('report_zerolen is_zerolen lastknown last delim_crc_error - eof eof_known');

function flags(prefix: string, bits: readonly string[], size: number, give: (flag: Field) => Field): Fields {
  const named = bits.flatMap((name, bit) =>
    name === NONE
      ? []
      : [[`${prefix}.${name}`, give(masked(flag(`${prefix}.${name}`), 2 ** bit, size, true))] as const],
  );
  return Object.fromEntries(named);
}

/** The item begins with the datum of this bit. */
const is =
  (bit: number): When =>
  (bytes, at, end, frame, layer) =>
    fieldFrom(bytes, frame.layerOffset[layer]!, end, at) && found.place === at && found.bit === bit;
const datum = (bit: number, field: Field, offset = 0): Field => optional(is(bit), field, offset);
const signal = (bit: number, name: string, title: string): Field => datum(bit, int8(name, { title, unit: 'dBm' }));

const ofNamespace: When = (bytes, at, _end, frame, layer) => isFirstOfNamespace(bytes, frame.layerOffset[layer]!, at);

/** One word of presence: which data follow. */
export const presence = header({
  word: uint32le('radiotap.present.word', { title: 'Present', display: 'hex' }),
  ...flags('radiotap.present', PRESENCE, 4, (one) => optional(ofNamespace, one, 0)),
  radiotapNext: part(masked(flag('radiotap.present.rtap_ns'), 0x20000000, 4, true)),
  vendorNext: part(masked(flag('radiotap.present.vendor_ns'), 0x40000000, 4, true)),
  more: part(masked(flag('radiotap.present.ext'), 0x80000000, 4, true)),
});

/** One datum of the radiotap namespace (radiotap.org, defined fields), by its bit of presence. */
export const radiotapField = header({
  time: datum(0, uint64le('radiotap.mactime', { title: 'MAC time', unit: 'us' })),
  flags: datum(1, uint8('radiotap.flags', { display: 'hex' })),
  ...flags('radiotap.flags', FLAGS, 1, (one) => datum(1, one)),
  rate: datum(2, uint8('radiotap.datarate', { title: 'Data rate', scale: 0.5, unit: 'Mb/s' })),
  frequency: datum(3, uint16le('radiotap.channel.freq', { title: 'Channel frequency', unit: 'MHz' })),
  channelFlags: datum(3, uint16le('radiotap.channel.flags', { title: 'Channel flags', display: 'hex' }), 2),
  ...flags('radiotap.channel.flags', CHANNEL, 2, (one) => datum(3, one, 2)),
  hopSet: datum(4, uint8('radiotap.fhss.hopset')),
  hopPattern: datum(4, uint8('radiotap.fhss.pattern'), 1),
  signal: signal(5, 'radiotap.dbm_antsignal', 'Antenna signal'),
  noise: signal(6, 'radiotap.dbm_antnoise', 'Antenna noise'),
  quality: datum(7, uint16le('radiotap.quality', { title: 'Lock quality' })),
  attenuation: datum(8, uint16le('radiotap.txattenuation', { title: 'Transmit attenuation' })),
  attenuationInDecibel: datum(9, uint16le('radiotap.db_txattenuation', { title: 'Transmit attenuation', unit: 'dB' })),
  power: signal(10, 'radiotap.txpower', 'Transmit power'),
  antenna: datum(11, uint8('radiotap.antenna')),
  signalInDecibel: datum(12, uint8('radiotap.db_antsignal', { title: 'Antenna signal', unit: 'dB' })),
  noiseInDecibel: datum(13, uint8('radiotap.db_antnoise', { title: 'Antenna noise', unit: 'dB' })),
  received: datum(14, uint16le('radiotap.rxflags', { title: 'Receive flags', display: 'hex' })),
  badHeader: datum(14, masked(flag('radiotap.rxflags.badplcp'), 2, 2, true)),
  transmitted: datum(15, uint16le('radiotap.txflags', { title: 'Transmit flags', display: 'hex' })),
  ...flags('radiotap.rxflags', TRANSMITTED, 2, (one) => datum(15, one)),
  retries: datum(17, uint8('radiotap.data_retries')),
  wideFlags: datum(18, uint32le('radiotap.xchannel.flags', { title: 'Channel flags', display: 'hex' })),
  ...flags('radiotap.xchannel.flags', WIDE, 4, (one) => datum(18, one)),
  widePassive: datum(18, masked(flag('radiotap.channel.xtype.passive'), 0x200, 4, true)),
  wideFrequency: datum(18, uint16le('radiotap.xchannel.freq', { title: 'Channel frequency', unit: 'MHz' }), 4),
  wideChannel: datum(18, uint8('radiotap.xchannel.channel'), 6),
  mcsKnown: datum(19, uint8('radiotap.mcs.known', { title: 'MCS known', display: 'hex' })),
  ...flags('radiotap.mcs', MCS, 1, (one) => datum(19, one)),
  aggregate: datum(20, uint32le('radiotap.ampdu.reference')),
  aggregateFlags: datum(20, uint16le('radiotap.ampdu.flags', { display: 'hex' }), 4),
  ...flags('radiotap.ampdu.flags', AGGREGATE, 2, (one) => datum(20, one, 4)),
});
