import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const addresses = 'ff ff ff ff ff ff  02 00 00 00 00 01';

describe('vlan and ieee8021ad', () => {
  // Priority 5, drop eligible, id 0x123.
  const tagged = hex(addresses, '8100', 'b123 88b5', '01 02');

  it('reads a tag', () => {
    expect(fieldsOf(dissect(tagged), 'vlan')).toEqual([
      ['vlan.priority', '5'],
      ['vlan.dei', '1'],
      ['vlan.id', '291'],
      ['vlan.etype', '0x88b5'],
    ]);
    const [, layer] = dissect(tagged).layers;
    expect(layer?.fields.map(({ offset, length, mask }) => [offset, length, mask])).toEqual([
      [14, 1, 0xe0],
      [14, 1, 0x10],
      [14, 2, 0x0fff],
      [16, 2, undefined],
    ]);
  });

  it('is cut short at every byte', () => {
    expectCutShort(tagged, 18);
  });

  it('stacks tags of all numbers; a service tag is not a VLAN id', () => {
    const frame = dissect(hex(addresses, '88a8', '6064 8100', '0002 9100', '0003 9200', '0004 9300', '0005 88b5'));
    expect(frame.names).toEqual(['eth', 'ieee8021ad', 'vlan', 'vlan', 'vlan', 'vlan']);
    expect(fieldsOf(frame, 'ieee8021ad')).toEqual([
      ['ieee8021ad.priority', '3'],
      ['ieee8021ad.dei', '0'],
      ['ieee8021ad.id', '100'],
      ['ieee8021ah.etype', '0x8100'],
    ]);
    expect(frame.values['vlan.id']).toEqual(['2', '3', '4', '5']);
  });

  it('carries a length as well', () => {
    const frame = dissect(hex(addresses, '8100', '0001 0003', 'e0 e0 03', '00 00'));
    expect(frame.names).toEqual(['eth', 'vlan', 'llc']);
    expect(frame.values['vlan.len']).toEqual(['3']);
    expect(frame.layers[2]).toMatchObject({ offset: 18, length: 3 });
    expect(faults(frame)).toEqual([]);
  });

  it('ends at the depth of 32 layers with an anomaly', () => {
    const frame = dissect(hex(addresses, '8100', '0001 8100'.repeat(40)));
    expect(frame.names).toHaveLength(32);
    expect(frame.anomalies.map(({ code, needed, available }) => [code, needed, available])).toEqual([
      ['depth', 33, 32],
    ]);
  });
});
