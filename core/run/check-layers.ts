import type { Registry } from '../declare/registry.ts';
import { checkNames } from './check-names.ts';
import type { Configuration, Layer } from './configuration.ts';
import type { Problem } from './problem.ts';
import type { ShapeCheck } from './validate.ts';

/** Every problem of shape and names in one layer. */
function checkLayer(layer: Layer, registry: Registry, check: ShapeCheck, bidirectional: boolean): Problem[] {
  const shape = check(layer.value).map(({ isKey, ...problem }) => ({
    ...problem,
    ...layer.where(problem.pointer, isKey),
  }));
  return [...shape, ...checkNames(layer, registry, bidirectional)];
}

/** Every problem of shape and names in all layers. */
export function checkLayers(registry: Registry, check: ShapeCheck, layers: readonly Layer[]): Problem[][] {
  const said = layers.map(({ value }) => (value as Configuration | null)?.flow?.bidirectional);
  const bidirectional = said.findLast((one) => typeof one === 'boolean') ?? true;
  return layers.map((layer) => checkLayer(layer, registry, check, bidirectional));
}

/** The layer without the parts that have problems, so that the rest can be looked at. Places in lists stay. */
export function withoutFaults(layer: Layer, problems: readonly Problem[]): Layer {
  const { value } = layer;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ...layer, value: {} };
  const rest: Record<string, unknown> = structuredClone(value) as Record<string, unknown>;
  for (const { pointer = '' } of problems) {
    const [, name = '', inner] = pointer.split('/');
    const part = rest[name];
    if (inner === undefined || typeof part !== 'object' || part === null) delete rest[name];
    else if (Array.isArray(part) && name === 'features') part[Number(inner)] = undefined;
    else if (Array.isArray(part)) delete rest[name];
    else delete (part as Record<string, unknown>)[inner];
  }
  return { ...layer, value: rest };
}

/** Problems in the order of their places in the file. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}
