import type { Registry } from '../core/declare/registry.ts';
import type { Sink } from '../core/declare/sink.ts';
import { nearest } from '../core/expression/nearest.ts';
import {
  type Configuration,
  type FeatureConfiguration,
  type FlowConfiguration,
  type Layer,
  pointerOf,
  type SinkConfiguration,
  valueLayer,
} from '../core/run/configuration.ts';
import { DURATION_PATTERN } from '../core/run/duration.ts';
import type { FlowsOptions } from './declare-flows.ts';
import { optionError } from './report.ts';
import { withRotation } from './rotate-option.ts';

/** A whole number from 1 that an option states. */
export function wholeNumber(option: string, text: string): number {
  if (!/^[0-9]+$/.test(text) || !(Number(text) >= 1) || !Number.isSafeInteger(Number(text))) {
    throw optionError(`${option} ${text}: expected a whole number from 1`);
  }
  return Number(text);
}

/** `name=expression` splits at the first `=` after a name; anything else is a named feature. */
export function featureOption(text: string): FeatureConfiguration {
  const match = /^\s*([A-Za-z_][\w.-]*)\s*=(?!=)(.*)$/s.exec(text);
  if (match !== null) return { name: match[1]!, value: match[2]!.trim() };
  if (!/^[\w.-]+$/.test(text)) throw optionError(`--feature ${text}: expected a named feature or name=expression`);
  return text;
}

/** A preset, with options behind a colon: `nfstream:splt=0,accountingMode=1`. */
export function presetOption(text: string): FeatureConfiguration {
  const [, preset = text, written] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  if (written === undefined) return { preset };
  const options = written.split(',').map((one) => {
    const [, name, value] = /^\s*([\w-]+)=(true|false|\d+)\s*$/.exec(one) ?? [];
    if (name === undefined) throw optionError(`--preset ${text}: expected <preset>:<option>=<value>,...`);
    return [name, value === 'true' || value === 'false' ? value === 'true' : Number(value)] as const;
  });
  return { preset, options: Object.fromEntries(options) };
}

/** Words with commas between them. */
const listOption = (text: string): string[] => text.split(',').map((part) => part.trim());

/** `7,20,10s`: whole numbers are frames, one may be a duration. */
function windowOption(option: string, text: string): { frames: number[]; time: string | undefined } {
  const parts = text.split(',').map((part) => part.trim());
  const isNumber = (part: string) => /^[0-9]+$/.test(part);
  const times = parts.filter((part) => !isNumber(part));
  if (times.length > 1 || times.some((part) => !new RegExp(DURATION_PATTERN).test(part))) {
    throw optionError(`${option} ${text}: expected numbers of frames and one duration, with commas, such as 7,10s`);
  }
  return { frames: parts.filter(isNumber).map(Number), time: times[0] };
}

function duplicatesOption(text: string): NonNullable<FlowConfiguration['duplicates']> {
  const { frames, time } = windowOption('--duplicates', text);
  if (frames.length > 1) throw optionError(`--duplicates ${text}: expected one number of frames at most`);
  return { ...(frames.length > 0 ? { frames: frames[0]! } : {}), ...(time === undefined ? {} : { time }) };
}

function snapshotOption(text: string): NonNullable<FlowConfiguration['snapshot']> {
  const { frames, time } = windowOption('--snapshot', text);
  return { ...(frames.length > 0 ? { frames } : {}), ...(time === undefined ? {} : { time }) };
}

/** `udp.port=5353,dns`, also with Wireshark's two equals signs. */
function decodeAsOption(text: string): NonNullable<Configuration['decodeAs']>[number] {
  const match = /^([\w.-]+)==?(0x[0-9a-f]+|\d+),([\w.-]+)$/i.exec(text);
  if (match === null) throw optionError(`--decode-as ${text}: expected <table>=<number>,<dissector>`);
  return { table: match[1]!, number: Number(match[2]), dissector: match[3]! };
}

