import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { datagram6, dhcpv6Frame } from './support/service-frames.ts';

describe('dhcpv6', () => {
  it('reads a solicit message with an address inside an association', () => {
    const frame = dissect(dhcpv6Frame);
    expect(fieldsOf(frame, 'dhcpv6')).toEqual([
      ['dhcpv6.msgtype', '1'],
      ['dhcpv6.xid', '0xa630b6'],
      ['dhcpv6.option.type', '8'],
      ['dhcpv6.option.length', '2'],
      ['dhcpv6.elapsed_time', '15000'],
      ['dhcpv6.option.type', '1'],
      ['dhcpv6.option.length', '14'],
      ['dhcpv6.duid.bytes', '000100011771b601082e5f763297'],
      ['dhcpv6.duid.type', '1'],
      ['dhcpv6.duidllt.hwtype', '1'],
      ['dhcpv6.duidllt.time', 'Jun 18, 2012 09:48:49.000000000 UTC'],
      ['dhcpv6.duidllt.link_layer_addr', '08:2e:5f:76:32:97'],
      ['dhcpv6.option.type', '3'],
      ['dhcpv6.option.length', '40'],
      ['dhcpv6.iaid', '16685d43'],
      ['dhcpv6.iaid.t1', '0'],
      ['dhcpv6.iaid.t2', '0'],
      ['dhcpv6.option.type', '5'],
      ['dhcpv6.option.length', '24'],
      ['dhcpv6.iaaddr.ip', 'fd00::9'],
      ['dhcpv6.iaaddr.pref_lifetime', '3600'],
      ['dhcpv6.iaaddr.valid_lifetime', '7200'],
      ['dhcpv6.option.type', '6'],
      ['dhcpv6.option.length', '4'],
      ['dhcpv6.requested_option_code', '23'],
      ['dhcpv6.requested_option_code', '24'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('has a relayed message as a layer of its own', () => {
    const frame = dissect(
      datagram6(
        547,
        '0c 01',
        `fd${'00'.repeat(14)}01`,
        `fe80${'00'.repeat(13)}02`,
        '0009 000a 01 010203 0008 0002 0001',
      ),
    );
    expect(frame.names).toEqual(['eth', 'ipv6', 'udp', 'dhcpv6', 'dhcpv6']);
    expect(frame.values['dhcpv6.msgtype']).toEqual(['12', '1']);
    expect(frame.values['dhcpv6.peeraddr']).toEqual(['fe80::2']);
    expect(frame.values['dhcpv6.elapsed_time']).toEqual(['10']);
  });

  it('refuses options that do not fit', () => {
    expect(dissect(datagram6(547, '01 a630b6 0008 00ff 05dc')).names).not.toContain('dhcpv6');
  });
});
