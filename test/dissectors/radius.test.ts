import { describe, expect, it } from 'vitest';

import { dissect, fieldsOf } from './support/registry.ts';
import { datagram, radiusFrame } from './support/service-frames.ts';

describe('radius', () => {
  it('reads an access request (RFC 2865, 7.1)', () => {
    const frame = dissect(radiusFrame);
    expect(fieldsOf(frame, 'radius')).toEqual([
      ['radius.code', '1'],
      ['radius.id', '0'],
      ['radius.length', '56'],
      ['radius.authenticator', '0f403f9473978057bd83d5cb98f4227a'],
      ['radius.avp', '01066e656d6f'],
      ['radius.avp.type', '1'],
      ['radius.avp.length', '6'],
      ['radius.User_Name', 'nemo'],
      ['radius.avp', '02120dbe708d93d413ce3196e43f782a0aee'],
      ['radius.avp.type', '2'],
      ['radius.avp.length', '18'],
      ['radius.User_Password_encrypted', '0dbe708d93d413ce3196e43f782a0aee'],
      ['radius.avp', '0406c0a80110'],
      ['radius.avp.type', '4'],
      ['radius.avp.length', '6'],
      ['radius.NAS_IP_Address', '192.168.1.16'],
      ['radius.avp', '050600000003'],
      ['radius.avp.type', '5'],
      ['radius.avp.length', '6'],
      ['radius.NAS_Port', '3'],
    ]);
    expect(frame.anomalies).toEqual([]);
  });

  it('says where an attribute reaches past the packet', () => {
    const frame = dissect(datagram(1812, `01 07 0019 ${'00'.repeat(16)} 01 20 616263`));
    expect(frame.anomalies).toMatchObject([
      { code: 'malformed', layer: 'radius', offset: 62, needed: 32, available: 5 },
    ]);
  });

  it('ends by its own length', () => {
    const frame = dissect(datagram(1812, `02 07 0014 ${'00'.repeat(16)} 0103 75`));
    expect(frame.values['radius.avp']).toBeUndefined();
    expect(frame.anomalies).toEqual([]);
  });
});