/** A value of a URL's parameter as the option's schema wants it; text where that does not say. */
function parameterValue(text: string, schema: { readonly type?: unknown }): unknown {
  if (schema.type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true';
  if ((schema.type === 'integer' || schema.type === 'number') && /^-?[0-9]+(\.[0-9]+)?$/.test(text))
    return Number(text);
  return text;
}

/** A URL without the parameters that are options of the sink, and those options. Several hosts may stand in it. */
function urlOutput(sink: Sink, target: string): SinkConfiguration {
  const [, base, query = ''] = /^([^?]*)(?:\?(.*))?$/s.exec(target)!;
  const parameters = new URLSearchParams(query);
  const properties = (sink.options.properties ?? {}) as Readonly<Record<string, { readonly type?: unknown }>>;
  const options: Record<string, unknown> = {};
  for (const [name, value] of [...parameters]) {
    const schema = properties[name];
    if (schema === undefined) continue;
    options[name] = parameterValue(value, schema);
    parameters.delete(name);
  }
  return { [sink.name]: { path: parameters.size > 0 ? `${base}?${parameters}` : base!, ...options } };
}

/** The sink that an output target means: by `sink:`, by URL, by file name ending; `-` is CSV. */
export function outputOption(target: string, { sinks }: Registry): SinkConfiguration {
  if (target === '-') return { csv: { path: '-' } };
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(target) ?? [];
  const byScheme = [...sinks.values()].find(
    // A plugin with an older copy of this package declares none.
    ({ name, schemes = [] }) => name === scheme || schemes.includes(scheme ?? ''),
  );
  if (byScheme !== undefined) return urlOutput(byScheme, target);
  const prefix = /^([a-z][\w-]*):(.*)$/is.exec(target);
  if (prefix !== null && prefix[1]!.length > 1) {
    const [, name, rest] = prefix as unknown as [string, string, string];
    if (!sinks.has(name)) {
      const suggestion = nearest(name, sinks.keys());
      const known =
        suggestion === undefined ? `; sinks are ${[...sinks.keys()].join(', ')}` : `; did you mean ${suggestion}?`;
      throw optionError(`--output ${target}: no such sink "${name}"${known}`);
    }
    if (rest === '') throw optionError(`--output ${target}: expected a path behind "${name}:"`);
    return { [name]: { path: rest } };
  }
  const lower = target.toLowerCase();
  const found = [...sinks.values()].find(({ extensions }) => extensions.some((ending) => lower.endsWith(ending)));
  if (found !== undefined) return { [found.name]: { path: target } };
  const endings = [...sinks.values()].flatMap(({ extensions }) => extensions).join(', ');
  throw optionError(`--output ${target}: no sink writes such a file; known endings are ${endings}; or say sink:path`);
}

/** The options of `flows` as a layer over the configuration file; its places are the options themselves. */
export function optionsLayer(options: FlowsOptions, registry: Registry): Layer {
  const labels = new Map<string, string>();
  const label = (text: string, ...steps: readonly (string | number)[]) => labels.set(pointerOf(...steps), text);
  const features: FeatureConfiguration[] = [];
  const add = (feature: FeatureConfiguration, text: string) => {
    label(text, 'features', features.length);
    features.push(feature);
  };
  for (const preset of options.preset ?? []) add(presetOption(preset), `--preset ${preset}`);
  for (const feature of (options.feature ?? []).map(featureOption)) {
    add(feature, `--feature ${typeof feature === 'string' ? feature : (feature as { name: string }).name}`);
  }
  const flow: Record<string, unknown> = {};
  const set = (name: string, option: string, value: unknown) => {
    if (value === undefined) return;
    flow[name] = value;
    label(option, 'flow', name);
  };
  set('idleTimeout', '--idle-timeout', options.idleTimeout);
  set('activeTimeout', '--active-timeout', options.activeTimeout);
  set('key', '--key', options.key === undefined ? undefined : listOption(options.key));
  set('bidirectional', '--unidirectional', options.unidirectional === true ? false : undefined);
  set(
    'maxFlows',
    '--max-flows',
    options.maxFlows === undefined ? undefined : wholeNumber('--max-flows', options.maxFlows),
  );
  set('tunnels', '--tunnels', options.tunnels);
  set('nonIp', '--non-ip', options.nonIp);
  set(
    'homeNetworks',
    '--home-networks',
    options.homeNetworks === undefined ? undefined : listOption(options.homeNetworks),
  );
  set('direction', '--direction', options.direction);
  set('reorder', '--reorder', options.reorder);
  const { duplicates, snapshot, sampling, sampled } = options;
  set('sampling', '--sampling', sampling === undefined ? undefined : wholeNumber('--sampling', sampling));
  set('sampled', '--sampled', sampled === undefined ? undefined : wholeNumber('--sampled', sampled));
  set('duplicates', '--duplicates', duplicates === undefined ? undefined : duplicatesOption(duplicates));
  set('snapshot', '--snapshot', snapshot === undefined ? undefined : snapshotOption(snapshot));
  for (const name of ['where', 'keep', 'validate', 'compatibility', 'anonymize'] as const) label(`--${name}`, name);
  label(options.labels === undefined ? '--label-default' : '--labels', 'labels');
  options.decodeAs?.forEach((text, i) => {
    label(`--decode-as ${text}`, 'decodeAs', i);
  });
  options.output?.forEach((text, i) => {
    label(`--output ${text}`, 'sinks', i);
  });
  const named = options.output?.map((one) => outputOption(one, registry));
  const outputs = options.rotate === undefined ? named : withRotation(named ?? [], options.rotate, registry);
  const value = {
    ...(options.plugin === undefined ? {} : { plugins: options.plugin }),
    ...(Object.keys(flow).length > 0 ? { flow } : {}),
    ...(features.length > 0 ? { features } : {}),
    ...(options.where === undefined ? {} : { where: options.where }),
    ...(options.keep === undefined ? {} : { keep: options.keep }),
    ...(options.labels === undefined && options.labelDefault === undefined
      ? {}
      : {
          labels: {
            ...(options.labels === undefined ? {} : { rules: options.labels }),
            ...(options.labelDefault === undefined ? {} : { default: options.labelDefault }),
          },
        }),
    ...(options.anonymize === undefined ? {} : { anonymize: options.anonymize }),
    ...(options.validate === undefined ? {} : { validate: options.validate as 'all' | 'demanded' }),
    ...(options.compatibility === undefined ? {} : { compatibility: options.compatibility as 'corrected' | 'exact' }),
    ...(options.decodeAs === undefined ? {} : { decodeAs: options.decodeAs.map(decodeAsOption) }),
    ...(outputs === undefined ? {} : { sinks: outputs }),
  };
  return valueLayer(value, process.cwd(), (pointer) => {
    for (let outer = pointer; outer !== ''; outer = outer.slice(0, outer.lastIndexOf('/'))) {
      const found = labels.get(outer);
      if (found !== undefined) return found;
    }
    return '';
  });
}
