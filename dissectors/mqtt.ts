import { defineDissector } from '../core/declare/dissector.ts';
import type { Locate, When } from '../core/declare/field.ts';
import {
  bits,
  bytes,
  computed,
  flag,
  header,
  located,
  masked,
  optional,
  part,
  repeated,
  text,
  uint8,
  uint16,
} from '../core/declare/kinds.ts';
import { namesOf } from './names.ts';
import { bodyOf, mqttConnect } from './parts/mqtt-connect.ts';
import { after, before2, type Find, inside, u16 } from './parts/vector.ts';
import { tcpPort } from './tables.ts';

const CONNECT = 1;
const CONNACK = 2;
const PUBLISH = 3;
const SUBSCRIBE = 8;
const SUBACK = 9;
const UNSUBSCRIBE = 10;
/** Packet types whose variable header begins with a packet id. */
const WITH_ID = [4, 5, 6, 7, SUBSCRIBE, SUBACK, UNSUBSCRIBE, 11];

const typeOf = (view: Uint8Array, at: number) => view[at]! >>> 4;
/** The remaining length: seven bits to a byte, least significant first. NaN when cut off or too long. */
const remaining: Locate = (view, at, end) => {
  let length = 0;
  for (let i = 0; i < 4 && at + 1 + i < end; i += 1) {
    const byte = view[at + 1 + i]!;
    length += (byte & 0x7f) * 128 ** i;
    if (byte < 0x80) return length;
  }
  return Number.NaN;
};
const lengthSize: Locate = (view, at, end) => bodyOf(view, at - 1, end) - at;

/** What each type's low bits must be; undefined where they mean something. MQTT 3.1.1 table 2.2; 2 came with 3.1.1. */
const isFlags = (type: number, low: number): boolean => {
  if (type === PUBLISH) return (low & 6) !== 6;
  if (type === 6 || type === SUBSCRIBE || type === UNSUBSCRIBE) return (low & 6) === 2;
  return low === 0;
};
/** Type, flags and length agree, and so does the beginning of a CONNECT, CONNACK or PUBLISH. */
function isMessage(view: Uint8Array, at: number, end: number): boolean {
  const type = typeOf(view, at);
  if (at + 2 > end || type === 0 || !isFlags(type, view[at]! & 15)) return false;
  const length = remaining(view, at, end, undefined as never, 0);
  if (!(length >= 0)) return false;
  const body = bodyOf(view, at, end);
  if (type === CONNECT) {
    const name = body + 2 <= end ? u16(view, body) : 4;
    return (
      length >= 10 && (name === 4 || name === 6) && (body + 4 > end || (view[body + 2] === 77 && view[body + 3] === 81))
    );
  }
  if (type === PUBLISH)
    return length >= 3 && (body + 2 > end || (u16(view, body) > 0 && u16(view, body) + 2 <= length));
  if (type === SUBSCRIBE || type === UNSUBSCRIBE) return length >= 5;
  if (type === 12 || type === 13) return length === 0;
  if (type === CONNACK) return length >= 2 && (body >= end || view[body]! <= 1);
  // Version 5 adds reasons and properties to the rest.
  return length >= (type >= 14 ? 0 : 2);
}

const is =
  (...types: number[]): When =>
  (view, at) =>
    types.includes(typeOf(view, at));
const body =
  (...types: number[]): Find =>
  (view, at, end) =>
    types.includes(typeOf(view, at)) ? bodyOf(view, at, end) : -1;
const skip =
  (find: Find, count: number): Find =>
  (view, at, end) => {
    const place = find(view, at, end);
    return place < 0 ? -1 : place + count;
  };
const topic = body(PUBLISH);
const hasId = (view: Uint8Array, at: number) => (view[at]! & 6) !== 0;
const publishId: Find = (view, at, end) =>
  typeOf(view, at) === PUBLISH && hasId(view, at) ? behindTopic(view, at, end) : -1;
