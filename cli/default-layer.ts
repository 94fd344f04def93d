import { type Configuration, type Layer, valueLayer } from '../core/run/configuration.ts';

/** True where a layer says itself what to compute. */
const hasFeatures = ({ value }: Layer): boolean =>
  ((value as { readonly features?: readonly unknown[] } | null)?.features?.length ?? 0) > 0;

const STANDARD_OUTPUT: NonNullable<Configuration['sinks']> = [{ csv: { path: '-' } }];

/**
 * What stands under all other layers: the preset `basic`, where no configuration says what to compute, and CSV on
 * standard output, where rows go to sinks at all.
 */
export function defaultLayer(configurations: readonly Layer[], sinks = STANDARD_OUTPUT): Layer {
  const value: Configuration = {
    ...(configurations.some(hasFeatures) ? {} : { features: [{ preset: 'basic' }] }),
    ...(sinks.length > 0 ? { sinks } : {}),
  };
  return valueLayer(value, process.cwd(), () => 'default');
}
