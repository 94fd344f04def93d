import {
  isBefore,
  NONE,
  SCALE_OFF,
  SCALE_UNKNOWN,
  SIDE_SLOTS,
  SIDE_TIMES,
  shiftSegments,
  TcpSide,
} from './tcp-side.ts';

// Flags of the TCP header (RFC 9293, section 3.1).
const FIN = 1;
const SYN = 2;
const RST = 4;
const PSH = 8;
const ACK = 16;
const CONTROL = SYN | FIN | RST;

/** A retransmission within this many nanoseconds of the last duplicate ACK is a fast one. */
const FAST = 20e6;
/** Where the handshake's round trip is not known: what comes this much later is a retransmission, not out of order. */
const DISORDER = 3e6;

/** Places of the values. */
export const VALUE = {
  retransmission: 0,
  fast: 1,
  spurious: 2,
  outOfOrder: 3,
  duplicate: 4,
  lost: 5,
  ackLost: 6,
  zeroWindow: 7,
  probe: 8,
  probeAck: 9,
  windowUpdate: 10,
  windowFull: 11,
  keepAlive: 12,
  keepAliveAck: 13,
  duplicates: 14,
  initialRtt: 15,
  ackRtt: 16,
  inFlight: 17,
  pushed: 18,
  window: 19,
} as const;
const FLAGS = 14;

/** Segments of both sides that are not acknowledged yet. */
export interface TcpSegments {
  forward: number[];
  backward: number[];
}

// Slots of a connection: its handshake's round trip, then those of its two sides.
const ROUND_TRIP = 0;
const FORWARD = 1;
const BACKWARD = FORWARD + SIDE_SLOTS.length;
export const CONNECTION_SLOTS: readonly number[] = [Number.NaN, ...SIDE_SLOTS, ...SIDE_SLOTS];
export const CONNECTION_TIMES: readonly number[] = [FORWARD, BACKWARD].flatMap((side) =>
  SIDE_TIMES.map((time) => side + time),
);

/** Segments of a connection that has none. */
export const createSegments = (): TcpSegments => ({ forward: NONE, backward: NONE });

export function shiftConnection({ forward, backward }: TcpSegments, delta: number): void {
  shiftSegments(forward, delta);
  shiftSegments(backward, delta);
}

/** What each side of a connection has sent, and the handshake: of the connection at hand, for one frame at a time. */
class TcpConnection {
  readonly #forward = new TcpSide();
  readonly #backward = new TcpSide();
  /** Time from SYN to the handshake's ACK. */
  #roundTrip = Number.NaN;
  // The segment at hand.
  #flags = 0;
  #sequence = 0;
  #acknowledgment = 0;
  #length = 0;
  #window = 0;
  #time = Number.NaN;

  take(
    segments: TcpSegments,
    inputs: Float64Array,
    out: Float64Array,
    forward: boolean,
    slots: Float64Array,
    at: number,
  ): void {
    const length = inputs[3]!;
    const window = inputs[4]!;
    // No TCP, or not all that is needed was captured.
    if (length !== length || window !== window) return;
    this.#roundTrip = slots[at + ROUND_TRIP]!;
    this.#forward.load(slots, at + FORWARD, segments.forward);
    this.#backward.load(slots, at + BACKWARD, segments.backward);
    const own = forward ? this.#forward : this.#backward;
    const other = forward ? this.#backward : this.#forward;
    const flags = inputs[0]! & 0x1ff;
    this.#flags = flags;
    this.#sequence = inputs[1]! | 0;
    this.#acknowledgment = inputs[2]! | 0;
    this.#length = length | 0;
    this.#window = window | 0;
    this.#time = inputs[6]!;
    for (let i = 0; i < FLAGS; i += 1) out[i] = 0;
    if ((flags & SYN) !== 0) this.#agree(own, other, inputs[5]!);
    const scaled = (flags & SYN) === 0 && own.scale > 0 ? window * 2 ** own.scale : window;
    out[VALUE.window] = scaled;
    this.#follow(own, other, out);
    own.scaledWindow = scaled;
    own.lastTime = this.#time;
    this.#measure(own, other, out);
    slots[at + ROUND_TRIP] = this.#roundTrip;
    segments.forward = this.#forward.save(slots, at + FORWARD);
    segments.backward = this.#backward.save(slots, at + BACKWARD);
  }

