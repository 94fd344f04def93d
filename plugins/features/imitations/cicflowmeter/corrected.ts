import {
  defineImitation,
  type ImitatedFlow,
  type ImitationRun,
  type ImitationSetup,
  JOIN,
} from '../../../../core/declare/imitation.ts';
import type { FlowFacts } from '../../../../core/expression/program.ts';
import type { Frame } from '../../../../core/frame/frame.ts';
import { Frames, frameValues, MICROSECOND, signedSeconds } from './frames.ts';
import { Segments } from './segments.ts';

const FIN = 1;
const SYN = 2;
const RST = 4;
const ACK = 16;
const ICMP = 1;
const TCP = 6;
const UDP = 17;
const ACTIVE = 2;
const END = 3;

// Slots of a flow.
const FIRST = 0;
const LAST = 1;
/** NONE, ONE_FIN, BOTH_FINS, READY. */
const STATE = 2;
const FORWARD_FINS = 3;
const BACKWARD_FINS = 4;
/** Nanoseconds of the connection before this row. */
const BEFORE = 5;
const TYPE = 6;
const CODE = 7;
const PROTOCOL = 8;
const FRAMES = 9;
const SLOTS = new Array<number>(10).fill(0);

const NONE = 0;
const ONE_FIN = 1;
const BOTH_FINS = 2;
const READY = 3;

/** What lasts beyond a row: the segments seen in the connection, and the key it is found by. */
interface Connection {
  /** Made with the first segment. */
  seen: Segments | undefined;
  key: string;
}

class Run implements ImitationRun {
  readonly slots = SLOTS;
  readonly times = [FIRST, LAST];
  readonly #frames: Frames;
  readonly #retransmission: Float64Array;
  readonly #type: Float64Array;
  readonly #code: Float64Array;

  constructor(setup: ImitationSetup) {
    this.#frames = new Frames(setup, 'corrected');
    this.#retransmission = setup.numbers('cicflowmeter.retransmission');
    this.#type = setup.numbers('cicflowmeter.icmp_type');
    this.#code = setup.numbers('cicflowmeter.icmp_code');
  }

  createObject(): Connection {
    return { seen: undefined, key: '' };
  }

  move(): void {}

  read(frame: Frame, i: number, whole: number, nanoseconds: number): boolean {
    if (!this.#frames.read(frame, i, whole, nanoseconds)) return false;
    this.#type[i] = this.#frames.type[i]!;
    this.#code[i] = this.#frames.code[i]!;
    return true;
  }

  meet({ slots, at }: ImitatedFlow, i: number): number {
    const { flags, type, code, setup } = this.#frames;
    if (setup.columns.time[i]! - slots[at + FIRST]! > setup.settings.activeTimeout) return ACTIVE;
    if (slots[at + STATE] === READY && (flags[i]! & SYN) !== 0) return END;
    if (slots[at + PROTOCOL] !== ICMP) return JOIN;
    return slots[at + TYPE] !== type[i] && slots[at + CODE] !== code[i] ? END : JOIN;
  }

  open(flow: ImitatedFlow, i: number, before: ImitatedFlow | undefined): 'sender' | 'receiver' | 'before' {
    const { slots, at } = flow;
    const { setup, protocol, type, code, flags } = this.#frames;
    const time = setup.columns.time[i]!;
    const connection = flow.object as Connection;
    slots[at + FIRST] = time;
    slots[at + PROTOCOL] = protocol[i]!;
    slots[at + TYPE] = type[i]!;
    slots[at + CODE] = code[i]!;
    const answer = (flags[i]! & (SYN | ACK)) === (SYN | ACK);
    const source = answer ? 'receiver' : 'sender';
    if (before === undefined) {
      connection.key = this.#frames.key(i, !answer);
      return source;
    }
    const old = before.object as Connection;
    connection.key = old.key;
    const gap = time - before.slots[before.at + LAST]!;
    const goesOn =
      (protocol[i] === TCP && !(before.slots[before.at + STATE] === READY && (flags[i]! & SYN) !== 0)) ||
      (protocol[i] === UDP && gap <= setup.settings.activeTimeout);
    if (!goesOn) return source;
    connection.seen = old.seen;
    slots[at + BEFORE] = before.slots[before.at + BEFORE]! + this.#lasted(before) + gap;
    return 'before';
  }

  /** Nanoseconds from a flow's first to its last frame. */
  #lasted({ slots, at }: ImitatedFlow): number {
    return slots[at + LAST]! - slots[at + FIRST]!;
  }

