import {
  CLOSED,
  ESTABLISHED,
  INACTIVE,
  PARTIAL,
  RESET,
  SYN_ACK_SENT,
  SYN_SENT,
  ZeekEndpoint,
} from './zeek-endpoint.ts';

// Flags of the TCP header (RFC 9293, section 3.1).
const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;

const TCP = 6;
const UDP = 17;

/** A number in a SYN or RST this far away is not believed. */
const TOO_FAR = 2 ** 20;
/** Letters of a history at most. */
const LETTERS = 128;

/** Places among the letters that stand once. */
const ONCE = { S: 1, F: 2, R: 4, D: 8, A: 16, I: 32, Q: 64 } as const;

/** A connection as Zeek's conn.log sums it up. The flow's source is the originator. */
export class ZeekConnection {
  #protocol = 0;
  #history = '';
  #originator = new ZeekEndpoint();
  #responder = new ZeekEndpoint();

  clone(): ZeekConnection {
    const copy = new ZeekConnection();
    copy.#protocol = this.#protocol;
    copy.#history = this.#history;
    copy.#originator = this.#originator.clone();
    copy.#responder = this.#responder.clone();
    return copy;
  }

  /** The letters, or null where there are none. */
  get history(): string | null {
    return this.#history === '' ? null : this.#history;
  }

  take(inputs: Float64Array, forward: boolean): void {
    const first = this.#protocol === 0;
    this.#protocol = inputs[0]!;
    if (this.#protocol !== TCP && this.#protocol !== UDP) return;
    // The first frame goes against the flow's direction: that was repaired.
    if (first && !forward) this.#history = '^';
    const end = forward ? this.#originator : this.#responder;
    if (this.#protocol === UDP) {
      this.#once('D', end);
      end.become(ESTABLISHED);
    } else if (inputs[4] === inputs[4]) this.#segment(inputs, end, forward);
  }

  /** Adds a letter: upper case for the originator's. */
  #add(letter: string, end: ZeekEndpoint): void {
    if (this.#history.length < LETTERS) this.#history += end === this.#originator ? letter : letter.toLowerCase();
  }

  /** True when the letter stands there already; adds it otherwise. */
  #once(letter: keyof typeof ONCE, end: ZeekEndpoint, text: string = letter): boolean {
    if ((end.letters & ONCE[letter]) !== 0) return true;
    end.letters |= ONCE[letter];
    this.#add(text, end);
    return false;
  }