  /** Window scaling: used when both sides' SYN offer it (RFC 7323, section 2.2). */
  #agree(own: TcpSide, other: TcpSide, shift: number): void {
    own.synSeen = true;
    if ((this.#flags & ACK) === 0) own.synTime = this.#time;
    own.opened = (this.#sequence + this.#length + 1) | 0;
    if (shift === shift) own.scale = Math.min(shift, 14);
    if (own.scale === SCALE_UNKNOWN) {
      own.scale = SCALE_OFF;
      other.scale = SCALE_OFF;
    } else if ((this.#flags & ACK) !== 0 && other.scale === SCALE_OFF) own.scale = SCALE_OFF;
  }

  /** What kind of segment it is, and what is remembered of it. */
  #follow(own: TcpSide, other: TcpSide, out: Float64Array): void {
    const flags = this.#flags;
    const sequence = this.#sequence;
    const acknowledgment = this.#acknowledgment;
    const length = this.#length;
    if (!own.based) {
      own.base = (flags & SYN) !== 0 ? sequence : (sequence - 1) | 0;
      own.based = true;
    }
    if (!other.based && (flags & ACK) !== 0) {
      other.base = (acknowledgment - 1) | 0;
      other.based = true;
    }
    if ((flags & ACK) !== 0) other.flightKnown = true;
    this.#classify(own, other, out);
    if (acknowledgment !== own.acknowledgment) own.duplicates = 0;
    this.#checkAcknowledged(other, out);
    if (length > 0 || (flags & (SYN | FIN)) !== 0) this.#checkRepeated(own, other, out);
    this.#remember(own, out);
  }

  /** Windows, keep-alives, duplicate ACKs and holes. */
  #classify(own: TcpSide, other: TcpSide, out: Float64Array): void {
    const flags = this.#flags;
    const sequence = this.#sequence;
    const length = this.#length;
    const window = this.#window;
    const plain = (flags & CONTROL) === 0;
    const expected = sequence === own.next;
    if (length === 1 && expected && other.window === 0) {
      out[VALUE.probe] = 1;
      return;
    }
    if (window === 0 && plain) out[VALUE.zeroWindow] = 1;
    if (own.next !== 0 && isBefore(own.next, sequence) && (flags & RST) === 0) {
      out[VALUE.lost] = 1;
      own.flightKnown = false;
    }
    if (!plain) return;
    if (length <= 1 && sequence === ((own.next - 1) | 0)) out[VALUE.keepAlive] = 1;
    if (length > 0) {
      const edge = (other.acknowledgment + other.scaledWindow) | 0;
      if (other.scale !== SCALE_UNKNOWN && ((sequence + length) | 0) === edge) out[VALUE.windowFull] = 1;
      return;
    }
    if (!expected) return;
    const same = window === own.window;
    const repeated = this.#acknowledgment === own.acknowledgment;
    if (window !== 0 && !same && repeated) out[VALUE.windowUpdate] = 1;
    if (!same) return;
    if (window !== 0 && repeated && other.keptAlive) out[VALUE.keepAliveAck] = 1;
    else if (window === 0 && other.probed && (repeated || this.#acknowledgment === ((own.acknowledgment + 1) | 0))) {
      out[VALUE.probeAck] = 1;
      // The byte of the probe was taken.
      if (!repeated) {
        other.next = this.#acknowledgment;
        other.continuous = this.#acknowledgment;
      }
    } else if (window !== 0 && repeated) {
      own.duplicates = Math.max(own.duplicates, 0) + 1;
      out[VALUE.duplicate] = 1;
      out[VALUE.duplicates] = own.duplicates;
    }
  }

  /** An ACK of data that was not seen. */
  #checkAcknowledged(other: TcpSide, out: Float64Array): void {
    if (other.continuous === 0 || (this.#flags & ACK) === 0) return;
    if (!isBefore(other.continuous, this.#acknowledgment)) return;
    if (isBefore(other.continuous, other.next)) {
      other.continuous = other.next;
      out[VALUE.ackLost] = 1;
      return;
    }
    // Nothing was seen of it at all: said once, until the other side acknowledges something else.
    if (other.duplicates === 0) out[VALUE.ackLost] = 1;
    other.duplicates = -1;
  }

  /** Data that does not advance: sent again, or out of order. */
  #checkRepeated(own: TcpSide, other: TcpSide, out: Float64Array): void {
    if (out[VALUE.keepAlive] === 1) return;
    const sequence = this.#sequence;
    const length = this.#length;
    const end = (sequence + length) | 0;
    if (length > 0 && other.acknowledgment !== 0 && !isBefore(other.acknowledgment, end)) {
      out[VALUE.spurious] = 1;
      out[VALUE.retransmission] = 1;
      return;
    }
    if (own.next === 0 || !isBefore(sequence, own.next)) return;
    // New data behind a probe of a zero window, whose byte was not taken.
    if (length > 1 && ((own.next - 1) | 0) === sequence) return;
    const asked = (other.duplicates >= 2 || other.duplicates < 0) && other.acknowledgment === sequence;
    if (asked && this.#time - other.lastTime < FAST) {
      out[VALUE.fast] = 1;
      out[VALUE.retransmission] = 1;
      return;
    }
    const virtual = (this.#flags & (SYN | FIN)) !== 0 ? 1 : 0;
    const late = this.#roundTrip === this.#roundTrip ? this.#roundTrip : DISORDER;
    if (this.#time - own.nextTime < late && own.next !== ((end + virtual) | 0) && !own.holds(sequence, end))
      out[VALUE.outOfOrder] = 1;
    else out[VALUE.retransmission] = 1;
  }

  #remember(own: TcpSide, out: Float64Array): void {
    const virtual = (this.#flags & (SYN | FIN)) !== 0 ? 1 : 0;
    const next = (this.#sequence + this.#length + virtual) | 0;
    const probe = out[VALUE.probe] === 1;
    if (this.#length > 0 || virtual === 1) own.send(this.#sequence, next, this.#time);
    if ((own.next === 0 || isBefore(own.next, next)) && !probe) {
      own.next = next;
      own.nextTime = this.#time;
    }
    if ((own.continuous === 0 || own.continuous === this.#sequence) && !probe) own.continuous = own.next;
    own.window = this.#window;
    own.acknowledgment = this.#acknowledgment;
    own.keptAlive = out[VALUE.keepAlive] === 1;
    own.probed = probe;
  }

  /** Round trips and bytes on their way. */
  #measure(own: TcpSide, other: TcpSide, out: Float64Array): void {
    const flags = this.#flags;
    const sent = other.acknowledge(this.#acknowledgment);
    if (sent === sent) out[VALUE.ackRtt] = this.#time - sent;
    if (this.#roundTrip !== this.#roundTrip && (flags & (SYN | RST | ACK)) === ACK) this.#shake(own, other);
    if (this.#roundTrip === this.#roundTrip) out[VALUE.initialRtt] = this.#roundTrip;
    if (this.#length === 0 || own.count === 0 || !own.flightKnown) return;
    const bytes = own.inFlight() - ((flags & (SYN | FIN)) !== 0 ? 1 : 0);
    if (bytes > 0) out[VALUE.inFlight] = bytes;
    own.pushed = own.pushedLast ? this.#length : own.pushed + this.#length;
    own.pushedLast = (flags & PSH) !== 0;
    out[VALUE.pushed] = own.pushed;
  }

  /** The ACK that ends the handshake. */
  #shake(own: TcpSide, other: TcpSide): void {
    const { synTime } = own;
    // It is the first ACK of who has sent the SYN, or none.
    own.synTime = Number.NaN;
    if (!other.synSeen || isBefore(this.#acknowledgment, (other.base + 1) | 0)) return;
    // Behind the SYN, and behind what the SYN carried (RFC 7413).
    if (this.#sequence !== ((own.base + 1) | 0) && this.#sequence !== own.opened) return;
    this.#roundTrip = this.#time - synTime;
  }
}

const connection = new TcpConnection();

/** Takes a frame into its connection. */
export const takeSegment: TcpConnection['take'] = (segments, inputs, out, forward, slots, at) =>
  connection.take(segments, inputs, out, forward, slots, at);
