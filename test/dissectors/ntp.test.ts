import { describe, expect, it } from 'vitest';

import { dissect, faults, fieldsOf } from './support/registry.ts';
import { between, ntpFrame } from './support/service-frames.ts';

describe('ntp', () => {
  it('reads an answer of a server', () => {
    const frame = dissect(ntpFrame);
    expect(fieldsOf(frame, 'ntp')).toEqual([
      ['ntp.flags', '0x24'],
      ['ntp.flags.li', '0'],
      ['ntp.flags.vn', '4'],
      ['ntp.flags.mode', '4'],
      ['ntp.stratum', '2'],
      ['ntp.ppoll', '6'],
      ['ntp.precision', '236'],
      ['ntp.rootdelay', '1104'],
      ['ntp.rootdispersion', '939'],
      ['ntp.refid', '83bc03df'],
      ['ntp.reftime', 'Jul 14, 2015 09:17:07.192958015 UTC'],
      ['ntp.org', 'Jul  5, 2015 22:31:49.188292076 UTC'],
      ['ntp.rec', 'Jul 14, 2015 09:17:56.176376396 UTC'],
      ['ntp.xmt', 'Jul 14, 2015 09:17:56.176499113 UTC'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('knows the era that begins in 2036, and no time', () => {
    const frame = dissect(between(123, 123, '23 00 06 ec', '00'.repeat(36), '00000001 00000000'));
    expect(frame.values['ntp.xmt']).toEqual(['Feb  7, 2036 06:28:17.000000000 UTC']);
    expect(frame.values['ntp.rec']).toEqual(['NULL']);
  });

  it('has other fields in control and private messages', () => {
    const control = dissect(between(123, 123, '16 82 0001 0615 0000 0000 0004', '61626364'));
    expect(control.values['ntp.ctrl.count']).toEqual(['4']);
    expect(control.values['ntp.stratum']).toBeUndefined();
    const monlist = dissect(between(123, 123, '17 00 03 2a 0000 0000'));
    expect(monlist.values['ntp.priv.reqcode']).toEqual(['42']);
  });

  it('is cut short by the capture, and refuses what is shorter than its times', () => {
    expect(faults(dissect(ntpFrame.subarray(0, 60), { wire: ntpFrame.length }))).toEqual(['ntp truncated']);
    expect(dissect(between(123, 123, '23 02 06 ec 00000450')).names).not.toContain('ntp');
    expect(dissect(between(123, 123, '3b 02', '00'.repeat(46))).names).not.toContain('ntp');
  });
});
