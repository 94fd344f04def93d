import { describe, it } from 'vitest';
import { compressedRoute } from './support/option-frames.ts';
import { expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('ipv6.routing', () => {
  it('reads the shortened addresses of a RPL source route', () => {
    expectValues(compressedRoute, {
      'ipv6.routing.nxt': ['59'],
      'ipv6.routing.len': ['2'],
      'ipv6.routing.type': ['3'],
      'ipv6.routing.segleft': ['2'],
      'ipv6.routing.rpl.cmprI': ['9'],
      'ipv6.routing.rpl.cmprE': ['9'],
      'ipv6.routing.rpl.pad': ['2'],
      'ipv6.routing.rpl.reserved': ['0'],
      'ipv6.routing.rpl.addr_count': ['2'],
      'ipv6.routing.rpl.address': ['aabbccddeeff11', 'aabbccddeeff22'],
    });
  });
});