  take(flow: ImitatedFlow, i: number, bySide: boolean): boolean {
    const { slots, at } = flow;
    const { setup, flags, protocol, same } = this.#frames;
    const forward = bySide || same[i] === 1;
    const connection = flow.object as Connection;
    const control = flags[i]!;
    slots[at + LAST] = setup.columns.time[i]!;
    slots[at + FRAMES]! += 1;
    if (slots[at + FRAMES] === 1) this.#frames.flowId[i] = connection.key;
    this.#retransmission[i] = protocol[i] === TCP && this.#repeats(connection, i) ? 1 : 0;
    if ((control & FIN) !== 0) slots[at + (forward ? FORWARD_FINS : BACKWARD_FINS)]! += 1;
    if (slots[at + FRAMES]! > 1) this.#follow(slots, at, control);
    return forward;
  }

  /** True when a segment with the same numbers was seen in the connection. */
  #repeats(connection: Connection, i: number): boolean {
    const { setup, sequence, acknowledgment, window } = this.#frames;
    connection.seen ??= new Segments();
    const length = setup.columns.payloadLength[i]!;
    return connection.seen.add(this.#frames.side(i), sequence[i]!, acknowledgment[i]!, length, window[i]!);
  }

  #follow(slots: Float64Array, at: number, control: number): void {
    const state = slots[at + STATE];
    if ((control & FIN) !== 0) {
      if (state === NONE) slots[at + STATE] = ONE_FIN;
      else if (state === ONE_FIN && slots[at + FORWARD_FINS]! > 0 && slots[at + BACKWARD_FINS]! > 0)
        slots[at + STATE] = BOTH_FINS;
    } else if ((control & RST) !== 0) slots[at + STATE] = READY;
    else if ((control & ACK) !== 0 && state === BOTH_FINS) slots[at + STATE] = READY;
  }

  finish(flow: ImitatedFlow, facts: FlowFacts): boolean {
    const { slots, at } = flow;
    const connected = slots[at + PROTOCOL] === TCP || slots[at + PROTOCOL] === UDP;
    facts.extra[0] = connected ? (slots[at + BEFORE]! + this.#lasted(flow)) / 1e3 : 0;
    return true;
  }
}

/** The corrected fork of CICFlowMeter. */
export const correctedCicflowmeter = defineImitation({
  name: 'cicflowmeter',
  description:
    'CICFlowMeter, corrected fork (GintsEngelen, 4dd5319): packets, key, lengths and cuts; rows in order of time.',
  settings: ['activeTimeout'],
  tick: MICROSECOND,
  monotone: false,
  readSeconds: signedSeconds,
  keyWords: 0,
  values: [
    ...frameValues,
    {
      name: 'cicflowmeter.retransmission',
      description: '1 for a TCP segment whose numbers, payload length and window were seen in the connection, else 0.',
      kind: 'number',
      integer: true,
      of: 'frame',
    },
    {
      name: 'cicflowmeter.icmp_type',
      description: 'ICMP type, -1 for others.',
      kind: 'number',
      integer: true,
      of: 'frame',
    },
    {
      name: 'cicflowmeter.icmp_code',
      description: 'ICMP code, -1 for others.',
      kind: 'number',
      integer: true,
      of: 'frame',
    },
    {
      name: 'cicflowmeter.connection_time',
      description: 'From the first frame of a connection that timeouts cut to the last of this row; TCP and UDP only.',
      kind: 'number',
      unit: 'us',
      integer: true,
      of: 'flow',
    },
  ],
  create: (setup) => new Run(setup),
});
