import { Anonymizer } from '../anonymize/anonymizer.ts';
import { readAnonymizationKey } from '../anonymize/read-key.ts';
import { Labels } from '../labels/labels.ts';
import { type LabelsConfiguration, readLabelRules } from '../labels/read-rules.ts';
import { type Configuration, type Layer, pointerOf, type Where } from './configuration.ts';
import { problemError } from './problem.ts';

/** What is done to rows besides the features, as it was written and where. */
export interface WantedAdditions {
  readonly labels:
    | { readonly value: LabelsConfiguration; readonly base: string; where(pointer: string): Where }
    | undefined;
  readonly anonymize: { readonly key: string; readonly base: string; readonly at: string } | undefined;
}

/**
 * Unites what the layers say of labels and anonymisation; later ones win, `labels` by its parts.
 * @throws PacketloomError `configuration` for labels without rules.
 */
export function uniteAdditions(layers: readonly Layer[], values: readonly Configuration[]): WantedAdditions {
  const lastWith = (has: (value: Configuration) => boolean): number => values.findLastIndex(has);
  const secret = lastWith(({ anonymize }) => anonymize !== undefined);
  const anonymize =
    secret < 0
      ? undefined
      : {
          key: values[secret]!.anonymize!,
          base: layers[secret]!.base,
          at: layers[secret]!.where(pointerOf('anonymize')).at,
        };
  const some = lastWith(({ labels }) => labels !== undefined);
  if (some < 0) return { labels: undefined, anonymize };
  const owner = lastWith(({ labels }) => labels?.rules !== undefined);
  if (owner < 0) {
    const where = layers[some]!.where(pointerOf('labels'));
    throw problemError('configuration', [{ ...where, message: 'there are no rules for labels', expected: '"rules"' }]);
  }
  const value = Object.assign({}, ...values.map(({ labels }) => labels ?? {})) as LabelsConfiguration;
  const { base, where } = layers[owner]!;
  return { labels: { value, base, where: (pointer) => where(pointerOf('labels', 'rules') + pointer) }, anonymize };
}

/** What is done to rows besides the features, ready for one run. */
export interface RowAdditions {
  readonly labels: Labels | undefined;
  readonly anonymizer: Anonymizer | undefined;
}

/**
 * Reads the rules and the key.
 * @throws PacketloomError `configuration` for files that cannot be read or hold something else.
 */
export function rowAdditions({ labels, anonymize }: WantedAdditions): RowAdditions {
  return {
    labels: labels === undefined ? undefined : new Labels(readLabelRules(labels.value, labels.base, labels.where)),
    anonymizer:
      anonymize === undefined
        ? undefined
        : new Anonymizer(readAnonymizationKey(anonymize.key, anonymize.base, anonymize.at)),
  };
}

/** A configuration in effect with what its files hold in place of their names, for hashes: a fingerprint of a key. */
export function withContents(effective: Configuration, { labels, anonymizer }: RowAdditions): Configuration {
  return {
    ...effective,
    ...(labels === undefined ? {} : { labels: { ...effective.labels, rules: labels.digest } }),
    ...(anonymizer === undefined ? {} : { anonymize: anonymizer.fingerprint }),
  };
}
