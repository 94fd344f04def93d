import type { Registry } from '../declare/registry.ts';
import type { FeatureRequest } from '../expression/read.ts';

/** The features of a run, and the places among them of those to explain. */
export interface ExplainedFeatures {
  readonly requests: readonly FeatureRequest[];
  readonly places: readonly number[];
}

/** `name=expression`, but not a comparison. */
const NAMED = /^\s*([A-Za-z_][\w.-]*)\s*=(?!=)(.*)$/s;
/** `name_3`: a column of a list. */
const ITEM = /^(.*)_[1-9]\d*$/;

/**
 * What each wish means: a column of the run; else a named feature, `name=expression` or an expression, which then joins
 * the run as one more column.
 */
export function explainedFeatures(
  registry: Registry,
  run: readonly FeatureRequest[],
  wishes: readonly string[],
): ExplainedFeatures {
  const requests = [...run];
  const places = wishes.map((wish) => {
    const place = (name: string | undefined): number => requests.findIndex((one) => one.name === name);
    const found = place(wish) >= 0 ? place(wish) : place(ITEM.exec(wish)?.[1]);
    if (found >= 0) return found;
    const at = `--feature ${wish}`;
    const named = NAMED.exec(wish);
    if (named !== null) {
      const request = { name: named[1]!, at, value: named[2]!.trim() };
      const before = place(request.name);
      if (before < 0) return requests.push(request) - 1;
      requests[before] = request;
      return before;
    }
    const isFeature = registry.features.has(wish);
    return requests.push({ name: wish, at, ...(isFeature ? { feature: wish } : { value: wish }) }) - 1;
  });
  return { requests, places: [...new Set(places)] };
}
