import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { packet6, vrrpFrame } from './support/service-frames.ts';

describe('vrrp', () => {
  it('reads an advertisement of version 2', () => {
    const frame = dissect(vrrpFrame);
    expect(fieldsOf(frame, 'vrrp')).toEqual([
      ['vrrp.typever', '33'],
      ['vrrp.version', '2'],
      ['vrrp.type', '1'],
      ['vrrp.virt_rtr_id', '1'],
      ['vrrp.prio', '100'],
      ['vrrp.addr_count', '1'],
      ['vrrp.auth_type', '0'],
      ['vrrp.adver_int', '1'],
      ['vrrp.checksum', '0x0000'],
      ['vrrp.ip_addr', '10.0.0.7'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('has IPv6 addresses in version 3', () => {
    const frame = dissect(packet6(112, '31 01 64 01 0064 1234', `fe80${'00'.repeat(13)}01`));
    expect(frame.values['vrrp.ipv6_addr']).toEqual(['fe80::1']);
    expect(frame.values['vrrp.short_adver_int']).toEqual(['100']);
    expect(frame.values['vrrp.adver_int']).toBeUndefined();
  });
});
