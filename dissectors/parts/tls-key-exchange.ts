import type { Field, Repeated } from '../../core/declare/field.ts';
import { bytes, header, located, uint8, uint16 } from '../../core/declare/kinds.ts';
import { namesOf } from '../names.ts';
import { signatureScheme } from './tls-extension.ts';
import { after, before1, before2, inside, u16, u24, vector } from './vector.ts';

const CERTIFICATE_REQUEST = 13;
const SERVER_KEY_EXCHANGE = 12;
const CERTIFICATE_VERIFY = 15;
const NAMED_CURVE = 3;

type Find = (view: Uint8Array, at: number, end: number) => number;

/**
 * Fields of the messages whose form depends on what was negotiated before, in other frames (RFC 5246 section 7.4, RFC
 * 8422). The form is told from the lengths inside: they must fill the message to the byte. A
 * client's key exchange could be of several forms and has no fields.
 */
export function keyExchange(p: 'tls' | 'dtls', body: number): Record<string, Field | Repeated> {
  const h = `${p}.handshake`;
  const messageEnd = (view: Uint8Array, at: number) => at + body + u24(view, at + 1);
  const isMessage = (view: Uint8Array, at: number, end: number, type: number) =>
    view[at] === type && at + body + 4 <= end && messageEnd(view, at) <= end;

  // A signature fills the rest of the message: with its algorithm before it since TLS 1.2, without one before.
  const signatureForm = (view: Uint8Array, place: number, end: number): 'none' | 'plain' | 'named' => {
    if (place + 4 <= end && place + 4 + u16(view, place + 2) === end) return 'named';
    return place + 2 <= end && place + 2 + u16(view, place) === end ? 'plain' : 'none';
  };
  const curveSignature = (view: Uint8Array, at: number, end: number): number => {
    if (!isMessage(view, at, end, SERVER_KEY_EXCHANGE) || view[at + body] !== NAMED_CURVE) return -1;
    const place = at + body + 4 + view[at + body + 3]!;
    return signatureForm(view, place, messageEnd(view, at)) === 'none' ? -1 : place;
  };
  const primeParts = (view: Uint8Array, at: number, end: number, count: number): number => {
    if (!isMessage(view, at, end, SERVER_KEY_EXCHANGE) || curveSignature(view, at, end) >= 0) return -1;
    const limit = messageEnd(view, at);
    let place = at + body;
    let wanted = -1;
    for (let i = 0; i < 3; i += 1) {
      if (i === count) wanted = place;
      if (place + 2 > limit) return -1;
      place += 2 + u16(view, place);
    }
    if (signatureForm(view, place, limit) === 'none') return -1;
    return count === 3 ? place : wanted;
  };
  const prime =
    (count: number): Find =>
    (view, at, end) =>
      primeParts(view, at, end, count);
  const signature: Find = (view, at, end) => {
    const curve = curveSignature(view, at, end);
    if (curve >= 0) return curve;
    if (isMessage(view, at, end, CERTIFICATE_VERIFY)) return -1;
    return primeParts(view, at, end, 3);
  };
  const verification: Find = (view, at, end) =>
    isMessage(view, at, end, CERTIFICATE_VERIFY) && signatureForm(view, at + body, messageEnd(view, at)) !== 'none'
      ? at + body
      : -1;
  /** The algorithm before a signature. */
  const algorithm =
    (find: Find, count = 0): Find =>
    (view, at, end) => {
      const place = find(view, at, end);
      return place >= 0 && signatureForm(view, place, messageEnd(view, at)) === 'named' ? place + count : -1;
    };
  /** The signature's length, behind an algorithm where there is one. */
  const signed =
    (find: Find): Find =>
    (view, at, end) => {
      const place = find(view, at, end);
      return place < 0 || signatureForm(view, place, messageEnd(view, at)) !== 'named' ? place : place + 2;
    };
  const curve =
    (count: number): Find =>
    (view, at, end) =>
      curveSignature(view, at, end) < 0 ? -1 : at + body + count;
  const types: Find = (view, at, end) => (isMessage(view, at, end, CERTIFICATE_REQUEST) ? at + body : -1);
  const behindTypes = after(types, 1);
  /** The algorithms that TLS 1.2 put before the names of authorities. */
  const requested: Find = (view, at, end) => {
    const place = behindTypes(view, at, end);
    if (place < 0 || place + 4 > end) return -1;
    const names = place + 2 + u16(view, place);
    return names + 2 <= end && names + 2 + u16(view, names) === messageEnd(view, at) ? place : -1;
  };
  const authorities: Find = (view, at, end) =>
    requested(view, at, end) >= 0 ? after(requested, 2)(view, at, end) : behindTypes(view, at, end);
  const scheme = signatureScheme(p);
  const length1 = (name: string) => uint8(name, { unit: 'bytes' });
  const length2 = (name: string) => uint16(name, { unit: 'bytes' });
  return {
    curveType: located(curve(0), uint8(`${h}.server_curve_type`, { display: 'hex' })),
    curve: located(curve(1), uint16(`${h}.server_named_curve`, { display: 'hex', values: namesOf('tls-groups') })),
    pointLength: located(curve(3), length1(`${h}.server_point_len`)),
    point: located(inside(curve(3), 1), bytes(`${h}.server_point`, before1)),
    primeLength: located(prime(0), length2(`${h}.p_len`)),
    prime: located(inside(prime(0), 2), bytes(`${h}.p`, before2)),
    generatorLength: located(prime(1), length2(`${h}.g_len`)),
    generator: located(inside(prime(1), 2), bytes(`${h}.g`, before2)),
    publicLength: located(prime(2), length2(`${h}.ys_len`)),
    public: located(inside(prime(2), 2), bytes(`${h}.ys`, before2)),
    algorithm: located(algorithm(signature), scheme.algorithm),
    hash: located(algorithm(signature), uint8(`${h}.sig_hash_hash`)),
    signatureKind: located(algorithm(signature, 1), uint8(`${h}.sig_hash_sig`)),
    signatureLength: located(signed(signature), length2(`${h}.sig_len`)),
    signature: located(inside(signed(signature), 2), bytes(`${h}.sig`, before2)),
    typesLength: located(types, uint8(`${h}.cert_types_count`)),
    types: vector(types, 1, 1, header({ type: uint8(`${h}.cert_type`) }), 'Certificate type'),
    requestedLength: located(requested, length2(`${h}.sig_hash_alg_len`)),
    requested: vector(requested, 2, 2, header(signatureScheme(p)), 'Signature algorithm'),
    authoritiesLength: located(authorities, length2(`${h}.dnames_len`)),
    verifyAlgorithm: located(algorithm(verification), scheme.algorithm),
    verifyHash: located(algorithm(verification), uint8(`${h}.sig_hash_hash`)),
    verifyKind: located(algorithm(verification, 1), uint8(`${h}.sig_hash_sig`)),
    verifyLength: located(signed(verification), length2(`${h}.client_cert_vrfy.sig_len`)),
    verify: located(inside(signed(verification), 2), bytes(`${h}.client_cert_vrfy.sig`, before2)),
  };
}
