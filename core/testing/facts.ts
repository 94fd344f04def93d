import { EXCHANGE, type Frame, ONE_WAY, PORTS } from '../frame/frame.ts';
import { ipv4Text, ipv6Text } from '../frame/text.ts';

/** What dissectors told the meter about a frame. */
export interface Facts {
  /** Source and destination address as text; absent without a network layer. */
  readonly source?: string;
  readonly destination?: string;
  readonly protocol?: number;
  readonly ports?: readonly [source: number, destination: number];
  /** Type and code of a message; `mate` is the counterpart's type, -1 for one-way messages. */
  readonly exchange?: { readonly type: number; readonly code: number; readonly mate: number };
  /** Bytes of the network packet, of what follows its headers, and of the transport payload. */
  readonly networkLength?: number;
  readonly transportLength?: number;
  readonly payloadLength?: number;
  readonly fragment?: 'first' | 'later';
  readonly stream?: { readonly control: number; readonly sequence: number; readonly acknowledgment: number };
}

/** The facts of the frame last walked. */
export function factsOf(frame: Frame): Facts {
  if (frame.networkLayer < 0) return {};
  const text = (at: number) => (frame.addressLength === 4 ? ipv4Text(frame.bytes, at) : ipv6Text(frame.bytes, at));
  const end = frame.layerEnd[frame.networkLayer]!;
  const { sourcePort, destinationPort, portKind, mate, control, sequence, acknowledgment } = frame;
  return {
    source: text(frame.addressAt),
    destination: text(frame.addressAt + frame.addressLength),
    protocol: frame.protocol,
    networkLength: end - frame.layerOffset[frame.networkLayer]!,
    transportLength: Math.max(end - frame.transportAt, 0),
    ...(portKind === PORTS ? { ports: [sourcePort, destinationPort] as const } : {}),
    ...(portKind === EXCHANGE || portKind === ONE_WAY
      ? { exchange: { type: sourcePort, code: destinationPort, mate: portKind === EXCHANGE ? mate : -1 } }
      : {}),
    ...(frame.payloadAt < 0 ? {} : { payloadLength: Math.max(frame.payloadEnd - frame.payloadAt, 0) }),
    ...(frame.fragmented ? { fragment: frame.laterFragment ? ('later' as const) : ('first' as const) } : {}),
    ...(control < 0 ? {} : { stream: { control, sequence, acknowledgment } }),
  };
}
