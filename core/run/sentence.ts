import type { Feature } from '../declare/feature.ts';
import type { Registry } from '../declare/registry.ts';
import { builtinOf } from '../expression/builtins.ts';
import { parse } from '../expression/parse.ts';
import { Problems, Source } from '../expression/problem.ts';
import type { Syntax } from '../expression/syntax.ts';

/** Text without what does not matter. */
const plain = (text: string): string => text.replaceAll(/\s+/g, '');

/** Named features by what they compute. */
export type SameFeatures = ReadonlyMap<string, Feature>;

/** Every named feature that is an expression, by its text. */
export const sameFeatures = (registry: Registry): SameFeatures =>
  new Map([...registry.features.values()].flatMap((one) => ('value' in one ? [[plain(one.value), one] as const] : [])));

/** The named feature that an expression names, or says in the same words. */
export const featureLike = (registry: Registry, same: SameFeatures, text: string): Feature | undefined =>
  registry.features.get(text.trim()) ?? same.get(plain(text));

/** One sentence for an expression: that of the feature it is, or of the aggregate it begins with. */
export function sentenceOf(registry: Registry, same: SameFeatures, text: string): string {
  const syntax = parse(new Source('', text, new Problems()));
  return (syntax && sentence(registry, same, text, syntax)) ?? `Computed as ${text}.`;
}

function sentence(registry: Registry, same: SameFeatures, text: string, syntax: Syntax): string | undefined {
  const part = ({ offset, length }: Syntax): string => text.slice(offset, offset + length);
  const feature = featureLike(registry, same, part(syntax));
  if (feature !== undefined) return feature.description;
  if (syntax.kind === 'text') return `Always ${part(syntax)}.`;
  if (syntax.kind === 'name') return builtinOf(syntax.name)?.description;
  if (syntax.kind !== 'call') return undefined;
  const [first, second] = syntax.args;
  if (syntax.name === 'default' && first !== undefined && second !== undefined) {
    const inner = sentence(registry, same, text, first);
    return inner && `${inner} Where that is empty: ${part(second)}.`;
  }
  const aggregate = registry.aggregates.get(syntax.name);
  if (aggregate === undefined) return undefined;
  return `${aggregate.description.replace(/\.$/, '')}: ${syntax.args.map(part).join(', ')}.`;
}
