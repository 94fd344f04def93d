import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { ospfFrame, packet, packet6 } from './support/service-frames.ts';

describe('ospf', () => {
  it('reads a hello message of version 2', () => {
    const frame = dissect(ospfFrame);
    expect(fieldsOf(frame, 'ospf')).toEqual([
      ['ospf.version', '2'],
      ['ospf.msg', '1'],
      ['ospf.msg.hello', '1'],
      ['ospf.packet_length', '48'],
      ['ospf.srcrouter', '1.1.1.1'],
      ['ospf.area_id', '0.0.0.0'],
      ['ospf.checksum', '0x0000'],
      ['ospf.auth.type', '0'],
      ['ospf.auth.none', '0000000000000000'],
      ['ospf.hello.network_mask', '255.255.255.0'],
      ['ospf.hello.hello_interval', '10'],
      ['ospf.hello.router_priority', '1'],
      ['ospf.v2.options', '0x12'],
      ['ospf.v2.options.dn', '0'],
      ['ospf.v2.options.o', '0'],
      ['ospf.v2.options.dc', '0'],
      ['ospf.v2.options.l', '1'],
      ['ospf.v2.options.n', '0'],
      ['ospf.v2.options.mc', '0'],
      ['ospf.v2.options.e', '1'],
      ['ospf.v2.options.mt', '0'],
      ['ospf.hello.router_dead_interval', '40'],
      ['ospf.hello.designated_router', '10.0.0.1'],
      ['ospf.hello.backup_designated_router', '10.0.0.2'],
      ['ospf.hello.active_neighbor', '3.3.3.3'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads a hello message of version 3', () => {
    const frame = dissect(
      packet6(89, '03 01 0028 01010101 00000000 1234 05 00', '00000005 01 000113 000a 0028 00000000 00000000 03030303'),
    );
    expect(frame.values['ospf.instance_id']).toEqual(['5']);
    expect(frame.values['ospf.v3.options']).toEqual(['0x000113']);
    expect(frame.values['ospf.hello.router_dead_interval']).toEqual(['40']);
    expect(frame.values['ospf.hello.active_neighbor']).toEqual(['3.3.3.3']);
  });

  it('says what its length contradicts', () => {
    const frame = dissect(packet(89, '02 01 0004 01010101 00000000 0000 0000 0000000000000000'));
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'ospf', available: 4 }]);
  });
});
