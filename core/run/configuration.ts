import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { PresetOptions } from '../declare/feature.ts';
import { PacketloomError } from '../errors.ts';
import type { DecodeAs } from '../frame/dispatch.ts';
import type { LabelsConfiguration } from '../labels/read-rules.ts';
import type { DissectorConfiguration } from './dissector-configuration.ts';
import { type JsonDocument, parseJson, placeInDocument, pointerStep } from './json-document.ts';
import { type Problem, problemError } from './problem.ts';
import { displayPath } from './schema-faults.ts';
import { positionOf, SyntaxProblem } from './text-position.ts';

/** How frames become flows, as people write it: durations are texts with units. */
export interface FlowConfiguration {
  readonly key?: readonly string[];
  readonly bidirectional?: boolean;
  readonly idleTimeout?: string;
  readonly activeTimeout?: string;
  readonly tcpLinger?: string;
  readonly clockStep?: string;
  readonly maxFlows?: number;
  readonly disorder?: 'clamp' | 'drop';
  readonly tunnels?: 'inner' | 'outer' | 'both';
  readonly maxFragments?: number;
  readonly fragmentTimeout?: string;
  readonly nonIp?: boolean;
  readonly homeNetworks?: readonly string[];
  readonly communityIdSeed?: number;
  readonly direction?: 'first' | 'repair';
  readonly reorder?: string;
  readonly duplicates?: { readonly frames?: number; readonly time?: string };
  readonly snapshot?: { readonly frames?: readonly number[]; readonly time?: string };
  readonly sampling?: number;
  readonly sampled?: number;
}

/** How a feature is written. */
export interface FeatureWriting {
  /** Unit to convert to. */
  readonly unit?: string;
  /** A list in a column for each item, or as one text. */
  readonly list?: 'columns' | 'text';
}

/** One entry of `features`. */
export type FeatureConfiguration =
  | string
  | ({ readonly name: string; readonly value: string } & FeatureWriting)
  | ({ readonly name?: string; readonly feature: string } & FeatureWriting)
  | { readonly preset: string; readonly options?: PresetOptions };

/** What every sink can be told, besides its own options. */
export interface OutputConfiguration {
  readonly path: string;
  /** Names of columns, in the order wanted. */
  readonly columns?: readonly string[];
  /** Only flows for which this expression holds. */
  readonly keep?: string;
}

/** One entry of `sinks`: the name of a sink with its path and options. */
export type SinkConfiguration = Readonly<Record<string, Readonly<Record<string, unknown> & OutputConfiguration>>>;

/** A configuration as it stands in a file. */
export interface Configuration {
  readonly $schema?: string;
  readonly plugins?: readonly string[];
  /** Protocols with a fixed header, as dissectors of their own. */
  readonly dissectors?: readonly DissectorConfiguration[];
  readonly flow?: FlowConfiguration;
  readonly features?: readonly FeatureConfiguration[];
  readonly where?: string;
  readonly keep?: string;
  readonly sinks?: readonly SinkConfiguration[];
  readonly precision?: 'twelve' | 'full';
  readonly decodeAs?: readonly DecodeAs[];
  readonly validate?: 'demanded' | 'all';
  /** Rules that join labels onto rows; `rules` may stand in another layer than `default`. */
  readonly labels?: Partial<LabelsConfiguration>;
  /** Secret key under which addresses are anonymised: a file, or `env:NAME`. */
  readonly anonymize?: string;
  readonly compatibility?: 'corrected' | 'exact';
}

/** Where something stands, for messages. */
export type Where = Pick<Problem, 'at' | 'file' | 'line' | 'column'>;

/** A configuration from one place: a file, the command line, a call. It can say where each part of it was written. */
export interface Layer {
  readonly value: unknown;
  /** The folder that paths of plugins start from. */
  readonly base: string;
  /** Keys that stand twice. */
  readonly duplicates: readonly string[];
  /** Where the value (or its key) at a JSON pointer stands; `inside` counts characters of a text value. */
  where(pointer: string, isKey?: boolean, inside?: number): Where;
}

/** A layer from a file's text. */
function documentLayer(document: JsonDocument, file: string, base: string): Layer {
  const offsetOfDuplicate = new Map(document.duplicates.map(({ pointer, offset }) => [pointer, offset]));
  return {
    value: document.value,
    base,
    duplicates: [...offsetOfDuplicate.keys()],
    where(pointer, isKey = false, inside) {
      const key = offsetOfDuplicate.get(pointer) ?? document.places.get(pointer)?.key;
      const place =
        isKey && key !== undefined ? positionOf(document.text, key) : placeInDocument(document, pointer, inside);
      return { at: displayPath(pointer), file, ...place };
    },
  };
}

/**
 * Reads a configuration file. Its shape is not checked yet.
 * @param file its name in messages
 * @throws PacketloomError `configuration` when it cannot be read or is no JSON; the latter with line and column.
 */
export function readConfiguration(path: string, file = path): Layer {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    const { code } = cause as { code?: string };
    const why = code === 'ENOENT' ? 'no such file' : code === 'EISDIR' ? 'is a folder' : String(code);
    throw new PacketloomError('configuration', `configuration: ${file}: cannot be read: ${why}`, { cause });
  }
  return parseConfiguration(text, file, dirname(path));
}

/** The same from a text that came from anywhere; `file` is its name in messages. */
export function parseConfiguration(text: string, file: string, base: string): Layer {
  try {
    return documentLayer(parseJson(text), file, base);
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    throw problemError(
      'configuration',
      [{ at: '', message: `not JSON: ${error.message}`, file, ...error.position }],
      error,
    );
  }
}

/**
 * A layer from a value: options of the command line or of a call.
 * @param label the option that said what stands at a pointer
 */
export function valueLayer(
  value: Configuration,
  base: string,
  label: (pointer: string) => string = displayPath,
): Layer {
  return { value, base, duplicates: [], where: (pointer) => ({ at: label(pointer) }) };
}

/** Names of plugins in a layer whose shape is not checked yet. */
export function pluginNames(layer: Layer): string[] {
  const { plugins } = (layer.value ?? {}) as { plugins?: unknown };
  return Array.isArray(plugins) ? plugins.filter((one) => typeof one === 'string') : [];
}

/** A pointer from steps. */
export const pointerOf = (...steps: readonly (string | number)[]): string => steps.map(pointerStep).join('');
