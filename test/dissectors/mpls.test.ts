import { describe, expect, it } from 'vitest';
import { buildFrame, ethernet, ipv4, udp } from '../../dissectors/build.ts';
import { toUdp } from './support/application-frames.ts';
import { expectCutShort } from './support/cut-short.ts';
import { join } from './support/join.ts';
import { dissect, faults, fieldsOf } from './support/registry.ts';
import { expectRefused } from './support/values.ts';

const packet = buildFrame(ipv4({ source: '192.0.2.1', destination: '192.0.2.2' }), udp({ destination: 9 }), [1, 2]);
const frame = buildFrame(
  ethernet(),
  ipv4({ source: '192.0.2.1', destination: '192.0.2.2' }),
  udp({ destination: 9 }),
  [1, 2],
);
const carried = (...parts: readonly (Uint8Array | readonly number[])[]) =>
  dissect(buildFrame(ethernet({ type: 0x8847 }), join(...parts)));

describe('mpls', () => {
  it('reads a stack to its bottom as one layer', () => {
    const { names, facts, layers } = carried([0x00, 0x01, 0x0e, 0xff, 0xff, 0xff, 0xf1, 0x02], packet);
    expect(names).toEqual(['eth', 'mpls', 'ip', 'udp']);
    expect(layers[1]).toMatchObject({ offset: 14, length: 8 });
    expect(facts).toMatchObject({ source: '192.0.2.1', destination: '192.0.2.2', payloadLength: 2 });
  });

  // RFC 3032, 2.1: 20 bits of label, 3 experimental, 1 bottom of stack, 8 time to live.
  it('splits the bits of a label', () => {
    expect(fieldsOf(carried([0xff, 0xff, 0xfb, 0x40], packet), 'mpls')).toEqual([
      ['mpls.label', '1048575'],
      ['mpls.exp', '5'],
      ['mpls.bottom', '1'],
      ['mpls.ttl', '64'],
    ]);
  });

  it('says that the bottom is missing', () => {
    expect(faults(carried([0, 1, 0, 0x40, 0, 2, 0]))).toEqual(['mpls malformed']);
    expect(faults(carried([0, 1, 0, 0x40]))).toEqual(['mpls malformed']);
  });

  it('takes four zero bits for an Ethernet pseudowire with control word', () => {
    const { names, values, facts } = carried([0, 1, 1, 0x40], [0, 0, 0, 7], frame);
    expect(names).toEqual(['eth', 'mpls', 'pwethheuristic', 'pwethcw', 'eth', 'ip', 'udp']);
    expect(values['pweth.cw.sequence_number']).toEqual(['7']);
    expect(facts.source).toBe('192.0.2.1');
  });

  it('takes an Ethernet frame for one where it stands, and nothing less', () => {
    const bare = (destination: number) =>
      carried([0, 1, 1, 0x40], Uint8Array.from([destination, ...frame.subarray(1)]));
    expect(bare(0x02).names).toEqual(['eth', 'mpls', 'pwethheuristic', 'pwethnocw', 'eth', 'ip', 'udp']);
    expect(bare(0xa4).names).toEqual(['eth', 'mpls', 'pwethnocw', 'eth', 'ip', 'udp']);
    expect(carried([0, 1, 1, 0x40], new Array<number>(60).fill(0xa4)).names).toEqual(['eth', 'mpls']);
  });

  it('reads the associated channel, and behind label 13 whatever the first bits are', () => {
    expect(carried([0, 1, 1, 0x40], [0x10, 0, 0, 0x21], packet).names).toEqual(['eth', 'mpls', 'pwach', 'ip', 'udp']);
    const generic = carried([0, 0, 0xd1, 1], [0x10, 0, 0, 7]);
    expect(generic.values['pwach.channel_type']).toEqual(['0x0007']);
  });

  it('is cut short at every byte', () => {
    expectCutShort(buildFrame(ethernet({ type: 0x8847 }), join([0, 1, 0, 64, 0, 2, 1, 64], packet)), 50);
  });

  it('is known over UDP by the packet behind the stack', () => {
    expect(dissect(toUdp(6635, '00010140', Buffer.from(packet).toString('hex'))).names).toEqual([
      'eth',
      'ip',
      'udp',
      'mpls',
      'ip',
      'udp',
    ]);
    expectRefused('mpls', 6635, toUdp);
  });
});
