import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const addresses = 'ff ff ff ff ff ff  02 00 00 00 00 01';
const arp = '0001 0800 06 04 0001  020000000001 0a000001  000000000000 0a000002';

describe('eth', () => {
  it('reads Ethernet II', () => {
    const frame = dissect(hex(addresses, '88 b5', 'aa bb cc dd'));
    expect(frame.names).toEqual(['eth']);
    expect(fieldsOf(frame, 'eth')).toEqual([
      ['eth.dst', 'ff:ff:ff:ff:ff:ff'],
      ['eth.dst.lg', '1'],
      ['eth.dst.ig', '1'],
      ['eth.src', '02:00:00:00:00:01'],
      ['eth.src.lg', '1'],
      ['eth.src.ig', '0'],
      ['eth.type', '0x88b5'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('places its fields', () => {
    const [layer] = dissect(hex(addresses, '88 b5')).layers;
    expect(layer?.fields.map(({ name, offset, length, mask }) => [name, offset, length, mask])).toEqual([
      ['eth.dst', 0, 6, undefined],
      ['eth.dst.lg', 0, 1, 0x02],
      ['eth.dst.ig', 0, 1, 0x01],
      ['eth.src', 6, 6, undefined],
      ['eth.src.lg', 6, 1, 0x02],
      ['eth.src.ig', 6, 1, 0x01],
      ['eth.type', 12, 2, undefined],
    ]);
  });

  it('is cut short at every byte', () => {
    expectCutShort(hex(addresses, '0806', arp), 14 + 28);
  });

  it('takes a length up to 1500 as IEEE 802.3 and limits the payload by it', () => {
    const frame = dissect(hex(addresses, '0003', 'e0 e0 03', '00 00 00'));
    expect(frame.names).toEqual(['eth', 'llc']);
    expect(frame.values['eth.len']).toEqual(['3']);
    expect(frame.values['eth.type']).toBeUndefined();
    expect(frame.values['eth.padding']).toEqual(['000000']);
    expect(frame.layers[1]).toMatchObject({ offset: 14, length: 3 });
  });

  it('has neither type nor length from 1501 to 1535', () => {
    for (const number of ['05dd', '05ff']) {
      const frame = dissect(hex(addresses, number, '45 00'));
      expect(frame.values['eth.invalid_lentype']).toEqual([`0x${number}`]);
      expect(frame.values['eth.len']).toBeUndefined();
      expect(frame.values['eth.type']).toBeUndefined();
      expect(faults(frame)).toEqual(['eth malformed']);
    }
    expect(dissect(hex(addresses, '05dc', '00')).values['eth.len']).toEqual(['1500']);
    expect(dissect(hex(addresses, '0600', '00')).values['eth.type']).toEqual(['0x0600']);
  });

  it('says that a length reaches past the frame', () => {
    const frame = dissect(hex(addresses, '0009', 'e0 e0 03'));
    expect(frame.anomalies).toEqual([
      {
        code: 'length.exceeds',
        layer: 'eth',
        offset: 0,
        needed: 23,
        available: 17,
        message: 'eth length.exceeds at byte 0: 23 needed, 17 available',
      },
    ]);
  });

  it('tells padding from a trailer', () => {
    const padded = dissect(hex(addresses, '0806', arp, '00'.repeat(18)));
    expect(padded.values['eth.padding']).toEqual(['00'.repeat(18)]);
    expect(padded.values['eth.trailer']).toBeUndefined();
    const trailed = dissect(hex(addresses, '0806', arp, '00'.repeat(18), '12 34 56 78'));
    expect(trailed.values['eth.padding']).toEqual(['00'.repeat(18)]);
    expect(trailed.values['eth.trailer']).toEqual(['12345678']);
    const dirty = dissect(hex(addresses, '0806', arp, '00'.repeat(17), '01'));
    expect(dirty.values['eth.padding']).toBeUndefined();
    expect(dirty.values['eth.trailer']).toEqual([`${'00'.repeat(17)}01`]);
  });
});
