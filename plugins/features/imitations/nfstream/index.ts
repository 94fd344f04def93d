import {
  defineImitation,
  type ImitatedFlow,
  type ImitationRun,
  type ImitationSetup,
  JOIN,
} from '../../../../core/declare/imitation.ts';
import type { FlowFacts } from '../../../../core/expression/program.ts';
import type { Frame } from '../../../../core/frame/frame.ts';
import { LinkAddresses } from './link-address.ts';
import { Packet } from './packet.ts';

const MILLISECOND = 1e6;
/** Idle records are looked for when time has moved on by this much. */
const SCAN = 10 * MILLISECOND;
const IDLE = 1;
const ACTIVE = 2;

// Slots of a record.
const FIRST_SEEN = 0;
const LAST_SEEN = 1;

class Run implements ImitationRun {
  readonly slots: readonly number[] = [0, 0];
  readonly times: readonly number[] = [FIRST_SEEN, LAST_SEEN];
  readonly sweepLimit = 1000;
  readonly #packet = new Packet();
  readonly #addresses = new LinkAddresses();
  readonly #setup: ImitationSetup;
  readonly #flags: Float64Array;
  readonly #version: Float64Array;
  readonly #vlan: Float64Array;
  readonly #tunnel: Float64Array;
  readonly #source: (string | null)[];
  readonly #destination: (string | null)[];
  /** Highest time of all packets that counted: time never goes back. */
  #clock = Number.NEGATIVE_INFINITY;
  /** Clock at the last look for idle records. */
  #scanned = Number.NEGATIVE_INFINITY;

  constructor(setup: ImitationSetup) {
    this.#setup = setup;
    this.#flags = setup.numbers('nfstream.tcp_flags');
    this.#version = setup.numbers('nfstream.ip_version');
    this.#vlan = setup.numbers('nfstream.vlan_id');
    this.#tunnel = setup.numbers('nfstream.tunnel_id');
    this.#source = setup.texts('nfstream.src_mac');
    this.#destination = setup.texts('nfstream.dst_mac');
  }

  read(frame: Frame, i: number, whole: number, nanoseconds: number, wire: number): boolean {
    const packet = this.#packet;
    if (!packet.read(frame.bytes, frame.start, frame.capturedEnd, frame.linkType)) return false;
    const { columns, keys } = this.#setup;
    const time = whole + Math.floor(nanoseconds / MILLISECOND) * MILLISECOND;
    if (time > this.#clock) this.#clock = time;
    columns.time[i] = this.#clock;
    columns.frameLength[i] = wire % 65536;
    columns.networkLength[i] = packet.ipSize;
    columns.transportLength[i] = packet.transportSize;
    columns.payloadLength[i] = packet.payloadSize;
    this.#flags[i] = packet.flags;
    this.#version[i] = packet.version;
    this.#vlan[i] = packet.vlan;
    this.#tunnel[i] = packet.tunnel;
    this.#source[i] = this.#addresses.of(packet.source);
    this.#destination[i] = this.#addresses.of(packet.destination);
    keys.more[0] = packet.vlan | (packet.tunnel << 16);
    keys.write(
      i,
      frame.bytes,
      frame.start + packet.addressAt,
      packet.version === 4 ? 4 : 16,
      packet.sourcePort,
      packet.destinationPort,
      packet.protocol,
    );
    return true;
  }

  move(delta: number): void {
    this.#clock += delta;
    this.#scanned += delta;
  }

  meet({ slots, at }: ImitatedFlow, i: number): number {
    const { settings, columns } = this.#setup;
    const time = columns.time[i]!;
    if (time - slots[at + LAST_SEEN]! >= settings.idleTimeout) return IDLE;
    return time - slots[at + FIRST_SEEN]! >= settings.activeTimeout ? ACTIVE : JOIN;
  }

  open({ slots, at }: ImitatedFlow, i: number): 'sender' {
    slots[at + FIRST_SEEN] = this.#setup.columns.time[i]!;
    return 'sender';
  }

  take({ slots, at }: ImitatedFlow, i: number, forward: boolean): boolean {
    slots[at + LAST_SEEN] = this.#setup.columns.time[i]!;
    return forward;
  }

  sweep(i: number): number {
    const time = this.#setup.columns.time[i]!;
    if (time - this.#scanned < SCAN) return Number.NEGATIVE_INFINITY;
    this.#scanned = time;
    return time - this.#setup.settings.idleTimeout;
  }

  finish(_flow: ImitatedFlow, facts: FlowFacts, rows: number): boolean {
    facts.extra[0] = rows;
    return true;
  }
}

/** NFStream 6.5.4 with `decode_tunnels=True` and one meter. */
export const nfstreamImitation = defineImitation({
  name: 'nfstream',
  description:
    'NFStream 6.5.4 with decode_tunnels=True and one meter: parser, clock, key, timeouts and order of records.',
  settings: ['idleTimeout', 'activeTimeout'],
  tick: MILLISECOND,
  monotone: true,
  keyWords: 1,
  values: [
    {
      name: 'nfstream.id',
      description: 'Number of the record, from 0, in the order in which records end.',
      kind: 'number',
      integer: true,
      of: 'flow',
    },
    {
      name: 'nfstream.tcp_flags',
      description: 'Flags of the TCP header, 0 for anything else.',
      kind: 'number',
      integer: true,
      of: 'frame',
    },
    { name: 'nfstream.ip_version', description: '4 or 6.', kind: 'number', integer: true, of: 'frame' },
    {
      name: 'nfstream.vlan_id',
      description: 'Innermost 802.1Q number, 0 for none.',
      kind: 'number',
      integer: true,
      of: 'frame',
    },
    {
      name: 'nfstream.tunnel_id',
      description: '0 none, 1 GTP-U, 2 CAPWAP, 3 TZSP.',
      kind: 'number',
      integer: true,
      of: 'frame',
    },
    { name: 'nfstream.src_mac', description: 'Link address of the sender.', kind: 'address', of: 'frame' },
    { name: 'nfstream.dst_mac', description: 'Link address of the receiver.', kind: 'address', of: 'frame' },
  ],
  create: (setup) => new Run(setup),
});
