import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults } from './support/registry.ts';

const addresses = '0180c200000e 020000000001';
const lldp = (...dumps: string[]) => dissect(hex(addresses, '88cc', ...dumps));
const cdp = (...dumps: string[]) => {
  const bytes = hex('aaaa03 00000c 2000', ...dumps);
  return dissect(
    Uint8Array.from([...hex('01000ccccccc 020000000001'), bytes.length >> 8, bytes.length & 255, ...bytes]),
  );
};

describe('lldp', () => {
  it('ends at the last unit: the rest is padding', () => {
    const frame = lldp('0207 04 020000000002 0404 05 657430 0602 0078 0000', '00'.repeat(20));
    expect(frame.values).toMatchObject({
      'lldp.tlv.type': ['1', '2', '3', '0'],
      'lldp.chassis.id.mac': ['02:00:00:00:00:02'],
      'lldp.port.id': ['et0'],
      'lldp.time_to_live': ['120'],
    });
    expect(frame.layers[1]!.length).toBe(21);
    expect(frame.values['eth.padding']).toEqual(['00'.repeat(20)]);
  });

  it('says that a unit reaches out of the frame, and reads none behind it', () => {
    const frame = lldp('0207 04 020000000002 05ff 05 657430');
    expect(faults(frame)).toEqual(['lldp malformed']);
    expect(frame.values['lldp.tlv.type']).toEqual(['1']);
  });

  it('is not read past the value of a unit', () => {
    // A management address whose length says more than the unit has.
    const frame = lldp('1004 09 01 0a00 0602 0078 0000');
    expect(frame.values['lldp.mgn.addr.ip4']).toBeUndefined();
    expect(frame.values['lldp.time_to_live']).toEqual(['120']);
  });
});

describe('cdp', () => {
  it('computes the checksum as its makers do, over an odd last byte too', () => {
    const status = (...dumps: string[]) => cdp(...dumps).values['cdp.checksum.status'];
    expect(status('02 b4 aa13 0001 0006 5331')).toEqual(['1']);
    expect(status('02 b4 a9e0 0001 0007 533132')).toEqual(['1']);
    expect(status('02 b4 aa60 0001 0007 5331b2')).toEqual(['1']); // from 80 up it counts as negative, less one
    expect(status('02 b4 aa61 0001 0007 5331b2')).toEqual(['0']);
  });

  it('says that a unit is shorter than its header', () => {
    const frame = cdp('02 b4 0000 0001 0006 5331 0007 0003 00000000');
    expect(faults(frame)).toEqual(['cdp malformed']);
    expect(frame.values['cdp.deviceid']).toEqual(['S1']);
  });

  it('shows each line of the software version', () => {
    const frame = cdp('02 b4 0000 0005 000a 610a62 0a 0a63');
    expect(frame.values['cdp.software_version']).toEqual(['a', 'b', '', 'c']);
  });
});

describe('stp', () => {
  const bpdu = (dump: string) => {
    const bytes = hex('424203', dump);
    return dissect(Uint8Array.from([...hex('0180c2000000 020000000001'), 0, bytes.length, ...bytes]));
  };
  const rest = '8001020000000001 00004e20 8002020000000002 8001 0180 1400 0200 0f00';

  it('splits the priority of a bridge, and counts times in parts of a second', () => {
    expect(bpdu(`0000 00 00 81 ${rest}`).values).toMatchObject({
      'stp.root.prio': ['32768'],
      'stp.root.ext': ['1'],
      'stp.msg_age': ['1.5'],
      'stp.flags.tcack': ['1'],
    });
  });

  it('has the flags of rapid spanning tree in its messages only', () => {
    expect(bpdu(`0000 00 00 7c ${rest}`).values['stp.flags.port_role']).toBeUndefined();
    expect(bpdu(`0000 02 02 7c ${rest} 00`).values['stp.flags.port_role']).toEqual(['3']);
  });

  it('reads nothing of GARP, which shares its access point', () => {
    const garp = bpdu('0001 01 02 00 00');
    expect(garp.layers[2]).toMatchObject({ name: 'stp', fields: [] });
    expect(garp.anomalies).toEqual([]);
  });

  it('says that a configuration is cut', () => {
    expect(faults(bpdu('0000 00 00 81 8001'))).toEqual(['stp malformed']);
    expect(faults(bpdu('0000 00 80'))).toEqual([]);
  });
});

describe('lacp', () => {
  it('is cut short at every byte', () => {
    const side = (type: string) => `${type} 14 8000 02000000000${type[1]} 0007 8000 0003 3d 000000`;
    const bytes = hex(
      addresses,
      '8809 01',
      '01',
      side('01'),
      side('02'),
      '03 10 0005',
      '00'.repeat(12),
      '0000',
      '00'.repeat(50),
    );
    expect(dissect(bytes).values['lacp.actor.state_str']).toEqual(['**DCSG*A']);
    expectCutShort(bytes, 74);
  });
});

describe('macsec', () => {
  const sealed = (control: string, short: string) =>
    dissect(hex(addresses, `88e5 ${control} ${short} 00000044`, '0806 0001', 'ab'.repeat(16), '000000'));

  it('ends the payload before the check value, which the short length places', () => {
    expect(sealed('00', '04').values['macsec.ICV']).toEqual(['ab'.repeat(16)]);
    expect(sealed('00', '00').values['macsec.ICV']).toEqual([`${'ab'.repeat(13)}000000`]);
  });

  it('does not read what is encrypted', () => {
    expect(sealed('0c', '04').names).toEqual(['eth', 'macsec']);
    expect(sealed('0c', '04').values['macsec.etype']).toBeUndefined();
  });
});
