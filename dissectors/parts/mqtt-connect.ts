import { bytes, flag, located, masked, text, uint8, uint16 } from '../../core/declare/kinds.ts';
import { after, before2, type Find, inside } from './vector.ts';

const CONNECT = 1;
const WILL = 0x04;
const PASSWORD = 0x40;
const USER = 0x80;
const VERSION_5 = 5;

/** Where a message's variable header begins, behind type and remaining length; -1 when that is cut off. */
export const bodyOf: Find = (view, at, end) => {
  for (let place = at + 1; place < at + 5 && place < end; place += 1) if (view[place]! < 0x80) return place + 1;
  return -1;
};

const connect: Find = (view, at, end) => (view[at]! >>> 4 === CONNECT ? bodyOf(view, at, end) : -1);
/** Behind the protocol's name: version, flags and keep alive. */
const numbers: Find = after(connect, 2);
const skip =
  (find: Find, count: number): Find =>
  (view, at, end) => {
    const place = find(view, at, end);
    return place < 0 ? -1 : place + count;
  };
const hasFlag = (view: Uint8Array, at: number, end: number, mask: number) => {
  const place = numbers(view, at, end);
  return place >= 0 && place + 4 <= end && (view[place + 1]! & mask) !== 0;
};
/** Version 5 has properties before the payload, with a length of one to four bytes. */
const payload: Find = (view, at, end) => {
  const place = numbers(view, at, end);
  if (place < 0 || place + 4 > end) return -1;
  if (view[place]! < VERSION_5) return place + 4;
  let length = 0;
  for (let i = 0; i < 4 && place + 4 + i < end; i += 1) {
    const byte = view[place + 4 + i]!;
    length += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return place + 5 + i + length;
  }
  return -1;
};
const willTopic = after(payload, 2);
const willMessage = after(willTopic, 2);
const user: Find = (view, at, end) => (hasFlag(view, at, end, WILL) ? behindWill : willTopic)(view, at, end);
const behindWill = after(willMessage, 2);
const behindUser = after(user, 2);
const password: Find = (view, at, end) => (hasFlag(view, at, end, USER) ? behindUser : user)(view, at, end);
const when =
  (find: Find, mask: number): Find =>
  (view, at, end) =>
    hasFlag(view, at, end, mask) ? find(view, at, end) : -1;
/** Wills of version 5 have properties too and are left out. */
const oldWill =
  (find: Find): Find =>
  (view, at, end) =>
    hasFlag(view, at, end, WILL) && view[numbers(view, at, end)]! < VERSION_5 ? find(view, at, end) : -1;
const isOld: Find = (view, at, end) => {
  const place = numbers(view, at, end);
  return place >= 0 && place + 4 <= end && view[place]! >= VERSION_5 && hasFlag(view, at, end, WILL) ? -1 : 0;
};
const readable =
  (find: Find): Find =>
  (view, at, end) =>
    isOld(view, at, end) < 0 ? -1 : find(view, at, end);
const flags = skip(numbers, 1);
const size = (name: string, find: Find) => located(find, uint16(name, { unit: 'bytes' }));
const userName = readable(when(user, USER));
const passwordText = readable(when(password, PASSWORD));

/** What a CONNECT message says: MQTT 3.1.1 section 3.1, MQTT 5.0 section 3.1. */
export const mqttConnect = {
  protocolLength: size('mqtt.proto_len', connect),
  protocol: located(inside(connect, 2), text('mqtt.protoname', before2, { title: 'Protocol name' })),
  version: located(numbers, uint8('mqtt.ver', { title: 'Version' })),
  connectFlags: located(flags, uint8('mqtt.conflags', { title: 'Connect flags', display: 'hex' })),
  connectUser: located(flags, masked(flag('mqtt.conflag.uname', { title: 'User name' }), 0x80)),
  connectPassword: located(flags, masked(flag('mqtt.conflag.passwd', { title: 'Password' }), 0x40)),
  connectRetain: located(flags, masked(flag('mqtt.conflag.retain', { title: 'Will retain' }), 0x20)),
  connectQuality: located(flags, masked(uint8('mqtt.conflag.qos', { title: 'Will quality of service' }), 0x18)),
  connectHasWill: located(flags, masked(flag('mqtt.conflag.willflag', { title: 'Will' }), 0x04)),
  connectClean: located(flags, masked(flag('mqtt.conflag.cleansess', { title: 'Clean session' }), 0x02)),
  connectReserved: located(flags, masked(flag('mqtt.conflag.reserved', { title: 'Reserved' }), 0x01)),
  keepAlive: located(skip(numbers, 2), uint16('mqtt.kalive', { title: 'Keep alive', unit: 's' })),
  clientLength: size('mqtt.clientid_len', payload),
  client: located(skip(payload, 2), text('mqtt.clientid', before2, { title: 'Client id' })),
  willTopicLength: size('mqtt.willtopic_len', oldWill(willTopic)),
  willTopic: located(inside(oldWill(willTopic), 2), text('mqtt.willtopic', before2)),
  willLength: size('mqtt.willmsg_len', oldWill(willMessage)),
  will: located(inside(oldWill(willMessage), 2), bytes('mqtt.willmsg', before2)),
  userLength: size('mqtt.username_len', userName),
  user: located(skip(userName, 2), text('mqtt.username', before2)),
  passwordLength: size('mqtt.passwd_len', passwordText),
  password: located(skip(passwordText, 2), text('mqtt.passwd', before2)),
};
