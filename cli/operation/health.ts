import type { OutputState } from '../../core/output/outputs.ts';
import type { RunView } from './run-view.ts';

/** Rows that were dropped so long ago are no fault of now, in milliseconds. */
const RECENT = 60_000;

/** How a run is doing. */
export interface Health {
  readonly status: 'starting' | 'ok' | 'degraded';
  /** What is wrong now, a sentence each. */
  readonly problems: readonly string[];
  /** When the program began, ISO 8601. */
  readonly since: string;
  /** Latest time of a frame, Unix seconds with nine decimals; null before the first. */
  readonly lastFrame: string | null;
  readonly frames: number;
  readonly sources: readonly { readonly name: string; readonly format: string; readonly state: SourceState }[];
  readonly sinks: readonly {
    readonly sink: string;
    readonly target: string;
    readonly state: 'ok' | 'retrying' | 'failed';
    readonly rows: number;
    readonly lost: number;
    readonly waiting: number;
    readonly spooled: number;
  }[];
}

type SourceState = 'open' | 'damaged' | 'away';

const stateOf = ({ failure, retrying }: OutputState) =>
  failure !== undefined ? 'failed' : retrying !== undefined ? 'retrying' : 'ok';

/** Looks at a run from time to time and says how it is. */
export class HealthWatch {
  readonly #view: RunView;
  #lost = 0;
  #lostAt = Number.NEGATIVE_INFINITY;

  constructor(view: RunView) {
    this.#view = view;
  }

  /** Notices rows that are being dropped; to be called about once a second. `now` is milliseconds since 1970. */
  look(now = Date.now()): void {
    const lost = this.#view
      .outputs()
      .reduce((sum, one) => sum + (one.failure === undefined ? (one.lost?.rows ?? 0) : 0), 0);
    if (lost > this.#lost) this.#lostAt = now;
    this.#lost = lost;
  }

  /** How the run is now. */
  health(now = Date.now()): Health {
    this.look(now);
    const run = this.#view.state();
    const outputs = this.#view.outputs();
    const sources = (run?.inputs ?? []).map(({ name, format, damaged, away }) => ({
      name,
      format,
      state: away === true ? ('away' as const) : damaged === undefined ? ('open' as const) : ('damaged' as const),
    }));
    const problems = [
      ...sources.filter(({ state }) => state === 'away').map(({ name }) => `interface ${name} is away`),
      ...outputs.flatMap(({ sink, target, failure, retrying }) => {
        if (failure !== undefined) return [`output ${sink} ${target} has failed: ${failure}`];
        return retrying === undefined ? [] : [`output ${sink} ${target} is being tried again: ${retrying}`];
      }),
      ...(now - this.#lostAt < RECENT ? ['rows are being dropped: an output is too slow'] : []),
    ];
    return {
      status: run === undefined ? 'starting' : problems.length > 0 ? 'degraded' : 'ok',
      problems,
      since: new Date(this.#view.since).toISOString(),
      lastFrame: run?.time.last ?? null,
      frames: run?.frames.read ?? 0,
      sources,
      sinks: outputs.map((one) => ({
        sink: one.sink,
        target: one.target,
        state: stateOf(one),
        rows: one.rows,
        lost: one.lost?.rows ?? 0,
        waiting: one.waiting,
        spooled: one.spooled,
      })),
    };
  }
}
