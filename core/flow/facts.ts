import { internedName } from '../declare/intern.ts';
import type { FlowFacts } from '../expression/program.ts';
import { EXCHANGE, LINK, ONE_WAY, PORTS } from '../frame/frame.ts';
import { HomeNetworks } from './home-networks.ts';
import { IdentityHash } from './identity.ts';
import { isNumbered, type KeyTexts } from './key-fields.ts';
import type { KeyField, KeyPlan } from './key-plan.ts';
import {
  addressLengthOf,
  addressPlace,
  BASE_WORDS,
  IN_TUNNEL,
  INNERMOST,
  KIND_WORD,
  PORT_WORD,
  TUNNEL_ID_WORD,
  TUNNEL_WORD,
} from './key-words.ts';
import { defaultFlowSettings, type FlowSettings } from './settings.ts';
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
import { REPAIRED, SWAPPED } from './tcp-end.ts';

const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

function addText(hash: IdentityHash, text: string): void {
  for (let i = 0; i < text.length; i += 1) hash.add(text.charCodeAt(i));
  hash.add(-1 - text.length);
}

/** Reads what a row needs from a record. One object is reused. */
export class FlowFactsReader {
  readonly #store: FlowStore;
  readonly #plan: KeyPlan;
  readonly #hash = new IdentityHash();
  readonly #facts: FlowFacts;

  readonly #home: HomeNetworks;
  readonly #tunnels: FlowSettings['tunnels'];
  readonly #texts: KeyTexts | undefined;

  /**
   * @param extra values besides those of the key's fields, for others to fill
   * @param texts those of the key's fields that are no numbers
   */
  constructor(
    store: FlowStore,
    plan: KeyPlan,
    extra = 0,
    settings: FlowSettings = defaultFlowSettings,
    texts?: KeyTexts,
  ) {
    this.#store = store;
    this.#plan = plan;
    this.#home = new HomeNetworks(settings.homeNetworks);
    this.#tunnels = settings.tunnels;
    this.#texts = texts;
    this.#facts = {
      start: 0,
      end: 0,
      duration: 0,
      frames: 0,
      segment: 0,
      endReason: 0,
      repaired: 0,
      snapshot: null,
      base: 0,
      addressLength: 0,
      sourceWords: new Uint32Array(4),
      destinationWords: new Uint32Array(4),
      sourcePort: 0,
      destinationPort: 0,
      portKind: 0,
      protocol: 0,
      mate: 0,
      level: 0,
      sourceHome: Number.NaN,
      destinationHome: Number.NaN,
      communityIdSeed: settings.communityIdSeed,
      samplingInterval: (settings.sampling ?? 1) * (settings.sampled ?? 1),
      idHigh: 0,
      idLow: 0,
      extra: new Float64Array(plan.fields.length + extra),
      extraTexts: new Array<string | null>(plan.fields.length).fill(null),
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
    facts.repaired = (integers[integerAt + STATE]! & REPAIRED) === 0 ? 0 : 1;
    facts.snapshot = null;
    const key = integerAt + KEY;
    const swapped = (integers[integerAt + STATE]! & SWAPPED) !== 0;
    for (let i = 0; i < 4; i += 1) {
      facts.sourceWords[i] = integers[key + addressPlace(swapped, i)]!;
      facts.destinationWords[i] = integers[key + addressPlace(!swapped, i)]!;
    }
    const kindWord = integers[key + KIND_WORD]!;
    facts.portKind = (kindWord >> 8) & 15;
    // Link addresses are no addresses of a network, and what they carry is no IP protocol.
    const link = facts.portKind === LINK;
    facts.protocol = link || !this.#plan.protocol ? -1 : kindWord & 0xff;
    facts.addressLength = link ? 0 : addressLengthOf(kindWord);
    facts.level = this.#tunnels === 'both' ? Number((kindWord & INNERMOST) !== 0) : Number(this.#tunnels === 'inner');
    facts.sourceHome = this.#home.has(facts.sourceWords, facts.addressLength);
    facts.destinationHome = this.#home.has(facts.destinationWords, facts.addressLength);
    if (facts.portKind === PORTS) {
      const ports = integers[key + PORT_WORD]!;
      facts.sourcePort = swapped ? ports & 0xffff : ports >>> 16;
      facts.destinationPort = swapped ? ports >>> 16 : ports & 0xffff;
    } else if (facts.portKind === EXCHANGE || facts.portKind === ONE_WAY) {
      facts.sourcePort = integers[integerAt + SYN_FORWARD]!;
      facts.destinationPort = integers[integerAt + SYN_BACKWARD]!;
      const [one, other] = [integers[key + PORT_WORD]! >>> 16, integers[key + PORT_WORD]! & 0xffff];
      facts.mate = one === facts.sourcePort ? other : one;
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
      const value = number[0] === -1 ? Number.NaN : number[0]!;
      this.#facts.extra[i] = value;
      if (fields[i]!.span) this.#facts.extraTexts[i] = this.#textOf(fields[i]!, value);
    }
  }

  #textOf({ entry: { field } }: KeyField, value: number): string | null {
    if (value !== value) return null;
    if (isNumbered(field)) return this.#texts!.text(value);
    let text = '';
    for (let byte = field.size - 1; byte >= 0; byte -= 1)
      text += String.fromCharCode(Math.floor(value / 256 ** byte) % 256);
    return text;
  }

  /** What the configuration adds to the key, and an imitation; texts as they are, for their numbers differ from run to run. */
  #identifyFields(integers: Int32Array, key: number): void {
    const hash = this.#hash;
    const { fields, words } = this.#plan;
    for (let i = BASE_WORDS; i < words; i += 1) {
      const field = fields[(i - BASE_WORDS) >> 1];
      if (field === undefined || !isNumbered(field.entry.field)) hash.add(integers[key + i]!);
      else if (((i - BASE_WORDS) & 1) === 1) {
        halves[0] = integers[key + i - 1]!;
        halves[1] = integers[key + i]!;
        if (number[0]! >= 0) addText(hash, this.#texts!.text(number[0]!));
      }
    }
  }

  /** flow_id: a hash of (key, level, start of the flow, number among flows with equal key and start). */
  #identify(integers: Int32Array, key: number, born: number, again: number): void {
    const hash = this.#hash;
    const facts = this.#facts;
    hash.begin();
    const kind = integers[key + KIND_WORD]!;
    hash.add((kind & INNERMOST) === 0 ? 0 : 1);
    for (let i = 0; i < TUNNEL_WORD; i += 1) hash.add(integers[key + i]!);
    if ((kind & IN_TUNNEL) !== 0) {
      addText(hash, internedName('dissector', integers[key + TUNNEL_WORD]!) ?? '');
      hash.add(integers[key + TUNNEL_ID_WORD]!);
    }
    this.#identifyFields(integers, key);
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
