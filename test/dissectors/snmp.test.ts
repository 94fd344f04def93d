import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { datagram, snmpFrame } from './support/service-frames.ts';

describe('snmp', () => {
  it('reads a response', () => {
    const frame = dissect(snmpFrame);
    expect(fieldsOf(frame, 'snmp')).toEqual([
      ['snmp.version', '1'],
      ['snmp.community', 'public'],
      ['snmp.data', '2'],
      ['snmp.request_id', '305419896'],
      ['snmp.error_status', '0'],
      ['snmp.error_index', '0'],
      ['snmp.variable_bindings', '1'],
      ['snmp.name', '1.3.6.1.2.1.1.3.0'],
      ['snmp.value.timeticks', '42'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('prints counters of 64 bits exactly', () => {
    const frame = dissect(
      datagram(
        161,
        '30 32 02 01 01 04 06 7075626c6963',
        'a2 25 02 04 12345678 02 01 00 02 01 00',
        '30 17 30 15 06 08 2b06010201010300 46 09 00ffffffffffffffff',
      ),
    );
    expect(frame.values['snmp.value.counter']).toEqual(['18446744073709551615']);
  });

  it('refuses what is not a sequence with a version that fits', () => {
    expect(dissect(datagram(161, '30 03 02 01 00')).names).not.toContain('snmp');
    expect(dissect(datagram(161, '30 7f 02 01 00 04 01 61')).names).not.toContain('snmp');
    expect(dissect(datagram(161, '30 06 02 01 07 04 01 61')).names).not.toContain('snmp');
  });
});
