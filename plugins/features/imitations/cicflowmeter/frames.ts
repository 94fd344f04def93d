import type { ImitatedValue, ImitationSetup } from '../../../../core/declare/imitation.ts';
import type { Frame } from '../../../../core/frame/frame.ts';
import { type Fork, Packet } from './packet.ts';
import { addressText } from './texts.ts';

export const MICROSECOND = 1e3;

/** Seconds are read as signed 32 bits: from 2038 on they begin again in 1901. */
export const signedSeconds = (seconds: number): number => seconds | 0;

/** Values of frames that both forks know. */
export const frameValues: readonly ImitatedValue[] = [
  {
    name: 'cicflowmeter.tcp_flags',
    description: 'Flags of the TCP header, 0 for anything else.',
    kind: 'number',
    integer: true,
    of: 'frame',
  },
  {
    name: 'cicflowmeter.window',
    description: 'Window of the TCP header as it stands there, 0 for anything else.',
    kind: 'number',
    unit: 'bytes',
    integer: true,
    of: 'frame',
  },
  {
    name: 'cicflowmeter.flow_id',
    description: 'The key that the flow has been found by since its first frame; only of the first frame of a row.',
    kind: 'text',
    of: 'frame',
  },
];

/** What was read of the frames of a batch, for the rules that cut flows. */
export class Frames {
  readonly setup: ImitationSetup;
  readonly flags: Float64Array;
  readonly window: Float64Array;
  readonly flowId: (string | null)[];
  readonly protocol: Uint8Array;
  /** 1 where both addresses are the same: such frames all go forward. */
  readonly same: Uint8Array;
  readonly sequence: Float64Array;
  readonly acknowledgment: Float64Array;
  readonly type: Int16Array;
  readonly code: Int16Array;
  /** Whole Unix seconds. */
  readonly seconds: Float64Array;
  /** Addresses and ports of the sender, and of the receiver. */
  readonly #source: Uint32Array;
  readonly #destination: Uint32Array;
  readonly #sourcePort: Uint16Array;
  readonly #destinationPort: Uint16Array;
  readonly #packet: Packet;

  constructor(setup: ImitationSetup, fork: Fork) {
    const { capacity } = setup;
    this.setup = setup;
    this.#packet = new Packet(fork);
    this.flags = setup.numbers('cicflowmeter.tcp_flags');
    this.window = setup.numbers('cicflowmeter.window');
    this.flowId = setup.texts('cicflowmeter.flow_id');
    this.protocol = new Uint8Array(capacity);
    this.same = new Uint8Array(capacity);
    this.sequence = new Float64Array(capacity);
    this.acknowledgment = new Float64Array(capacity);
    this.type = new Int16Array(capacity);
    this.code = new Int16Array(capacity);
    this.seconds = new Float64Array(capacity);
    this.#source = new Uint32Array(capacity);
    this.#destination = new Uint32Array(capacity);
    this.#sourcePort = new Uint16Array(capacity);
    this.#destinationPort = new Uint16Array(capacity);
  }

  read(frame: Frame, i: number, whole: number, nanoseconds: number): boolean {
    const packet = this.#packet;
    if (!packet.read(frame.bytes, frame.start, Math.min(frame.capturedEnd, frame.wireEnd), frame.linkType))
      return false;
    const { columns, keys } = this.setup;
    columns.time[i] = whole + Math.floor(nanoseconds / MICROSECOND) * MICROSECOND;
    columns.frameLength[i] = frame.capturedEnd - frame.start;
    columns.networkLength[i] = packet.header + packet.payload;
    columns.transportLength[i] = packet.header + packet.payload;
    columns.payloadLength[i] = packet.payload;
    this.flags[i] = packet.flags;
    this.window[i] = packet.window;
    this.flowId[i] = null;
    this.protocol[i] = packet.protocol;
    this.sequence[i] = packet.sequence;
    this.acknowledgment[i] = packet.acknowledgment;
    this.type[i] = packet.type;
    this.code[i] = packet.code;
    const { addressAt, sourcePort, destinationPort, protocol } = packet;
    this.#source[i] = word(frame.bytes, addressAt);
    this.#destination[i] = word(frame.bytes, addressAt + 4);
    this.#sourcePort[i] = sourcePort;
    this.#destinationPort[i] = destinationPort;
    this.same[i] = this.#source[i] === this.#destination[i] ? 1 : 0;
    keys.write(i, frame.bytes, addressAt, 4, sourcePort, destinationPort, protocol);
    return true;
  }

  /** Which of two ends has sent the frame, 0 or 1; always 0 where both have one address. */
  side(i: number): number {
    return this.#source[i]! > this.#destination[i]! ? 1 : 0;
  }

  /** The key as text, `source-destination-ports-protocol`, from the frame's sender or from its receiver. */
  key(i: number, fromSender: boolean): string {
    const [source, destination] = [addressText(this.#source[i]!), addressText(this.#destination[i]!)];
    const [from, to] = [this.#sourcePort[i]!, this.#destinationPort[i]!];
    const protocol = this.protocol[i]!;
    return fromSender
      ? `${source}-${destination}-${from}-${to}-${protocol}`
      : `${destination}-${source}-${to}-${from}-${protocol}`;
  }
}

const word = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
