import type { SourceStatistics } from '../../../core/declare/source.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** What is noted about one input while it is read. */
export class InputLog {
  readonly name: string;
  format: string;
  frames = 0;
  blocksSkipped = 0;
  readonly drops: Mutable<SourceStatistics['drops']> = { kernel: null, interface: null, application: null };
  #damaged: SourceStatistics['damaged'];
  #moreDamage = 0;

  constructor(name: string, format = '') {
    this.name = name;
    this.format = format;
  }

  /** Notes that something at `offset` could not be read. The first place is reported, later ones are counted. */
  damage(offset: number, reason: string): void {
    if (this.#damaged === undefined) this.#damaged = { offset, reason };
    else this.#moreDamage += 1;
  }

  statistics(bytesRead: number, bytesTotal: number | undefined): SourceStatistics {
    const first = this.#damaged;
    const damaged =
      first === undefined || this.#moreDamage === 0
        ? first
        : { offset: first.offset, reason: `${first.reason} (and ${this.#moreDamage} more)` };
    return {
      name: this.name,
      format: this.format,
      frames: this.frames,
      blocksSkipped: this.blocksSkipped,
      bytesRead,
      bytesTotal,
      damaged,
      drops: { ...this.drops },
    };
  }
}
