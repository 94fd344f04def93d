import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const addresses = '01 80 c2 00 00 00  02 00 00 00 00 01';
const arp = '0001 0800 06 04 0001  020000000001 0a000001  000000000000 0a000002';

describe('llc', () => {
  it('reads an unnumbered frame: one byte of control', () => {
    expect(fieldsOf(dissect(hex(addresses, '0004', '42 42 03', '00')), 'llc')).toEqual([
      ['llc.dsap', '0x42'],
      ['llc.ssap', '0x42'],
      ['llc.control', '0x0003'],
    ]);
  });

  it('reads a numbered frame: two bytes of control, the low one first', () => {
    expect(fieldsOf(dissect(hex(addresses, '0004', '04 04 02 06')), 'llc')).toEqual([
      ['llc.dsap', '0x04'],
      ['llc.ssap', '0x04'],
      ['llc.control', '0x0602'],
    ]);
  });

  it('reads SNAP and goes on by Ethertype', () => {
    const bytes = hex(addresses, '0024', 'aa aa 03 000000 0806', arp);
    const frame = dissect(bytes);
    expect(frame.names).toEqual(['eth', 'llc', 'arp']);
    expect(fieldsOf(frame, 'llc')).toEqual([
      ['llc.dsap', '0xaa'],
      ['llc.ssap', '0xaa'],
      ['llc.control', '0x0003'],
      ['llc.oui', '0'],
      ['llc.type', '0x0806'],
    ]);
    expect(frame.layers[1]).toMatchObject({ offset: 14, length: 8 });
    expectCutShort(bytes, 14 + 8 + 28);
  });

  it('names the protocol id by its organization', () => {
    const cisco = dissect(hex(addresses, '0008', 'aa aa 03 00000c 2000'));
    expect(cisco.values).toMatchObject({ 'llc.oui': ['12'], 'llc.cisco_pid': ['0x2000'] });
    const other = dissect(hex(addresses, '0008', 'aa aa 03 080007 809b'));
    expect(other.values).toMatchObject({ 'llc.oui': ['524295'], 'llc.pid': ['0x809b'] });
    expect(other.values['llc.type']).toBeUndefined();
  });

  it('leaves the raw form of Novell alone', () => {
    expect(dissect(hex(addresses, '0006', 'ff ff 00 06 00 11')).names).toEqual(['eth']);
  });

  it('has no more bytes than the length says', () => {
    const frame = dissect(hex(addresses, '0005', 'aa aa 03 00 00', '00 08 00'));
    expect(frame.values['llc.type']).toBeUndefined();
    expect(faults(frame)).toEqual(['llc malformed']);
  });
});
