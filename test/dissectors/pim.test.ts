import { describe, expect, it } from 'vitest';
import { buildFrame, ipv4, udp } from '../../dissectors/build.ts';
import { dissect, fieldsOf } from './support/registry.ts';
import { packet, pimFrame } from './support/service-frames.ts';

describe('pim', () => {
  it('reads a hello message', () => {
    const frame = dissect(pimFrame);
    expect(fieldsOf(frame, 'pim')).toEqual([
      ['pim.version', '2'],
      ['pim.type', '0'],
      ['pim.res_bytes', '00'],
      ['pim.cksum', '0x0000'],
      ['pim.optiontype', '1'],
      ['pim.optionlength', '2'],
      ['pim.holdtime', '105'],
      ['pim.optiontype', '2'],
      ['pim.optionlength', '4'],
      ['pim.t', '1'],
      ['pim.propagation_delay', '500'],
      ['pim.override_interval', '2500'],
      ['pim.optiontype', '19'],
      ['pim.optionlength', '4'],
      ['pim.dr_priority', '1'],
      ['pim.optiontype', '20'],
      ['pim.optionlength', '4'],
      ['pim.generation_id', '2882400001'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('carries the packet of a register message, and none in a null register', () => {
    const inner = Buffer.from(buildFrame(ipv4({ source: '10.9.9.9' }), udp(), [1])).toString('hex');
    const frame = dissect(packet(103, '21 00 0000 00000000', inner));
    expect(frame.names).toEqual(['eth', 'ip', 'pim', 'ip', 'udp']);
    expect(frame.facts).toMatchObject({ source: '10.9.9.9', protocol: 17 });
    const isNull = dissect(packet(103, '21 00 0000 40000000', inner));
    expect(isNull.names).toEqual(['eth', 'ip', 'pim']);
    expect(isNull.values['pim.register_flag.null_register']).toEqual(['1']);
  });

  it('reads who joins and prunes', () => {
    const frame = dissect(
      packet(
        103,
        '23 00 0000 01 00 0a000007 00 01 00d2',
        '01 00 00 20 e0010203 0001 0001',
        '01 00 04 20 0a000008',
        '01 00 07 20 0a000009',
      ),
    );
    expect(frame.values['pim.upstream_neighbor']).toEqual(['10.0.0.7']);
    expect(frame.values['pim.join_ip']).toEqual(['10.0.0.8']);
    expect(frame.values['pim.prune_ip']).toEqual(['10.0.0.9']);
  });
});
