import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing/hex.ts';
import { buildFrame, ethernet, ipv4, ipv6, tcp } from '../../dissectors/build.ts';
import { expectCutShort } from './support/cut-short.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';

const below = 'ff ff ff ff ff ff  02 00 00 00 00 01  0800';
const withOptions = (...options: number[]) => dissect(buildFrame(ethernet(), ipv4(), tcp({ options }), [1, 2, 3]));

describe('tcp', () => {
  const segment = hex(
    below,
    '4500 002b 0001 0000 40 06 0000 0a000001 0a000002',
    'c000 0050  01020304  fffefdfc  5 018  2000  1234  0000',
    '61 62 63',
  );

  it('reads a header and its payload', () => {
    const frame = dissect(segment);
    expect(frame.names).toEqual(['eth', 'ip', 'tcp']);
    expect(fieldsOf(frame, 'tcp')).toEqual([
      ['tcp.srcport', '49152'],
      ['tcp.dstport', '80'],
      ['tcp.len', '3'],
      ['tcp.seq_raw', '16909060'],
      ['tcp.ack_raw', '4294901244'],
      ['tcp.hdr_len', '20'],
      ['tcp.flags', '0x0018'],
      ['tcp.flags.res', '0'],
      ['tcp.flags.ae', '0'],
      ['tcp.flags.cwr', '0'],
      ['tcp.flags.ece', '0'],
      ['tcp.flags.urg', '0'],
      ['tcp.flags.ack', '1'],
      ['tcp.flags.push', '1'],
      ['tcp.flags.reset', '0'],
      ['tcp.flags.syn', '0'],
      ['tcp.flags.fin', '0'],
      ['tcp.flags.str', '·······AP···'],
      ['tcp.window_size_value', '8192'],
      ['tcp.checksum', '0x1234'],
      ['tcp.urgent_pointer', '0'],
      ['tcp.payload', '616263'],
    ]);
    expect(frame.facts).toMatchObject({
      protocol: 6,
      ports: [49152, 80],
      payloadLength: 3,
      stream: { control: 0x18, sequence: 16909060, acknowledgment: 4294901244 },
    });
    expect(frame.layers[2]).toMatchObject({ offset: 34, length: 20 });
  });

  it('reads each flag by itself', () => {
    const names = ['res', 'res', 'res', 'ae', 'cwr', 'ece', 'urg', 'ack', 'push', 'reset', 'syn', 'fin'];
    names.forEach((name, bit) => {
      const frame = dissect(buildFrame(ethernet(), ipv4(), tcp({ flags: 0x800 >>> bit })));
      const set = Object.keys(frame.values).filter(
        (field) => /^tcp\.flags\.(?!str)/.test(field) && frame.values[field]![0] === '1',
      );
      expect(set).toEqual([`tcp.flags.${name}`]);
    });
    expect(dissect(buildFrame(ethernet(), ipv4(), tcp({ flags: 0xfff }))).values['tcp.flags.str']).toEqual([
      'RRRACEUAPRSF',
    ]);
  });

  it('is cut short at every byte, with and without options', () => {
    expectCutShort(segment, 54);
    const options = [2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2, 1, 3, 3, 7];
    expectCutShort(buildFrame(ethernet(), ipv4(), tcp({ options, flags: 2 }), [1, 2]), 74);
  });

  it('has ports as soon as their four bytes are captured, and a payload length only with the data offset', () => {
    const cut = (tcpBytes: number) => dissect(segment.subarray(0, 34 + tcpBytes), { wire: segment.length }).facts;
    expect(cut(3).ports).toBeUndefined();
    expect(cut(4).ports).toEqual([49152, 80]);
    expect(cut(4)).toMatchObject({ networkLength: 43, transportLength: 23 });
    for (const bytes of [0, 4, 6, 12, 13]) {
      expect(cut(bytes).payloadLength).toBeUndefined();
      expect(cut(bytes).stream).toBeUndefined();
    }
    expect(cut(14)).toMatchObject({ payloadLength: 3, stream: { control: 0x18 } });
    expect(cut(20)).toMatchObject({ payloadLength: 3 });
  });

  it('keeps ports and numbers of a data offset below 5 words', () => {
    const frame = dissect(buildFrame(ethernet(), ipv4(), tcp({ headerLength: 12, sequence: 7 })));
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'tcp', offset: 46, needed: 20, available: 12 }]);
    expect(frame.facts).toMatchObject({ ports: [49152, 80], stream: { sequence: 7 } });
    expect(frame.facts.payloadLength).toBeUndefined();
    expect(frame.values['tcp.len']).toBeUndefined();
  });

  it('has no payload when the data offset reaches past the packet', () => {
    const frame = dissect(buildFrame(ethernet({ padded: true }), ipv4(), tcp({ headerLength: 32 }), [1, 2]));
    expect(frame.anomalies).toMatchObject([{ code: 'malformed', layer: 'tcp', needed: 32, available: 22 }]);
    expect(frame.facts).toMatchObject({ payloadLength: 0, ports: [49152, 80] });
    expect(frame.values['tcp.len']).toEqual(['0']);
  });

  it('reads the same under IPv6', () => {
    const frame = dissect(buildFrame(ethernet(), ipv6(), tcp({ flags: 2 }), [1, 2, 3, 4]));
    expect(frame.names).toEqual(['eth', 'ipv6', 'tcp']);
    expect(frame.facts).toMatchObject({
      ports: [49152, 80],
      payloadLength: 4,
      networkLength: 64,
      stream: { control: 2 },
    });
  });
});

