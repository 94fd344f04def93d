import type { OutputState, Outputs } from '../../core/output/outputs.ts';
import type { FlowRun, RunState } from '../../core/run/flow-run.ts';
import { grouped } from '../../core/run/summary.ts';
import { say, tell } from '../report.ts';
import type { Requests } from '../signals.ts';
import { ClockReport } from './clock-report.ts';
import { type MetricsAddress, metricsAddress } from './metrics-address.ts';
import type { MetricsServer } from './metrics-server.ts';
import { becomeUser, type RunUser, userOption } from './privileges.ts';
import { type RunView, shownTarget } from './run-view.ts';

const LOOK_MILLISECONDS = 1000;

/** What the operation of a run needs to know. */
export interface OperationOptions {
  /** `--metrics` */
  readonly metrics: string | undefined;
  /** `--user` */
  readonly user: string | undefined;
  readonly live: boolean;
  /** Does not say where metrics are, unless nobody else knows. */
  readonly quiet: boolean;
  readonly outputs: Pick<Outputs, 'states' | 'requestRotation'>;
  /** The statistics of the run so far, for people. */
  statistics(state: RunState): string;
}

/** What goes on beside a run: metrics and health, requests by signal, steps of time, the user it becomes. */
export class Operation implements RunView, Requests {
  readonly since = Date.now();
  readonly live: boolean;
  /** Whom the program becomes when all is open; undefined for nobody else. */
  readonly user: RunUser | undefined;
  readonly #options: OperationOptions;
  readonly #address: MetricsAddress | undefined;
  readonly #clock = new ClockReport((line) => say(line));
  #state: (() => RunState) | undefined;
  #server: MetricsServer | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @throws PacketloomError `usage` for an option that is wrong */
  constructor(options: OperationOptions) {
    const { metrics, user, live } = options;
    this.#options = options;
    this.live = live;
    this.#address = metrics === undefined ? undefined : metricsAddress(metrics);
    this.user = user === undefined ? undefined : userOption(user);
  }

  /**
   * Begins to serve metrics, and to look at the clock of a live run.
   * @throws PacketloomError `device` when the address cannot be had
   */
  async begin(): Promise<void> {
    if (this.live) {
      this.#clock.system();
      this.#timer = setInterval(() => this.#clock.system(), LOOK_MILLISECONDS);
      this.#timer.unref();
    }
    if (this.#address === undefined) return;
    const { serveMetrics } = await import('./metrics-server.ts');
    this.#server = await serveMetrics(this.#address, this);
    if (!this.#options.quiet || this.#address.port === 0)
      say(`metrics: ${this.#server.url}/metrics, health: ${this.#server.url}/health`);
  }

  /** Gives up the rights of root, where that is asked for: devices and ports are open. */
  becomeUser(): void {
    if (this.user !== undefined) becomeUser(this.user);
  }

  /** What a run tells as it goes on. */
  get hooks(): Pick<FlowRun, 'observe' | 'onClockStep'> {
    return {
      observe: (state) => {
        this.#state = state;
      },
      ...(this.live ? { onClockStep: (step) => this.#clock.frames(step) } : {}),
    };
  }

  state(): RunState | undefined {
    return this.#state?.();
  }

  outputs(): readonly OutputState[] {
    const states = this.#options.outputs.states();
    return states.map((state) => ({ ...state, target: shownTarget(state.target) }));
  }

  rotate(): void {
    if (!this.#options.outputs.requestRotation()) say('SIGHUP: no output of this run rotates; the run goes on');
  }

  report(): void {
    const state = this.state();
    if (state === undefined) say('SIGUSR1: nothing has been read yet');
    else tell(`packetloom: so far, with ${grouped(state.openFlows)} flows open:\n${this.#options.statistics(state)}`);
  }

  end(): void {
    clearInterval(this.#timer);
    this.#server?.close();
  }
}
