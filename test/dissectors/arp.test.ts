import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const ethernet = 'ff ff ff ff ff ff  02 00 00 00 00 01  0806';
const request = hex(ethernet, '0001 0800 06 04 0001', '020000000001 0a000001', '000000000000 0a000002');

describe('arp', () => {
  it('reads a request', () => {
    const frame = dissect(request);
    expect(fieldsOf(frame, 'arp')).toEqual([
      ['arp.hw.type', '1'],
      ['arp.proto.type', '0x0800'],
      ['arp.hw.size', '6'],
      ['arp.proto.size', '4'],
      ['arp.opcode', '1'],
      ['arp.src.hw_mac', '02:00:00:00:00:01'],
      ['arp.src.proto_ipv4', '10.0.0.1'],
      ['arp.dst.hw_mac', '00:00:00:00:00:00'],
      ['arp.dst.proto_ipv4', '10.0.0.2'],
    ]);
    expect(frame.facts).toEqual({}); // which is no flow
  });

  it('is cut short at every byte', () => {
    expectCutShort(request, 42);
  });

  it('knows gratuitous requests and probes', () => {
    const gratuitous = dissect(hex(ethernet, '0001 0800 06 04 0001', '020000000001 0a000001', '000000000000 0a000001'));
    expect(gratuitous.values['arp.isgratuitous']).toEqual(['1']);
    expect(gratuitous.values['arp.isprobe']).toBeUndefined();
    const probe = dissect(hex(ethernet, '0001 0800 06 04 0001', '020000000001 00000000', '000000000000 0a000001'));
    expect(probe.values['arp.isprobe']).toEqual(['1']);
    expect(probe.values['arp.isgratuitous']).toBeUndefined();
  });

  it('takes the sizes of addresses from the packet', () => {
    const frame = dissect(hex(ethernet, '0020 0800 02 04 0002', '1122 0a000001', '3344 0a000002', '000000'));
    expect(frame.values).toMatchObject({
      'arp.src.hw': ['1122'],
      'arp.src.proto_ipv4': ['10.0.0.1'],
      'arp.dst.hw': ['3344'],
      'arp.dst.proto_ipv4': ['10.0.0.2'],
    });
    expect(frame.values['arp.src.hw_mac']).toBeUndefined();
    expect(frame.values['eth.padding']).toEqual(['000000']);
  });

  it('says that its addresses reach past the frame', () => {
    expect(faults(dissect(hex(ethernet, '0001 0800 06 ff 0001', '020000000001 0a000001')))).toEqual(['arp malformed']);
  });

  it('reads reverse ARP', () => {
    const bytes = Uint8Array.from(request);
    bytes.set([0x80, 0x35], 12);
    bytes[21] = 3;
    expect(dissect(bytes).values['arp.opcode']).toEqual(['3']);
  });
});
