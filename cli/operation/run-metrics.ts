import { Counter, Gauge, Registry } from 'prom-client';
import type { SourceStatistics } from '../../core/declare/source.ts';
import type { OutputState } from '../../core/output/outputs.ts';
import type { RunState } from '../../core/run/flow-run.ts';
import { packageVersion } from '../version.ts';
import type { RunView } from './run-view.ts';

/** One value of a metric with its labels. */
type Sample = readonly [labels: Readonly<Record<string, string>>, value: number | null];

/** Metrics of one moment. A value that nobody knows has no series: a 0 would be a claim. */
class Moment {
  readonly registry = new Registry();

  counter(name: string, help: string, samples: readonly Sample[]): void {
    this.#add(Counter, `packetloom_${name}_total`, help, samples);
  }

  gauge(name: string, help: string, samples: readonly Sample[]): void {
    this.#add(Gauge, `packetloom_${name}`, help, samples);
  }

  #add(kind: typeof Counter | typeof Gauge, name: string, help: string, samples: readonly Sample[]): void {
    const known = samples.flatMap(([labels, value]) => (value === null ? [] : [{ labels, value }]));
    if (known.length === 0) return;
    const labelNames = Object.keys(known[0]!.labels);
    const metric = new kind({ name, help, labelNames, registers: [this.registry] });
    for (const { labels, value } of known) metric.inc(labels, value);
  }
}

const one = (value: number | null): readonly Sample[] => [[{}, value]];

/** A sample for each name of a group of counts. */
const each = (label: string, counts: Readonly<Record<string, number | null>>): readonly Sample[] =>
  Object.entries(counts).map(([name, count]) => [{ [label]: name }, count]);

const secondsOf = (time: string | null): number | null => (time === null ? null : Number(time));

function addRun(moment: Moment, run: RunState): void {
  const { frames, flows, fragments, disorder, inputs } = run;
  moment.counter('frames_read', 'Frames read.', one(frames.read));
  moment.counter('frames_used', 'Frames that became part of a flow.', one(frames.used));
  moment.counter('frames_skipped', 'Frames skipped, by reason.', each('reason', frames.skipped));
  moment.counter('bytes', 'Bytes on the wire of all frames read.', one(run.bytes));
  moment.counter('drops', 'Frames lost before they were read, by who lost them.', each('kind', run.drops));
  moment.counter('blocks_skipped', 'Blocks of captures that are no frames and were passed over.', [
    [{}, inputs.reduce((sum, { blocksSkipped }) => sum + blocksSkipped, 0)],
  ]);
  moment.gauge('inputs_damaged', 'Inputs that are damaged.', [
    [{}, inputs.filter(({ damaged }) => damaged !== undefined).length],
  ]);
  moment.gauge('flows_open', 'Flows open now.', one(run.openFlows));
  moment.counter('flows_ended', 'Flows and segments of flows that have ended, by reason.', [
    ...each('reason', flows.byEndReason),
  ]);
  moment.counter('rows', 'Rows made of flows that have ended.', one(flows.rows));
  moment.counter('snapshots', 'Rows made of flows that went on.', one(flows.snapshots));
  moment.counter('rows_not_kept', 'Rows left out by "keep".', one(flows.notKept));
  moment.counter('fragments_joined', 'IP fragments joined to their flow.', one(fragments.joined));
  moment.counter('fragments_unmatched', 'IP fragments without the first of their packet.', one(fragments.unmatched));
  moment.counter('anomalies', 'Anomalies, by code.', each('code', run.anomalies));
  moment.counter('frames_disordered', 'Frames behind the run clock.', one(disorder.frames));
  moment.counter('frames_reordered', 'Frames put in their place in time.', one(disorder.reordered));
  moment.counter('clock_steps', 'Steps of the run clock back in time.', one(disorder.steps));
  moment.gauge('run_clock_timestamp_seconds', 'The run clock, which ends flows.', one(secondsOf(run.clock)));
  moment.gauge('last_frame_timestamp_seconds', 'Latest time of a frame.', one(secondsOf(run.time.last)));
}

/** What is known of each interface; files are not told apart: there may be any number of them. */
function addSources(moment: Moment, { inputs }: RunState): void {
  const of = (value: (input: SourceStatistics) => number | undefined): readonly Sample[] =>
    inputs.map((input) => [{ source: input.name }, value(input) ?? null]);
  moment.counter(
    'source_frames',
    'Frames read from the interface.',
    of(({ frames }) => frames),
  );
  moment.counter(
    'source_received',
    'Frames that the interface itself has counted.',
    of(({ received }) => received ?? undefined),
  );
  moment.counter(
    'source_drops',
    'Frames of the interface lost before they were read, by who lost them.',
    inputs.flatMap(({ name, drops }) => Object.entries(drops).map(([kind, lost]) => [{ source: name, kind }, lost])),
  );
  moment.counter(
    'source_interruptions',
    'How often the interface went away, or its capture was cut.',
    of(({ interruptions }) => interruptions),
  );
  moment.gauge(
    'source_away',
    '1 while the interface is away and is waited for.',
    of(({ away }) => (away === undefined ? undefined : away ? 1 : 0)),
  );
}

function addOutputs(moment: Moment, outputs: readonly OutputState[]): void {
  const of = (value: (output: OutputState) => number): readonly Sample[] =>
    outputs.map((output) => [{ sink: output.sink, target: output.target }, value(output)]);
  moment.counter(
    'sink_rows',
    'Rows in the output.',
    of(({ rows }) => rows),
  );
  moment.counter(
    'sink_rows_lost',
    'Rows that the output should have got and has not.',
    of(({ lost }) => lost?.rows ?? 0),
  );
  moment.gauge(
    'sink_rows_waiting',
    'Rows in memory on their way to the output.',
    of(({ waiting }) => waiting),
  );
  moment.gauge(
    'sink_rows_spooled',
    'Rows on disk that go out later.',
    of(({ spooled }) => spooled),
  );
  moment.gauge(
    'sink_retrying',
    '1 while a delivery that has failed is tried again.',
    of(({ retrying }) => (retrying === undefined ? 0 : 1)),
  );
  moment.gauge(
    'sink_failed',
    '1 when the output has failed for good.',
    of(({ failure }) => (failure === undefined ? 0 : 1)),
  );
}

/** The metrics of a run at this moment, for Prometheus. */
export function runMetrics(view: RunView): Registry {
  const moment = new Moment();
  moment.gauge('build_info', 'Version of the program and of Node.', [
    [{ version: packageVersion(), node: process.version }, 1],
  ]);
  const run = view.state();
  if (run !== undefined) addRun(moment, run);
  if (run !== undefined && view.live) addSources(moment, run);
  addOutputs(moment, view.outputs());
  return moment.registry;
}
