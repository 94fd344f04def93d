import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const ethernetHeader = 'ff ff ff ff ff ff  02 00 00 00 00 01  0800';
const udpHeader = '0035 d903 0008 0000';

describe('ip', () => {
  // The header of the worked example in many texts on RFC 1071: its checksum is b861.
  const example = hex(
    ethernetHeader,
    '45 00 0073  0000 4000  40 11 b861  c0a80001 c0a800c7',
    '0035 d903 005f 0000',
    '00'.repeat(87),
  );

  it('reads a header', () => {
    const frame = dissect(example);
    expect(frame.names).toEqual(['eth', 'ip', 'udp']);
    expect(fieldsOf(frame, 'ip')).toEqual([
      ['ip.version', '4'],
      ['ip.hdr_len', '20'],
      ['ip.dsfield', '0x00'],
      ['ip.dsfield.dscp', '0'],
      ['ip.dsfield.ecn', '0'],
      ['ip.len', '115'],
      ['ip.id', '0x0000'],
      ['ip.flags', '0x02'],
      ['ip.flags.rb', '0'],
      ['ip.flags.df', '1'],
      ['ip.flags.mf', '0'],
      ['ip.frag_offset', '0'],
      ['ip.ttl', '64'],
      ['ip.proto', '17'],
      ['ip.checksum', '0xb861'],
      ['ip.checksum.status', '1'],
      ['ip.src', '192.168.0.1'],
      ['ip.dst', '192.168.0.199'],
    ]);
    expect(frame.facts).toMatchObject({
      source: '192.168.0.1',
      destination: '192.168.0.199',
      protocol: 17,
      networkLength: 115,
      transportLength: 95,
      payloadLength: 87,
    });
  });

  it('places bits in the bytes they lie in', () => {
    const ip = dissect(example).layers[1]!;
    const places = Object.fromEntries(
      ip.fields.map(({ name, offset, length, mask }) => [name, [offset, length, mask]]),
    );
    expect(places).toMatchObject({
      'ip.version': [14, 1, 0xf0],
      'ip.hdr_len': [14, 1, 0x0f],
      'ip.dsfield.dscp': [15, 1, 0xfc],
      'ip.flags': [20, 1, 0xe0],
      'ip.flags.rb': [20, 1, 0x80],
      'ip.flags.df': [20, 1, 0x40],
      'ip.flags.mf': [20, 1, 0x20],
      'ip.frag_offset': [20, 2, 0x1fff],
    });
  });

  it('reads every bit of the fields that share bytes', () => {
    const frame = dissect(hex(ethernetHeader, '45 b9 0014  1234 f555  01 fe 0000  01020304 05060708'));
    expect(frame.values).toMatchObject({
      'ip.dsfield': ['0xb9'],
      'ip.dsfield.dscp': ['46'],
      'ip.dsfield.ecn': ['1'],
      'ip.flags': ['0x07'],
      'ip.flags.rb': ['1'],
      'ip.flags.df': ['1'],
      'ip.flags.mf': ['1'],
      'ip.frag_offset': [String(0x1555)],
    });
  });

  it('is cut short at every byte', () => {
    expectCutShort(hex(ethernetHeader, '45 00 001c 0001 0000 40 11 0000 0a000001 0a000002', udpHeader), 42);
    expectCutShort(
      hex(
        ethernetHeader,
        '48 00 0028 0001 0000 40 11 0000 0a000001 0a000002',
        '83 07 04 c0000201',
        '94 04 0000 00',
        udpHeader,
      ),
      54,
    );
  });

  it('takes no padding for payload', () => {
    const frame = dissect(buildFrame(ethernet({ padded: true }), ipv4(), udp(), [1, 2]));
    expect(frame.facts).toMatchObject({ networkLength: 30, transportLength: 10, payloadLength: 2 });
    expect(frame.values['udp.payload']).toEqual(['0102']);
    expect(frame.values['eth.padding']).toEqual(['00'.repeat(16)]);
    expect(frame.anomalies).toEqual([]);
  });

  it('takes what the frame holds for a total length of 0', () => {
    const frame = dissect(buildFrame(ethernet(), ipv4({ length: 0 }), udp(), new Uint8Array(1000)));
    // As tshark shows it: the length that is taken, 20 + 8 + 1000.
    expect(frame.values['ip.len']).toEqual(['1028']);
    expect(frame.facts).toMatchObject({ networkLength: 1028, payloadLength: 1000 });
    expect(frame.anomalies).toEqual([]);
  });

  it('says when the total length reaches past the frame', () => {
    const frame = dissect(buildFrame(ethernet(), ipv4({ length: 2000 }), udp(), [1, 2]));
    expect(frame.anomalies).toMatchObject([
      { code: 'length.exceeds', layer: 'ip', offset: 16, needed: 2000, available: 30 },
    ]);
    expect(frame.facts).toMatchObject({ networkLength: 30, payloadLength: 2 });
  });

  it('measures what was on the wire, not what was captured', () => {
    const bytes = buildFrame(ethernet(), ipv4(), udp(), new Uint8Array(1000));
    const frame = dissect(bytes.subarray(0, 42), { wire: bytes.length });
    expect(frame.facts).toMatchObject({ networkLength: 1028, transportLength: 1008, payloadLength: 1000 });
    expect(frame.anomalies).toEqual([]);
  });

  it('stops at a header length below 5 words', () => {
    const frame = dissect(buildFrame(ethernet(), ipv4({ headerLength: 16 }), udp()));
    expect(frame.names).toEqual(['eth', 'ip']);
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'ip', offset: 14, needed: 20, available: 16 }]);
    expect(frame.facts).toEqual({});
  });

  it('stops at a total length below the header length, and at a header longer than the frame', () => {
    const short = dissect(buildFrame(ethernet(), ipv4({ length: 19 }), udp()));
    expect(short.names).toEqual(['eth', 'ip']);
    expect(short.anomalies).toMatchObject([{ code: 'malformed', layer: 'ip', offset: 16, needed: 20, available: 19 }]);
    const long = dissect(buildFrame(ethernet(), ipv4({ headerLength: 60, length: 0 }), udp()));
    expect(long.names).toEqual(['eth', 'ip']);
    expect(long.anomalies).toMatchObject([{ code: 'malformed', layer: 'ip', needed: 60, available: 28 }]);
  });

  it('stops at another version, but hands a packet of version 6 on', () => {
    const five = dissect(hex(ethernetHeader, '55 00 0014 0001 0000 40 11 0000 0a000001 0a000002'));
    expect(five.names).toEqual(['eth', 'ip']);
    expect(five.values['ip.src']).toBeUndefined();
    expect(five.facts).toEqual({});
    const six = dissect(hex(ethernetHeader, '60000000 0000 3b 40', '00'.repeat(31), '01'));
    expect(six.names).toEqual(['eth', 'ip', 'ipv6']);
    expect(faults(six)).toEqual(['ip malformed']);
  });

  it('reads no transport header in a later fragment', () => {
    const later = dissect(
      buildFrame(ethernet(), ipv4({ fragmentOffset: 185, protocol: 17 }), [0, 53, 0, 53, 0, 8, 0, 0]),
    );
    expect(later.names).toEqual(['eth', 'ip']);
    expect(later.facts).toMatchObject({ fragment: 'later', protocol: 17, payloadLength: 8 });
    expect(later.facts.ports).toBeUndefined();
  });

  it('reads the header in a first fragment, which carries less than it says', () => {
    const bytes = buildFrame(ethernet(), ipv4({ flags: 1 }), udp({ length: 4000 }), new Uint8Array(16));
    const first = dissect(bytes);
    expect(first.names).toEqual(['eth', 'ip', 'udp']);
    expect(first.facts).toMatchObject({ fragment: 'first', ports: [49152, 53], payloadLength: 16 });
    expect(first.anomalies).toEqual([]);
  });

  describe('options', () => {
    const withOptions = (...options: number[]) => dissect(buildFrame(ethernet(), ipv4({ options }), udp()));

    it('reads router alert, no-operation and the end of the list', () => {
      const frame = withOptions(1, 148, 4, 0, 0, 0, 0, 0);
      expect(frame.values).toMatchObject({
        'ip.hdr_len': ['28'],
        'ip.opt.type': ['1', '148', '0'],
        'ip.opt.type.copy': ['0', '1', '0'],
        'ip.opt.type.class': ['0', '0', '0'],
        'ip.opt.type.number': ['1', '20', '0'],
        'ip.opt.len': ['4'],
        'ip.opt.ra': ['0'],
      });
      expect(frame.names).toEqual(['eth', 'ip', 'udp']);
      expect(frame.anomalies).toEqual([]);
    });

    it('tells addresses of a route before the pointer from those behind it', () => {
      const record = withOptions(7, 11, 8, 192, 0, 2, 1, 0, 0, 0, 0, 0);
      expect(record.values).toMatchObject({
        'ip.opt.ptr': ['8'],
        'ip.rec_rt': ['192.0.2.1'],
        'ip.empty_rt': ['0.0.0.0'],
      });
      const source = withOptions(131, 11, 8, 192, 0, 2, 1, 192, 0, 2, 2, 0);
      expect(source.values).toMatchObject({ 'ip.rec_rt': ['192.0.2.1'], 'ip.src_rt': ['192.0.2.2'] });
    });

    it('reads time stamps with and without addresses', () => {
      const plain = withOptions(68, 12, 9, 0x20, 0, 0, 0, 1, 0, 0, 0, 2);
      expect(plain.values).toMatchObject({
        'ip.opt.overflow': ['2'],
        'ip.opt.flag': ['0x00'],
        'ip.opt.time_stamp': ['1', '2'],
      });
      const addressed = withOptions(68, 12, 13, 0x01, 192, 0, 2, 1, 0, 0, 0, 9);
      expect(addressed.values).toMatchObject({ 'ip.opt.time_stamp_addr': ['192.0.2.1'], 'ip.opt.time_stamp': ['9'] });
    });

    it('ends the list at a length that is too short or reaches out of it', () => {
      for (const options of [
        [1, 131, 1, 4],
        [1, 131, 9, 4],
        [1, 1, 1, 131],
      ]) {
        const frame = withOptions(...options);
        expect(faults(frame)).toEqual(['ip malformed']);
        expect(frame.names).toEqual(['eth', 'ip', 'udp']);
        expect(frame.values['ip.opt.type']).not.toContain('131');
      }
    });
  });
});
