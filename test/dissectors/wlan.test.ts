import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { buildFrame, ipv4, udp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { join } from './support/join.ts';
import { dissect, faults } from './support/registry.ts';

const packet = buildFrame(ipv4({ length: 0 }), udp({ destination: 9, length: 0 }), [1, 2]);
const right = buildFrame(ipv4(), udp({ destination: 9 }), [1, 2]);
const snap = hex('aaaa03 000000 0800');
const header = (control: string, ...more: string[]) =>
  hex(control, '2c00', '020000000001 020000000002 020000000003', '1000', ...more);
const RADIOTAP = 127;
const WLAN = 105;

describe('IEEE 802.11', () => {
  it('names its addresses by the direction', () => {
    const [one, two, three] = ['02:00:00:00:00:01', '02:00:00:00:00:02', '02:00:00:00:00:03'];
    const names = (control: string) => {
      const { values } = dissect(join(header(control), snap, right), { linkType: WLAN });
      return ['ra', 'ta', 'da', 'sa', 'bssid', 'staa'].map((name) => values[`wlan.${name}`]?.[0]);
    };
    // IEEE 802.11-2020, table 9-30.
    expect(names('0800')).toEqual([one, two, one, two, three, undefined]);
    expect(names('0801')).toEqual([one, two, three, two, one, two]);
    expect(names('0802')).toEqual([one, two, one, three, two, one]);
  });

  it('finds the packet behind the bits of quality of service and a fourth address', () => {
    const plain = [header('0802'), header('8802', '0000'), header('8882', '0000', '01020304')];
    const bridged = [header('0803', '020000000004'), header('8803', '020000000004', '0000')];
    for (const start of [...plain, ...bridged]) {
      const frame = dissect(join(start, snap, right), { linkType: WLAN });
      expect(frame.names).toEqual(['wlan', 'llc', 'ip', 'udp']);
      expect(frame.layers[0]!.length).toBe(start.length);
    }
  });

  it('does not read what is protected, an aggregate, or empty', () => {
    for (const start of [header('0842'), header('8802', '8000'), header('4802')]) {
      expect(dissect(join(start, snap, right), { linkType: WLAN }).names).toEqual(['wlan']);
    }
  });

  it('reads frame control with its bytes swapped', () => {
    const frame = dissect(join(header('0208'), snap, right), { linkType: WLAN });
    expect(frame.values['wlan.fc.type_subtype']).toEqual(['0x0020']);
    expect(frame.names).toEqual(['wlan', 'llc', 'ip', 'udp']);
  });

  it('is cut short at every byte', () => {
    expectCutShort(join(header('0802'), snap, right), 60, WLAN);
  });
});

describe('radiotap', () => {
  it('takes the check sequence off the payload, wherever the capture ends', () => {
    const bytes = join(hex('0000 0900 02000000 10'), header('0802'), snap, packet, hex('11223344'));
    const frame = dissect(bytes, { linkType: RADIOTAP });
    expect(frame.names).toEqual(['radiotap', 'wlan', 'llc', 'ip', 'udp']);
    expect(frame.facts.networkLength).toBe(30); // a total length of 0 takes what the frame holds
    expect(frame.values['wlan.fcs']).toEqual(['0x44332211']);
    const cut = dissect(bytes.subarray(0, bytes.length - 6), { linkType: RADIOTAP, wire: bytes.length });
    expect(cut.facts.networkLength).toBe(30);
    expect(cut.values['wlan.fcs']).toBeUndefined();
  });

  it('aligns each datum to its own size', () => {
    // Time at 8, flags at 16, and the channel behind a byte of padding at 18.
    const frame = dissect(hex('0000 1600 0b000000', '0100000000000000', '00', 'ff', '6c09 a000'), {
      linkType: RADIOTAP,
    });
    expect(frame.values).toMatchObject({
      'radiotap.mactime': ['1'],
      'radiotap.flags': ['0x00'],
      'radiotap.channel.freq': ['2412'],
    });
  });

  it('reads the signal of each antenna from its own word of presence', () => {
    const frame = dissect(hex('0000 1800', '200000a0 200800a0 20080000', 'd8', 'd7 01', 'd6 02', '000000'), {
      linkType: RADIOTAP,
    });
    expect(frame.values['radiotap.dbm_antsignal']).toEqual(['-40', '-41', '-42']);
    expect(frame.values['radiotap.antenna']).toEqual(['1', '2']);
  });

  it('ends a list of words that never ends', () => {
    const frame = dissect(hex('0000 ff00', 'ffffffff'.repeat(60), '00'.repeat(11)), { linkType: RADIOTAP });
    expect(frame.values['radiotap.present.word']!.length).toBe(32);
  });

  it('says that its length is none', () => {
    expect(faults(dissect(hex('0000 0700 00000000', '00'.repeat(10)), { linkType: RADIOTAP }))).toEqual([
      'radiotap malformed',
    ]);
    expect(faults(dissect(hex('0000 0004 00000000', '00'.repeat(10)), { linkType: RADIOTAP }))).toEqual([
      'radiotap malformed',
    ]);
  });
});
