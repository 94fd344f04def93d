import { relative, resolve } from 'node:path';
import { expandFeatures } from '../../core/expression/expand.ts';
import type { FeatureRequest } from '../../core/expression/read.ts';
import type { Column } from '../../core/flow/rows.ts';
import { Outputs } from '../../core/output/outputs.ts';
import { rowAdditions, withContents } from '../../core/run/additions.ts';
import { breathing } from '../../core/run/breathe.ts';
import { settle, withAllProblems } from '../../core/run/check.ts';
import { type Configuration, type Layer, pluginNames, readConfiguration } from '../../core/run/configuration.ts';
import { DICTIONARY_SCHEMA, type Dictionary, dictionaryColumns } from '../../core/run/dictionary.ts';
import type { RunResult } from '../../core/run/flow-run.ts';
import { runFlows } from '../../core/run/pipeline.ts';
import { configurationHash, runSummary, summaryText } from '../../core/run/summary.ts';
import { compose } from '../compose.ts';
import type { FlowsOptions } from '../declare-flows.ts';
import { defaultLayer } from '../default-layer.ts';
import { inputsOf } from '../inputs.ts';
import { mergeLayer } from '../merge-layer.ts';
import { Operation } from '../operation/operation.ts';
import { optionsLayer } from '../options-layer.ts';
import { pluginRequests } from '../plugin-requests.ts';
import { printJson } from '../print.ts';
import { ProgressLine } from '../progress.ts';
import { say } from '../report.ts';
import { listenForSignals } from '../signals.ts';
import { packageVersion } from '../version.ts';
import { writeDictionary } from '../write-dictionary.ts';
import { writeSummary } from '../write-summary.ts';

/** The configuration in effect as a file in the current folder would have it: paths of plugins start from here. */
function printable(effective: Configuration, layers: readonly Layer[]): Configuration {
  const plugins = layers.flatMap((layer) =>
    pluginNames(layer).map((name) =>
      /^\.{1,2}[\\/]/.test(name) ? `./${relative(process.cwd(), resolve(layer.base, name))}` : name,
    ),
  );
  return plugins.length === 0 ? effective : { ...effective, plugins };
}

/** True when a run may name a field of an application: something of the user's own has names in it, or all layers count. */
function namesFields(options: FlowsOptions): boolean {
  const { config, plugin, feature, where, keep, key, decodeAs, validate } = options;
  return [config, plugin, feature, where, keep, key, decodeAs, validate].some((one) => one !== undefined);
}

/** `packetloom flows`: rows of flows, from captures or live. Sets the exit code. */
export async function runFlowsCommand(captures: readonly string[], options: FlowsOptions): Promise<void> {
  const started = performance.now();
  const file = options.config === undefined ? [] : [readConfiguration(options.config)];
  const { registry, shapeCheck } = await compose(pluginRequests(file, options.plugin), namesFields(options));
  const layers = [defaultLayer(file), ...mergeLayer(options), ...file, optionsLayer(options, registry)];
  const check = await shapeCheck();
  const settled = settle(registry, check, layers);
  if (options.printConfig === true) {
    printJson(printable(settled.effective, layers));
    return;
  }
  const inputs = inputsOf(captures, options, registry);
  for (const note of settled.notes) say(`note: ${note}`);
  const quiet = options.quiet === true;
  const progress = !quiet && process.stderr.isTTY ? new ProgressLine(inputs.live ? 0 : captures.length) : undefined;
  const additions = rowAdditions(settled.additions);
  const hash = configurationHash(withContents(settled.effective, additions));
  const dictionaryOf = (columns: readonly Column[], features: readonly FeatureRequest[]): Dictionary => ({
    schema: DICTIONARY_SCHEMA,
    version: packageVersion(),
    configuration: hash,
    columns: dictionaryColumns(registry, features, columns),
  });
  const outputs = new Outputs(settled.sinks, registry, {
    precision: settled.precision,
    live: inputs.live,
    configuration: hash,
    report: say,
  });
  const summaryOf = (soFar: Omit<RunResult, 'stopped'>) =>
    runSummary(soFar, {
      version: packageVersion(),
      configuration: hash,
      seconds: Math.round(performance.now() - started) / 1000,
      outputs: outputs.summary(),
    });
  const operation = new Operation({
    metrics: options.metrics,
    user: options.user,
    live: inputs.live,
    quiet,
    outputs,
    statistics: (state) => summaryText(summaryOf(state)),
  });
  const signals = listenForSignals(operation);
  let result: RunResult;
  try {
    await operation.begin();
    const wanted = expandFeatures(registry, settled.wanted);
    const features = [...wanted, ...outputs.conditions];
    const reader = breathing(await inputs.open(signals.signal, operation.user));
    try {
      operation.becomeUser();
      result = await runFlows({
        registry,
        reader,
        features,
        settings: settled.settings,
        where: settled.where,
        keep: settled.keep,
        decodeAs: settled.decodeAs,
        validateAll: settled.validateAll,
        imitation: settled.imitation,
        additions,
        open: async (columns, stop) => {
          const { dictionary } = options;
          if (dictionary !== undefined) await writeDictionary(dictionary, dictionaryOf(outputs.shown(columns), wanted));
          return outputs.open(columns, stop);
        },
        ...operation.hooks,
        signal: signals.signal,
        limits: inputs.limits,
        live: inputs.live,
        ...(inputs.lag === undefined ? {} : { lag: inputs.lag }),
        ...(progress === undefined ? {} : { onProgress: (one) => progress.update(one) }),
      });
    } finally {
      await reader.close();
    }
  } catch (error) {
    throw withAllProblems(error, registry, check, layers);
  } finally {
    progress?.clear();
    operation.end();
    signals.dispose();
  }
  const summary = summaryOf(result);
  const damaged = summary.inputs.filter((one) => one.damaged !== undefined);
  for (const { name, damaged: fault } of damaged) say(`${name}: damaged at byte ${fault!.offset}: ${fault!.reason}`);
  if (!quiet && (result.stopped !== 'pipe' || outputs.failure !== undefined))
    process.stderr.write(summaryText(summary));
  if (options.summary !== undefined) await writeSummary(options.summary, summary);
  if (outputs.failure !== undefined) throw outputs.failure;
  if (result.failure !== undefined) throw result.failure;
  // An interrupted live run is a run that was ended; one over files is not complete.
  if (signals.code !== undefined && !inputs.live && result.stopped === 'signal') process.exitCode = signals.code;
  else if (damaged.length > 0) process.exitCode = 3;
}
