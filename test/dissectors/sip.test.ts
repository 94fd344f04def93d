import { describe, it } from 'vitest';
import { sipInvite, sipStatus, toUdp } from './support/application-frames.ts';
import { expectRefused, expectValues } from './support/values.ts';

// The values are those that tshark 4.0 prints for these bytes.
describe('sip', () => {
  it('reads a request and its headers', () => {
    expectValues(sipInvite, {
      'sip.Request-Line': ['INVITE sip:bob@example.org:5070;user=phone SIP/2.0'],
      'sip.Method': ['INVITE'],
      'sip.r-uri': ['sip:bob@example.org:5070;user=phone'],
      'sip.r-uri.user': ['bob'],
      'sip.r-uri.host': ['example.org'],
      'sip.r-uri.port': ['5070'],
      'sip.Authorization': ['Digest username="alice", realm="a, b", nonce="n1", uri="sip:x", response="r1", qop=auth'],
      'sip.Call-ID': ['call-1'],
      'sip.Contact': ['<sip:alice@192.0.2.1>;expires=60'],
      'sip.CSeq': ['4 INVITE'],
      'sip.From': ['"Alice" <sip:alice@[2001:db8::1]:5062>;tag=88'],
      'sip.Subject': ['one\r\n  two'],
      'sip.To': ['<sip:bob@example.org>;tag=99'],
      'sip.Via': ['SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK74;rport=5061;received=192.0.2.9'],
      'sip.Content-Length': ['0'],
      'sip.Max-Forwards': ['70'],
      'sip.from.display.info': ['"Alice"'],
      'sip.from.addr': ['sip:alice@[2001:db8::1]:5062'],
      'sip.from.user': ['alice'],
      'sip.from.host': ['[2001:db8::1]'],
      'sip.from.port': ['5062'],
      'sip.from.tag': ['88'],
      'sip.to.addr': ['sip:bob@example.org'],
      'sip.to.user': ['bob'],
      'sip.to.host': ['example.org'],
      'sip.to.tag': ['99'],
      'sip.contact.uri': ['sip:alice@192.0.2.1'],
      'sip.contact.user': ['alice'],
      'sip.contact.host': ['192.0.2.1'],
      'sip.Via.transport': ['UDP'],
      'sip.Via.sent-by.address': ['192.0.2.1'],
      'sip.Via.sent-by.port': ['5060'],
      'sip.Via.branch': ['z9hG4bK74'],
      'sip.Via.received': ['192.0.2.9'],
      'sip.Via.rport': ['5061'],
      'sip.CSeq.seq': ['4'],
      'sip.CSeq.method': ['INVITE'],
      'sip.auth.scheme': ['Digest'],
      'sip.auth.username': ['"alice"'],
      'sip.auth.realm': ['"a, b"'],
      'sip.auth.nonce': ['"n1"'],
      'sip.auth.uri': ['"sip:x"'],
      'sip.auth.digest.response': ['"r1"'],
      'sip.auth.qop': ['auth'],
    });
  });

  it('reads a status', () => {
    expectValues(sipStatus, {
      'sip.Status-Line': ['SIP/2.0 486 Busy Here'],
      'sip.Status-Code': ['486'],
      'sip.CSeq': ['4 INVITE'],
      'sip.Via': ['SIP/2.0/TCP h'],
      'sip.Content-Length': ['0'],
      'sip.Via.transport': ['TCP'],
      'sip.Via.sent-by.address': ['h'],
      'sip.CSeq.seq': ['4'],
      'sip.CSeq.method': ['INVITE'],
    });
  });

  it('refuses what it is not on port 5060', () => {
    expectRefused('sip', 5060, toUdp);
  });
});
