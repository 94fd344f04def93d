import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { between, nbnsFrame } from './support/service-frames.ts';

describe('nbns', () => {
  it('reads a registration', () => {
    const frame = dissect(nbnsFrame);
    expect(fieldsOf(frame, 'nbns')).toEqual([
      ['nbns.id', '0x8001'],
      ['nbns.flags', '0x2910'],
      ['nbns.flags.response', '0'],
      ['nbns.flags.opcode', '5'],
      ['nbns.flags.truncated', '0'],
      ['nbns.flags.recdesired', '1'],
      ['nbns.flags.broadcast', '1'],
      ['nbns.count.queries', '1'],
      ['nbns.count.answers', '0'],
      ['nbns.count.auth_rr', '0'],
      ['nbns.count.add_rr', '1'],
      ['nbns.name', 'WORKGROUP<1b>'],
      ['nbns.type', '32'],
      ['nbns.class', '1'],
      ['nbns.name', 'WORKGROUP<1b> (Domain Master Browser)'],
      ['nbns.type', '32'],
      ['nbns.class', '1'],
      ['nbns.ttl', '300000'],
      ['nbns.data_length', '6'],
      ['nbns.nb_flags', '0xe000'],
      ['nbns.nb_flags.group', '1'],
      ['nbns.nb_flags.ont', '3'],
      ['nbns.addr', '10.0.2.15'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('says which letter of a name is none', () => {
    const name = '46 41'.repeat(15);
    const frame = dissect(between(137, 137, '8001 0110 0001 0000 0000 0000', `20 ${name} 46 21 00 0020 0001`));
    expect(frame.values['nbns.name']).toEqual([
      'Illegal NetBIOS name (2nd character not between A and Z in first-level encoding)',
    ]);
  });
});