describe('tcp options', () => {
  it('reads those of a SYN', () => {
    const frame = withOptions(2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0, 1, 0, 0, 0, 2, 0, 1, 3, 3, 7);
    expect(frame.values).toMatchObject({
      'tcp.hdr_len': ['40'],
      'tcp.options': ['020405b40402080a00000100000002000103' + '0307'],
      'tcp.option_kind': ['2', '4', '8', '1', '3'],
      'tcp.option_len': ['4', '2', '10', '3'],
      'tcp.options.mss_val': ['1460'],
      'tcp.options.sack_perm': ['0402'],
      'tcp.options.timestamp.tsval': ['256'],
      'tcp.options.timestamp.tsecr': ['512'],
      'tcp.options.wscale.shift': ['7'],
      'tcp.options.wscale.multiplier': ['128'],
    });
    expect(frame.facts.payloadLength).toBe(3);
    expect(frame.anomalies).toEqual([]);
  });

  it('reads selective acknowledgments', () => {
    const block = (left: number) => [0, 0, 0, left, 0, 0, 0, left + 1];
    const frame = withOptions(1, 1, 5, 26, ...block(1), ...block(3), ...block(5));
    expect(frame.values).toMatchObject({
      'tcp.options.sack.count': ['3'],
      'tcp.options.sack_le': ['1', '3', '5'],
      'tcp.options.sack_re': ['2', '4', '6'],
    });
  });

  it('reads signature, authentication, user timeout, fast open, multipath', () => {
    const digest = Array.from({ length: 16 }, (_, i) => i);
    const frame = withOptions(19, 18, ...digest, 28, 4, 0x80, 5, 29, 6, 1, 2, 0xaa, 0xbb, 34, 6, 1, 2, 3, 4);
    expect(frame.values).toMatchObject({
      'tcp.options.md5.digest': ['000102030405060708090a0b0c0d0e0f'],
      'tcp.options.user_to_granularity': ['1'],
      'tcp.options.user_to_val': ['5'],
      'tcp.options.ao.keyid': ['1'],
      'tcp.options.ao.rnextkeyid': ['2'],
      'tcp.options.ao.mac': ['aabb'],
      'tcp.options.tfo.cookie': ['01020304'],
    });
    const multipath = withOptions(30, 4, 0x01, 0x81, 254, 8, 0xf9, 0x89, 9, 8, 7, 6);
    expect(multipath.values).toMatchObject({
      'tcp.options.mptcp.subtype': ['0'],
      'tcp.options.mptcp.version': ['1'],
      'tcp.options.experimental.exid': ['0xf989'],
      'tcp.options.tfo.cookie': ['09080706'],
    });
  });

  it('takes a shift above 14 for 14', () => {
    expect(withOptions(3, 3, 15, 0).values).toMatchObject({
      'tcp.options.wscale.shift': ['15'],
      'tcp.options.wscale.multiplier': ['16384'],
    });
  });

  it('ends the list at its end, zeros behind it included', () => {
    const frame = withOptions(2, 4, 5, 0xb4, 0, 0, 2, 4);
    expect(frame.values['tcp.option_kind']).toEqual(['2', '0', '0']);
    expect(frame.anomalies).toEqual([]);
  });

  it('ends the list at a length that is too short or reaches out of it', () => {
    for (const options of [
      [2, 4, 5, 0xb4, 8, 0, 0, 0],
      [2, 4, 5, 0xb4, 8, 1, 0, 0],
      [2, 4, 5, 0xb4, 8, 10, 0, 0],
      [2, 4, 5, 0xb4, 1, 1, 1, 8],
    ]) {
      const frame = withOptions(...options);
      expect(faults(frame)).toEqual(['tcp malformed']);
      expect(frame.values['tcp.option_kind']).not.toContain('8');
      expect(frame.values['tcp.options.mss_val']).toEqual(['1460']);
      expect(frame.facts.payloadLength).toBe(3);
    }
  });

  it('reads no value from an option of the wrong length', () => {
    const frame = withOptions(2, 3, 5, 8, 9, 0, 0, 0, 1, 0, 0, 0);
    expect(frame.values['tcp.options.mss_val']).toBeUndefined();
    expect(frame.values['tcp.options.timestamp.tsval']).toBeUndefined();
    expect(frame.values['tcp.option_kind']).toEqual(['2', '8']);
  });
});
