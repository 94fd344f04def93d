import { describe, expect, it } from 'vitest';
import { mqttAnswers, mqttConnect, mqttFlow, toTcp } from './support/application-frames.ts';
import { dissect } from './support/registry.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('mqtt', () => {
  it('reads CONNECT', () => {
    expectValues(mqttConnect, {
      'mqtt.hdrflags': ['0x10'],
      'mqtt.msgtype': ['1'],
      'mqtt.hdr_reserved': ['0'],
      'mqtt.len': ['29'],
      'mqtt.proto_len': ['4'],
      'mqtt.protoname': ['MQTT'],
      'mqtt.ver': ['4'],
      'mqtt.conflags': ['0xc6'],
      'mqtt.conflag.uname': ['1'],
      'mqtt.conflag.passwd': ['1'],
      'mqtt.conflag.retain': ['0'],
      'mqtt.conflag.qos': ['0'],
      'mqtt.conflag.willflag': ['1'],
      'mqtt.conflag.cleansess': ['1'],
      'mqtt.conflag.reserved': ['0'],
      'mqtt.kalive': ['60'],
      'mqtt.clientid_len': ['1'],
      'mqtt.clientid': ['c'],
      'mqtt.willtopic_len': ['1'],
      'mqtt.willtopic': ['w'],
      'mqtt.willmsg_len': ['1'],
      'mqtt.willmsg': ['6d'],
      'mqtt.username_len': ['1'],
      'mqtt.username': ['u'],
      'mqtt.passwd_len': ['4'],
      'mqtt.passwd': ['pass'],
    });
  });

  it('reads several messages of a client', () => {
    expectValues(mqttFlow, {
      'mqtt.hdrflags': ['0x82', '0x32', '0xc0'],
      'mqtt.msgtype': ['8', '3', '12'],
      'mqtt.hdr_reserved': ['2', '0'],
      'mqtt.dupflag': ['0'],
      'mqtt.qos': ['1'],
      'mqtt.retain': ['0'],
      'mqtt.len': ['8', '10', '0'],
      'mqtt.topic_len': ['3', '3'],
      'mqtt.topic': ['a/b', 'a/b'],
      'mqtt.msgid': ['1', '2'],
      'mqtt.msg': ['686579'],
      'mqtt.sub.qos': ['1'],
    });
  });

  it('reads answers', () => {
    expectValues(mqttAnswers, {
      'mqtt.hdrflags': ['0x20', '0x90', '0x40'],
      'mqtt.msgtype': ['2', '9', '4'],
      'mqtt.hdr_reserved': ['0', '0', '0'],
      'mqtt.len': ['2', '3', '2'],
      'mqtt.conack.flags': ['0x01'],
      'mqtt.conack.flags.reserved': ['0'],
      'mqtt.conack.flags.sp': ['1'],
      'mqtt.conack.val': ['0'],
      'mqtt.msgid': ['1', '2'],
      'mqtt.suback.qos': ['1'],
    });
  });

  it('refuses what it is not on port 1883', () => {
    expectRefused('mqtt', 1883, toTcp);
  });

  it('wants flags and lengths that fit', () => {
    expect(dissect(toTcp(1883, '41 02 0001')).names.at(-1)).toBe('tcp');
    expect(dissect(toTcp(1883, '10 0c 0004 48545450 04 02 003c 0000')).names.at(-1)).toBe('tcp');
    expect(dissect(toTcp(1883, '30 ff ff ff ff 01')).names.at(-1)).toBe('tcp');
  });
});
