import type { SourceOptions, SourceStatistics } from '../../../core/declare/source.ts';
import type { PacketloomError } from '../../../core/errors.ts';
import type { FrameBatch } from '../../../core/frame/batch.ts';
import type { InterfaceList } from '../../../core/run/interface-list.ts';
import type { Capturer } from './capturer.ts';
import { type Fault, openingError } from './fault.ts';
import { InterfaceWatch, type Presence } from './interface-watch.ts';
import { LiveSession, together } from './live-session.ts';

/** Milliseconds that the kernel's timer may be late. */
const MARGIN = 50;
/** Looks between two questions for losses, and before the first one: the program must be ready to hear it. */
const LOOKS = 4;

const WENT: Readonly<Partial<Record<Presence, string>>> = {
  down: 'the interface went down',
  gone: 'the interface is gone',
  replaced: 'the interface was replaced by another of its name',
};

/** One interface, for as long as the run: when it goes away it is waited for and captured from again. */
export class LiveInput {
  readonly name: string;
  /** Why it cannot go on. */
  failure: PacketloomError | undefined;
  /** It will have no more frames. */
  ended = false;
  readonly #capturer: Capturer;
  readonly #options: SourceOptions;
  readonly #interfaces: InterfaceList;
  readonly #watch: InterfaceWatch;
  #session: LiveSession | undefined;
  /** The session has been heard. */
  #heard = false;
  /** What the sessions before it amount to. */
  #before: SourceStatistics | undefined;
  #stopping = false;
  #interruptions = 0;
  /** Since when the interface is away. */
  #away: number | undefined;
  #looks = 0;

  constructor(capturer: Capturer, name: string, interfaces: InterfaceList, options: SourceOptions) {
    this.name = name;
    this.#capturer = capturer;
    this.#options = options;
    this.#interfaces = interfaces;
    this.#watch = new InterfaceWatch(name);
    this.#begin();
  }

  #begin(): void {
    this.#heard = false;
    this.#looks = 0;
    this.#session = new LiveSession(this.#capturer, this.name, this.#interfaces, this.#options);
  }

  /** Resolves when the interface has been opened, or cannot be. */
  async opened(): Promise<void> {
    const { input } = this.#session!.child;
    // The first bytes, the head of a capture, are written when the interface has been opened.
    while (!input.fill() && !input.ended) await input.ready();
    if (input.ended) {
      this.#session!.dry = true;
      await this.settle();
    } else this.#hear();
  }

  /** Frames; -1 when there is none now. */
  read(batch: FrameBatch): number {
    const session = this.#session;
    if (session === undefined || session.dry) return -1;
    const got = session.read(batch);
    if (!this.#heard && session.heard) this.#hear();
    return got === 0 ? -1 : got;
  }

  #hear(): void {
    this.#heard = true;
    const first = this.#before === undefined && this.#interruptions === 0;
    this.#watch.opened();
    if (!first) this.#isBack();
  }

  /** Something may be there to read, or to settle. */
  ready(): Promise<void> | undefined {
    const session = this.#session;
    return session === undefined || session.dry ? undefined : session.child.input.ready();
  }

  /** A capture whose bytes have all been read ends: with the run, with a fault, or until its interface is back. */
  async settle(): Promise<void> {
    const session = this.#session;
    if (session === undefined || !session.dry) return;
    const fault = await session.conclude();
    if (this.#session !== session) return;
    this.#session = undefined;
    const presence = this.#watch.look();
    const again = this.#interruptions > 0 && !this.#heard;
    if (!again) this.#keep(session, fault);
    if (fault === undefined || this.#stopping) this.ended = true;
    else if (fault.kind === 'away' && (this.#heard || again)) this.#goesAway(presence);
    else if (!(fault.kind === 'absent' && again)) {
      this.ended = true;
      this.failure = await this.#errorOf(fault);
    }
  }

  #keep(session: LiveSession, fault: Fault | undefined): void {
    const statistics = session.statistics();
    // A capture that ended with its interface may end in half a record: nothing is wrong with what was read.
    const damaged = fault?.kind === 'away' ? undefined : statistics.damaged;
    this.#before = together(this.#before, { ...statistics, damaged });
  }

  #errorOf(fault: Fault): Promise<PacketloomError> {
    const { name: source, grant, list } = this.#capturer;
    const { filter } = this.#options;
    const names = async () => (await list()).map(({ name }) => name);
    return openingError(fault, { source, interface: this.name, filter, grant, list: names });
  }

  /** Looks, every second, whether the interface is there. */
  look(): void {
    if (this.ended || this.#stopping) return;
    const presence = this.#watch.look();
    if (this.#session === undefined) {
      if (presence !== 'down' && presence !== 'gone') this.#begin();
    } else if (this.#heard) {
      this.#looks += 1;
      this.#session.listen(this.#looks % LOOKS === 0);
      if (presence === 'up') this.#isBack();
      else if (presence !== 'unknown') this.#goesAway(presence);
    }
  }

  #goesAway(presence: Presence): void {
    if (this.#away !== undefined) return;
    this.#away = performance.now();
    this.#interruptions += 1;
    this.#report(`${WENT[presence] ?? WENT.down}; capturing goes on when it is back`);
  }

  #isBack(): void {
    if (this.#away === undefined) return;
    const seconds = (performance.now() - this.#away) / 1000;
    this.#away = undefined;
    this.#report(`the interface is back after ${seconds.toFixed(1)} s; capturing goes on`);
  }

  #report(line: string): void {
    this.#options.report?.(`${this.name}: ${line}`);
  }

  /**
   * Captures no more, when all that the interface has received by now has been handed over; that can still be read.
   * @param now without waiting for it
   */
  stop(now = false): void {
    const session = this.#session;
    if (session === undefined) this.ended = true;
    else if (now) session.child.stop();
    else if (!this.#stopping) setTimeout(() => session.child.stop(), this.#capturer.wait + MARGIN).unref();
    this.#stopping = true;
  }

  /** Ends it without reading on. */
  async close(): Promise<void> {
    this.stop(true);
    const session = this.#session;
    if (session === undefined) return;
    await session.child.drain();
    session.dry = true;
    await this.settle();
  }

  statistics(): SourceStatistics {
    const current = this.#session?.statistics();
    const own = this.#heard && current !== undefined ? together(this.#before, current) : (this.#before ?? current)!;
    const { drops } = own;
    return {
      ...own,
      source: this.#capturer.name,
      received: this.#watch.received,
      interruptions: this.#interruptions,
      away: this.#away !== undefined,
      drops: { ...drops, interface: drops.interface ?? this.#watch.missed },
    };
  }
}
