import { PacketloomError } from '../../core/errors.ts';
import { explainedFeatures } from '../../core/explain/explained-features.ts';
import { explanationText } from '../../core/explain/explanation-text.ts';
import { ExplainWatch } from '../../core/explain/flow-watch.ts';
import { expandFeatures } from '../../core/expression/expand.ts';
import { rowAdditions } from '../../core/run/additions.ts';
import { breathing } from '../../core/run/breathe.ts';
import { settle, withAllProblems } from '../../core/run/check.ts';
import { readConfiguration } from '../../core/run/configuration.ts';
import { runFlows } from '../../core/run/pipeline.ts';
import { compose } from '../compose.ts';
import type { ExplainOptions } from '../declare-explain.ts';
import { defaultLayer } from '../default-layer.ts';
import { inputsOf } from '../inputs.ts';
import { optionsLayer } from '../options-layer.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { print, printJson } from '../print.ts';
import { optionError, reportDamage, startCommand } from '../report.ts';
import { listenForSignals } from '../signals.ts';

/** `ad56a67c2ed7ad27`, `ad56a67c2ed7ad27/2`. */
function rowOption(text: string): { readonly flowId: string; readonly segment: number } {
  const match = /^([0-9a-f]{16})(?:\/(\d{1,9}))?$/i.exec(text);
  if (match === null) {
    throw optionError(
      `--flow ${text}: expected a flow_id, 16 hexadecimal digits, with /segment behind it where it is not 0`,
    );
  }
  return { flowId: match[1]!.toLowerCase(), segment: Number(match[2] ?? 0) };
}

/** `packetloom explain`: the frames and steps behind numbers of one row. Sets the exit code. */
export async function runExplainCommand(captures: readonly string[], options: ExplainOptions): Promise<void> {
  startCommand('explain');
  const row = rowOption(options.flow);
  const file = options.config === undefined ? [] : [readConfiguration(options.config)];
  const { registry, shapeCheck } = await compose(pluginRequests(file, options.plugin));
  const { feature: wishes, ...rest } = options;
  const layers = [defaultLayer(file, []), ...file, optionsLayer(rest, registry)];
  const check = await shapeCheck();
  const settled = settle(registry, check, layers);
  const { count, merge } = options;
  const wantedInputs = { ...(count === undefined ? {} : { count }), ...(merge === undefined ? {} : { merge }) };
  const inputs = inputsOf(captures, wantedInputs, registry);
  const signals = listenForSignals();
  try {
    const { requests, places } = explainedFeatures(registry, expandFeatures(registry, settled.wanted), wishes);
    const { anonymizer } = rowAdditions({ ...settled.additions, labels: undefined });
    const watch = new ExplainWatch({ ...row, features: places, precision: settled.precision, anonymizer });
    const reader = breathing(await inputs.open(signals.signal));
    const result = await runFlows({
      registry,
      reader,
      features: requests,
      settings: settled.settings,
      where: settled.where,
      keep: settled.keep,
      decodeAs: settled.decodeAs,
      validateAll: settled.validateAll,
      imitation: settled.imitation,
      additions: { anonymizer },
      watch,
      open: async () => [],
      signal: signals.signal,
      limits: inputs.limits,
    });
    const explanation = watch.explanation();
    const damaged = reportDamage(reader);
    if (explanation === undefined) {
      const why =
        watch.segments > 0
          ? `the flow has ${watch.segments === 1 ? 'one row' : `${watch.segments} rows`}, and no segment ${row.segment}`
          : `no such flow among the ${result.flows.rows} rows of this run; flow_id depends on the options of the run`;
      throw new PacketloomError('usage', `explain: --flow ${options.flow}: ${why}`);
    }
    if (options.json === true) printJson(explanation);
    else print(explanationText(explanation));
    if (signals.code !== undefined && result.stopped === 'signal') process.exitCode = signals.code;
    else if (damaged) process.exitCode = 3;
  } catch (error) {
    throw withAllProblems(error, registry, check, layers);
  } finally {
    signals.dispose();
  }
}
