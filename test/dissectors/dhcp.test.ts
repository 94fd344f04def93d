import { describe, expect, it } from 'vitest';

import { dissect, faults, fieldsOf } from './support/registry.ts';
import { between, dhcpFrame } from './support/service-frames.ts';

describe('dhcp', () => {
  it('reads a discover message', () => {
    const frame = dissect(dhcpFrame);
    expect(fieldsOf(frame, 'dhcp')).toEqual([
      ['dhcp.type', '1'],
      ['dhcp.hw.type', '0x01'],
      ['dhcp.hw.len', '6'],
      ['dhcp.hops', '0'],
      ['dhcp.id', '0x3903f326'],
      ['dhcp.secs', '0'],
      ['dhcp.flags', '0x8000'],
      ['dhcp.flags.bc', '1'],
      ['dhcp.flags.reserved', '0x0000'],
      ['dhcp.ip.client', '0.0.0.0'],
      ['dhcp.ip.your', '0.0.0.0'],
      ['dhcp.ip.server', '0.0.0.0'],
      ['dhcp.ip.relay', '0.0.0.0'],
      ['dhcp.hw.mac_addr', '00:0b:82:01:fc:42'],
      ['dhcp.hw.addr_padding', '00000000000000000000'],
      ['dhcp.server', ''],
      ['dhcp.file', ''],
      ['dhcp.cookie', '99.130.83.99'],
      ['dhcp.option.type', '53'],
      ['dhcp.option.length', '1'],
      ['dhcp.option.value', '01'],
      ['dhcp.option.type', '61'],
      ['dhcp.option.length', '7'],
      ['dhcp.option.value', '01000b8201fc42'],
      ['dhcp.hw.type', '0x01'],
      ['dhcp.hw.mac_addr', '00:0b:82:01:fc:42'],
      ['dhcp.option.type', '50'],
      ['dhcp.option.length', '4'],
      ['dhcp.option.value', '00000000'],
      ['dhcp.option.requested_ip_address', '0.0.0.0'],
      ['dhcp.option.type', '55'],
      ['dhcp.option.length', '4'],
      ['dhcp.option.value', '0103062a'],
      ['dhcp.option.request_list_item', '1'],
      ['dhcp.option.request_list_item', '3'],
      ['dhcp.option.request_list_item', '6'],
      ['dhcp.option.request_list_item', '42'],
      ['dhcp.option.type', '12'],
      ['dhcp.option.length', '4'],
      ['dhcp.option.value', '686f7374'],
      ['dhcp.option.hostname', 'host'],
      ['dhcp.option.type', '0'],
      ['dhcp.option.end', '255'],
      ['dhcp.option.padding', '000000'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads the seconds of clients that write them least significant byte first', () => {
    const dump = (seconds: string) => `01 01 06 00 3903f326 ${seconds} 0000 ${'00'.repeat(224)} 63825363 ff`;
    expect(dissect(between(68, 67, dump('0400'))).values['dhcp.secs']).toEqual(['4']);
    expect(dissect(between(68, 67, dump('0401'))).values['dhcp.secs']).toEqual(['1025']);
  });

  it('ends its options at the end option', () => {
    const frame = dissect(
      between(68, 67, `01 01 06 00 3903f326 0000 0000 ${'00'.repeat(224)} 63825363 ff 0000 350103`),
    );
    expect(frame.values['dhcp.option.type']).toEqual(['0']);
    expect(frame.values['dhcp.option.padding']).toEqual(['0000350103']);
    expect(frame.values['dhcp.option.dhcp']).toBeUndefined();
  });

  it('is cut short by the capture or by its headers', () => {
    const frame = dissect(dhcpFrame.subarray(0, 200), { wire: dhcpFrame.length });
    expect(faults(frame)).toEqual(['dhcp truncated']);
    expect(frame.values['dhcp.hw.mac_addr']).toEqual(['00:0b:82:01:fc:42']);
    expect(frame.values['dhcp.option.type']).toBeUndefined();
  });
});
