import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { ascii, datagram, syslogFrame } from './support/service-frames.ts';

describe('syslog', () => {
  it('reads a message of the old form', () => {
    const frame = dissect(syslogFrame);
    expect(fieldsOf(frame, 'syslog')).toEqual([
      ['syslog.facility', '4'],
      ['syslog.level', '2'],
      ['syslog.msg', "Oct 11 22:14:15 mymachine su: 'su root' failed"],
      ['syslog.timestamp_rfc3164', 'Oct 11 22:14:15'],
      ['syslog.hostname', 'mymachine'],
      ['syslog.procid', 'su'],
      ['syslog.msgid', ": 'su root' failed"],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads the new form, with its time in UTC', () => {
    const frame = dissect(
      datagram(514, ascii('<165>1 2003-08-24T05:14:15.000003-07:00 192.0.2.1 myproc 8710 - - %% Time')),
    );
    expect(frame.values['syslog.facility']).toEqual(['20']);
    expect(frame.values['syslog.level']).toEqual(['5']);
    expect(frame.values['syslog.timestamp']).toEqual(['Aug 24, 2003 12:14:15.000003000 UTC']);
    expect(frame.values['syslog.hostname']).toEqual(['192.0.2.1']);
    expect(frame.values['syslog.procid']).toEqual(['8710']);
  });

  it('refuses a priority that does not exist', () => {
    for (const text of ['<192>x', '<>x', '<1', 'x<1>'])
      expect(dissect(datagram(514, ascii(text))).names).not.toContain('syslog');
  });
});