const behindTopic = after(topic, 2);
const published: Find = (view, at, end) => {
  const place = behindTopic(view, at, end);
  const from = place < 0 ? -1 : place + (hasId(view, at) ? 2 : 0);
  return from < end ? from : -1;
};
const topics = (type: number, tail: number) =>
  repeated({
    from: skip(body(type), 2),
    next: (view, at, end) => (at + 2 <= end ? at + 2 + u16(view, at) + tail : -1),
    item: header({
      size: uint16('mqtt.topic_len', { unit: 'bytes' }),
      topic: located((_view, at) => at + 2, text('mqtt.topic', before2)),
      ...(tail === 0
        ? {}
        : {
            quality: located(
              after((_view, at) => at, 2),
              masked(uint8('mqtt.sub.qos', { title: 'Requested quality of service' }), 3),
            ),
          }),
    }),
    title: 'Topic',
  });

const message = header({
  flags: uint8('mqtt.hdrflags', { title: 'Header flags', display: 'hex' }),
  type: part(bits('mqtt.msgtype', 4, { title: 'Message type', values: namesOf('mqtt-types') })),
  reserved: optional(
    (view, at) => typeOf(view, at) !== PUBLISH,
    masked(uint8('mqtt.hdr_reserved', { title: 'Reserved' }), 15),
    0,
  ),
  duplicate: optional(is(PUBLISH), masked(flag('mqtt.dupflag', { title: 'Duplicate' }), 8), 0),
  quality: optional(is(PUBLISH), masked(uint8('mqtt.qos', { title: 'Quality of service' }), 6), 0),
  retain: optional(is(PUBLISH), masked(flag('mqtt.retain', { title: 'Retain' }), 1), 0),
  length: located((_view, at, end) => (at + 1 < end ? at + 1 : -1), {
    ...computed('mqtt.len', 'uint', remaining, { title: 'Remaining length', unit: 'bytes' }),
    measure: lengthSize,
  }),
  ...mqttConnect,
  acknowledgeFlags: located(body(CONNACK), uint8('mqtt.conack.flags', { display: 'hex' })),
  acknowledgeReserved: located(body(CONNACK), masked(flag('mqtt.conack.flags.reserved'), 0xfe)),
  sessionPresent: located(body(CONNACK), masked(flag('mqtt.conack.flags.sp', { title: 'Session present' }), 1)),
  returnCode: located(skip(body(CONNACK), 1), uint8('mqtt.conack.val', { title: 'Return code' })),
  topicLength: located(topic, uint16('mqtt.topic_len', { unit: 'bytes' })),
  topic: located(inside(topic, 2), text('mqtt.topic', before2)),
  publishId: located(publishId, uint16('mqtt.msgid', { title: 'Message id' })),
  content: located(
    published,
    bytes('mqtt.msg', (_view, at, end) => end - at, { title: 'Message' }),
  ),
  id: located(body(...WITH_ID), uint16('mqtt.msgid', { title: 'Message id' })),
  subscriptions: topics(SUBSCRIBE, 1),
  granted: repeated({
    from: skip(body(SUBACK), 2),
    next: (_view, at) => at + 1,
    item: header({ quality: uint8('mqtt.suback.qos', { title: 'Granted quality of service' }) }),
    title: 'Granted',
  }),
  unsubscriptions: topics(UNSUBSCRIBE, 0),
});

const fields = header({
  messages: repeated({
    from: (_view, at) => at,
    next: (view, at, end, frame, layer) =>
      isMessage(view, at, end) ? bodyOf(view, at, end) + remaining(view, at, end, frame, layer) : -1,
    item: message,
    title: 'Message',
  }),
});

/**
 * MQTT 3.1, 3.1.1 and 5.0 (OASIS), one message after another. Which version a connection speaks only its CONNECT says,
 * so the properties that 5.0 adds to other messages are not read.
 */
export const mqtt = defineDissector({
  name: 'mqtt',
  title: 'MQ Telemetry Transport',
  claims: [tcpPort.at(1883)],
  fields,
  accept: isMessage,
});
