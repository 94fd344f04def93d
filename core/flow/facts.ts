import type { FlowFacts } from '../expression/program.ts';
import { EXCHANGE, ONE_WAY, PORTS } from '../frame/frame.ts';
import { IdentityHash } from './identity.ts';
import { addressPlace, BASE_WORDS, type KeyPlan, KIND_WORD, PORT_WORD } from './key.ts';
import {
  AGAIN,
  BASE,
  BORN,
  type FlowStore,
  FRAMES,
  KEY,
  LAST,
  REASON,
  SEGMENT,
  START,
  STATE,
  SYN_BACKWARD,
  SYN_FORWARD,
} from './store.ts';
import { SWAPPED } from './tcp-end.ts';

const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

/** Reads what a row needs from a record. One object is reused. */
export class FlowFactsReader {
  readonly #store: FlowStore;
  readonly #plan: KeyPlan;
  readonly #hash = new IdentityHash();
  readonly #facts: FlowFacts;

  constructor(store: FlowStore, plan: KeyPlan) {
    this.#store = store;
    this.#plan = plan;
    this.#facts = {
      start: 0,
      end: 0,
      duration: 0,
      frames: 0,
      segment: 0,
      endReason: 0,
      base: 0,
      addressLength: 0,
      sourceWords: new Uint32Array(4),
      destinationWords: new Uint32Array(4),
      sourcePort: 0,
      destinationPort: 0,
      portKind: 0,
      protocol: 0,
      idHigh: 0,
      idLow: 0,
      extra: new Float64Array(plan.fields.length),
    };
  }

  read(slot: number): FlowFacts {
    const store = this.#store;
    const facts = this.#facts;
    const page = store.floatPage(slot);
    const at = store.floatAt(slot);
    facts.start = page[at + START]!;
    facts.end = page[at + LAST]!;
    facts.duration = facts.end - facts.start;
    facts.frames = page[at + FRAMES]!;
    facts.base = page[at + BASE]!;
    const integers = store.integerPage(slot);
    const integerAt = store.integerAt(slot);
    facts.segment = integers[integerAt + SEGMENT]!;
    facts.endReason = integers[integerAt + REASON]!;
    const key = integerAt + KEY;
    const swapped = (integers[integerAt + STATE]! & SWAPPED) !== 0;
    for (let i = 0; i < 4; i += 1) {
      facts.sourceWords[i] = integers[key + addressPlace(swapped, i)]!;
      facts.destinationWords[i] = integers[key + addressPlace(!swapped, i)]!;
    }
    const kindWord = integers[key + KIND_WORD]!;
    facts.protocol = kindWord & 0xff;
    facts.portKind = (kindWord >> 8) & 15;
    facts.addressLength = kindWord >> 12;
    if (facts.portKind === PORTS) {
      const ports = integers[key + PORT_WORD]!;
      facts.sourcePort = swapped ? ports & 0xffff : ports >>> 16;
      facts.destinationPort = swapped ? ports >>> 16 : ports & 0xffff;
    } else if (facts.portKind === EXCHANGE || facts.portKind === ONE_WAY) {
      facts.sourcePort = integers[integerAt + SYN_FORWARD]!;
      facts.destinationPort = integers[integerAt + SYN_BACKWARD]!;
    }
    this.#readFields(integers, key, swapped);
    this.#identify(integers, key, page[at + BORN]!, integers[integerAt + AGAIN]!);
    return facts;
  }

  #readFields(integers: Int32Array, key: number, swapped: boolean): void {
    const { fields } = this.#plan;
    for (let i = 0; i < fields.length; i += 1) {
      const place = key + BASE_WORDS + 2 * (swapped ? fields[i]!.other : i);
      halves[0] = integers[place]!;
      halves[1] = integers[place + 1]!;
      this.#facts.extra[i] = number[0] === -1 ? Number.NaN : number[0]!;
    }
  }

  /** flow_id: a hash of (key, level, start of the flow, number among flows with equal key and start). */
  #identify(integers: Int32Array, key: number, born: number, again: number): void {
    const hash = this.#hash;
    const facts = this.#facts;
    hash.begin();
    hash.add(0); // the level of tunnelling: only one so far
    for (let i = 0; i < this.#plan.words; i += 1) hash.add(integers[key + i]!);
    const whole = Math.floor(born / 1e9);
    const seconds = facts.base + whole;
    hash.add(Math.floor(seconds / 0x100000000));
    hash.add(seconds | 0);
    hash.add(born - whole * 1e9);
    hash.add(again);
    hash.finish();
    facts.idHigh = hash.high;
    facts.idLow = hash.low;
  }
}
