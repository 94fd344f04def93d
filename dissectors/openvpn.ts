import { defineDissector } from '../core/declare/dissector.ts';
import type { Field, Locate } from '../core/declare/field.ts';
import {
  bytes,
  header,
  located,
  masked,
  repeated,
  uint8,
  uint16,
  uint24,
  uint32,
  uint64,
} from '../core/declare/kinds.ts';
import { absoluteTimeText } from '../core/frame/absolute-time.ts';
import {
  ACKNOWLEDGMENT,
  authenticationSize,
  DATA_V1,
  DATA_V2,
  HMAC,
  isLengthAndPacket,
  isPacket,
  packetAt,
} from './parts/openvpn-packet.ts';
import { u16, u32 } from './parts/vector.ts';
import { tcpPort, udpPort } from './tables.ts';

const SESSION = 9;
const OPCODES = {
  1: 'control hard reset client v1',
  2: 'control hard reset server v1',
  3: 'control soft reset',
  4: 'control',
  5: 'acknowledgment',
  6: 'data v1',
  7: 'control hard reset client v2',
  8: 'control hard reset server v2',
  9: 'data v2',
};

const isData = (opcode: number) => opcode === DATA_V1 || opcode === DATA_V2;

/** A place in the packet, wherever it begins. `find` gives -1 where there is nothing. */
const inPacket =
  (find: (view: Uint8Array, packet: number, end: number) => number): Locate =>
  (view, _at, end, frame, layer) => {
    const packet = packetAt(frame, layer);
    return packet < end ? find(view, packet, end) : -1;
  };
/** The same in a control packet: `find` is told where the number of acknowledgments stands. */
const inControl = (find: (view: Uint8Array, place: number, packet: number) => number): Locate =>
  inPacket((view, packet, end) => {
    const size = isData(view[packet]! >>> 3) ? -1 : authenticationSize(view, packet, end);
    return size < 0 ? -1 : find(view, packet + SESSION + size, packet);
  });
const authenticated = (offset: number): Locate =>
  inControl((_view, place, packet) => (place > packet + SESSION ? packet + SESSION + offset : -1));
const behindList = (view: Uint8Array, place: number) => place + 1 + view[place]! * 4;
const whole = (field: Field): Field =>
  located(
    inPacket((_view, packet) => packet),
    field,
  );

const fields = header({
  length: located(
    (_view, at, _end, frame, layer) => (packetAt(frame, layer) > at ? at : -1),
    uint16('openvpn.plen', { title: 'Packet length', unit: 'bytes' }),
  ),
  type: whole(uint8('openvpn.type', { display: 'hex' })),
  opcode: whole(masked(uint8('openvpn.opcode', { display: 'hex', values: OPCODES }), 0xf8)),
  key: whole(masked(uint8('openvpn.keyid', { title: 'Key id' }), 0x07)),
  peer: located(
    inPacket((view, packet) => (view[packet]! >>> 3 === DATA_V2 ? packet + 1 : -1)),
    uint24('openvpn.peerid', { title: 'Peer id' }),
  ),
  session: located(
    inControl((_view, _place, packet) => packet + 1),
    uint64('openvpn.sessionid', { title: 'Session id' }),
  ),
  hmac: located(authenticated(0), bytes('openvpn.hmac', HMAC, { title: 'HMAC' })),
  replay: located(authenticated(HMAC), uint32('openvpn.pid', { title: 'Replay packet id' })),
  time: located(
    authenticated(HMAC + 4),
    uint32('openvpn.net_time', { format: (view, at) => absoluteTimeText(u32(view, at), 0) }),
  ),
  acknowledged: located(
    inControl((_view, place) => place),
    uint8('openvpn.mpidarraylength', { title: 'Packets acknowledged' }),
  ),
  acknowledgments: repeated({
    from: inControl((view, place) => (view[place]! > 0 ? place + 1 : -1)),
    to: inControl(behindList),
    next: (_view, at, end) => (at + 4 <= end ? at + 4 : -1),
    item: header({ id: uint32('openvpn.mpidarrayelement', { title: 'Packet acknowledged' }) }),
    title: 'Acknowledgment',
  }),
  remote: located(
    inControl((view, place) => (view[place]! > 0 ? behindList(view, place) : -1)),
    uint64('openvpn.rsessionid', { title: 'Remote session id' }),
  ),
  id: located(
    inControl((view, place, packet) =>
      view[packet]! >>> 3 === ACKNOWLEDGMENT ? -1 : behindList(view, place) + (view[place]! > 0 ? 8 : 0),
    ),
    uint32('openvpn.mpid', { title: 'Packet id' }),
  ),
  data: located(
    inPacket((view, packet) => (isData(view[packet]! >>> 3) ? packet + (view[packet]! >>> 3 === DATA_V2 ? 4 : 1) : -1)),
    bytes('openvpn.data', (_view, at, end) => end - at),
  ),
});

/** OpenVPN, as its protocol page and its wire format draft (openvpn-rfc) have it; headers only, and without tls-crypt. */
export const openvpn = defineDissector({
  name: 'openvpn',
  title: 'OpenVPN',
  claims: [udpPort.checked(1194, isPacket), tcpPort.checked(1194, isLengthAndPacket)],
  fields,
  minimum: 2,
  dissect(frame, view, at) {
    if (packetAt(frame, frame.layer) > at) frame.limit(at + 2 + u16(view, at), fields.length);
  },
});