  /** Adds a letter at the first, tenth, hundredth ... time. */
  #scaled(letter: string, times: number, end: ZeekEndpoint): void {
    let power = 1;
    while (power < times) power *= 10;
    if (power === times) this.#add(letter, end);
  }

  #segment(inputs: Float64Array, end: ZeekEndpoint, forward: boolean): void {
    const peer = forward ? this.#responder : this.#originator;
    const flags = inputs[1]!;
    const sequence = inputs[2]! | 0;
    const acknowledgment = inputs[3]! | 0;
    const length = inputs[4]!;
    const virtual = ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0);
    const past = (sequence + virtual + ((flags & RST) !== 0 ? 0 : length)) | 0;
    this.#number(end, flags, sequence, past);
    this.#record(end, flags, (sequence - end.start) | 0, length);
    const closed = peer.state === CLOSED || end.state === RESET;
    if (inputs[5] === 0 && (flags & RST) === 0 && !closed) this.#scaled('W', ++end.zeroWindows, end);
    if ((flags & FIN) !== 0) end.closes += 1;
    const misplaced = ((sequence - end.start) | 0) < 0;
    const acknowledges = (flags & ACK) !== 0;
    if (acknowledges && peer.state === INACTIVE) peer.begin(acknowledgment - 1);
    this.#advance(end, flags, past, length);
    this.#step(end, peer, flags, length, forward);
    // Before the data of the same segment, as Zeek does.
    if (acknowledges && (flags & RST) === 0 && ((acknowledgment - peer.start) | 0) >= 0) {
      const gap = peer.acknowledge(acknowledgment);
      if (gap && this.#settled(end) && this.#settled(peer)) this.#scaled('G', ++peer.gaps, peer);
    }
    if ((flags & RST) !== 0 || misplaced) return;
    end.see(sequence, past);
    // A first fragment: how much more there is in the others is not known.
    if (inputs[6] === 1) end.cut = true;
  }

  /** Established, or closed by a FIN: only then a hole in the stream is one. */
  #settled({ state, before }: ZeekEndpoint): boolean {
    return state === ESTABLISHED || state === CLOSED || (state === RESET && before === CLOSED);
  }

  /** Where sequence numbers count from. */
  #number(end: ZeekEndpoint, flags: number, sequence: number, past: number): void {
    const syn = (flags & SYN) !== 0;
    if (end.state === INACTIVE) {
      end.begin(syn ? sequence : sequence - 1);
      end.last = syn ? past : sequence;
      return;
    }
    const anew =
      end.state === SYN_SENT || end.state === SYN_ACK_SENT
        ? sequence !== end.start
        : end.state === ESTABLISHED || end.state === PARTIAL || (end.state === RESET && end.before === INACTIVE);
    if (!syn || !anew) return;
    end.begin(sequence);
    end.last = past;
  }

  /** Letters for the flags. */
  #record(end: ZeekEndpoint, flags: number, relative: number, length: number): void {
    const control = flags & (SYN | FIN | RST);
    if (control === 0) {
      if (length > 0) this.#once('D', end);
      else if ((flags & ACK) !== 0) this.#once('A', end);
    } else if (control === SYN) {
      const letter = (flags & ACK) !== 0 ? 'H' : 'S';
      if (this.#once('S', end, letter) && relative !== end.lastSyn) this.#add(letter, end);
      end.lastSyn = relative;
    } else if (control === FIN) {
      const place = relative + length;
      if (this.#once('F', end) && place !== end.lastFin) this.#add('F', end);
      end.lastFin = place;
    } else if (control === RST) {
      if (this.#once('R', end) && relative !== end.lastReset) this.#add('R', end);
      end.lastReset = relative;
    } else this.#once((flags & FIN) !== 0 && (flags & RST) !== 0 ? 'I' : 'Q', end);
  }

  /** The highest number sent; data that does not reach beyond it was sent before. */
  #advance(end: ZeekEndpoint, flags: number, past: number, length: number): void {
    const delta = (past - end.last) | 0;
    if ((flags & (SYN | RST)) !== 0 && Math.abs(delta) > TOO_FAR) return;
    if ((flags & FIN) !== 0 && end.last === ((end.start + 1) | 0)) end.last = past;
    else if (end.state === RESET) return;
    else if (delta > 0) end.last = past;
    else if (length > 0) this.#scaled('T', ++end.repeats, end);
  }

  /** Zeek's state machine. */
  #step(end: ZeekEndpoint, peer: ZeekEndpoint, flags: number, length: number, forward: boolean): void {
    const fin = (flags & FIN) !== 0;
    const rst = (flags & RST) !== 0;
    switch (end.state) {
      case INACTIVE:
        this.#first(end, peer, flags, length, forward);
        return;
      case SYN_SENT:
      case SYN_ACK_SENT:
        if (fin) end.become(CLOSED);
        if (rst) end.become(RESET);
        return;
      case ESTABLISHED:
      case PARTIAL:
        if ((flags & (SYN | ACK)) === SYN && end.state === PARTIAL && peer.state === INACTIVE) end.become(SYN_SENT);
        if (fin && !rst) {
          end.become(CLOSED);
          // A FIN and then a RST: that was an end in order.
          if (peer.state === RESET && peer.before === CLOSED) peer.become(CLOSED);
        }
        if (rst) end.become(RESET);
        return;
      case CLOSED:
        if (rst && peer.state !== CLOSED) end.become(RESET);
        return;
    }
  }

  /** The first segment of an end. */
  #first(end: ZeekEndpoint, peer: ZeekEndpoint, flags: number, length: number, forward: boolean): void {
    if ((flags & SYN) !== 0) {
      if (forward) end.become((flags & ACK) !== 0 ? SYN_ACK_SENT : SYN_SENT);
      else {
        // Also where SYN and SYN+ACK stand the wrong way round.
        if (peer.state === SYN_SENT || (peer.state === SYN_ACK_SENT && (flags & ACK) === 0)) peer.become(ESTABLISHED);
        end.become(ESTABLISHED);
      }
    }
    if ((flags & FIN) !== 0) end.become(CLOSED);
    if ((flags & RST) !== 0) end.become(RESET);
    if (end.state !== INACTIVE) return;
    // Some ends acknowledge a SYN before they answer it.
    if (!forward && length === 0 && peer.state === SYN_SENT) return;
    if ((flags & ACK) !== 0 && peer.state === ESTABLISHED) end.become(ESTABLISHED);
    else end.become(PARTIAL);
  }

  /** The summary of the connection so far; null for a flow that is neither TCP, UDP nor ICMP. */
  get summary(): string {
    const [o, r] = [this.#originator, this.#responder];
    if (this.#protocol === UDP) {
      if (o.state === ESTABLISHED) return r.state === ESTABLISHED ? 'SF' : 'S0';
      return r.state === ESTABLISHED ? 'SHR' : 'OTH';
    }
    if (this.#protocol !== TCP) return 'OTH';
    if (r.state === RESET) {
      if (o.state === SYN_SENT || o.state === SYN_ACK_SENT) return 'REJ';
      if (o.state === RESET && o.size === 0 && r.size === 0) return 'REJ';
      return o.inactive ? 'RSTRH' : 'RSTR';
    }
    if (o.state === RESET) {
      if (!r.inactive) return 'RSTO';
      return /^\^?S[^HAFGIQ]*R/.test(this.#history) ? 'RSTOS0' : 'OTH';
    }
    if (o.state === CLOSED && r.state === CLOSED) return 'SF';
    if (o.state === CLOSED) return r.inactive ? 'SH' : 'S2';
    if (r.state === CLOSED) return o.inactive ? 'SHR' : 'S3';
    if (o.state === SYN_SENT && r.state === INACTIVE) return 'S0';
    return o.state === ESTABLISHED && r.state === ESTABLISHED ? 'S1' : 'OTH';
  }
}
