/** A row by its frames. */
interface Framed {
  readonly frames: readonly number[];
}

/** One row of theirs with one of ours, or either alone. */
export interface Pair<T, O> {
  readonly theirs: T | undefined;
  readonly ours: O | undefined;
}

/** Pairs rows: those with the same first frame, then those that share the most frames, each row once. */
export function pairRows<T extends Framed, O extends Framed>(theirs: readonly T[], ours: readonly O[]): Pair<T, O>[] {
  const ownerOf = new Map<number, O>();
  for (const one of ours) for (const frame of one.frames) ownerOf.set(frame, one);
  const free = new Set(ours);
  const pairs = new Map<T, O>();
  const join = (one: T, other: O | undefined) => {
    if (other === undefined || !free.has(other)) return;
    pairs.set(one, other);
    free.delete(other);
  };
  for (const one of theirs) {
    const other = ownerOf.get(one.frames[0]!);
    if (other?.frames[0] === one.frames[0]) join(one, other);
  }
  for (const one of theirs) {
    if (pairs.has(one)) continue;
    const shared = new Map<O, number>();
    for (const frame of one.frames) {
      const other = ownerOf.get(frame);
      if (other !== undefined && free.has(other)) shared.set(other, (shared.get(other) ?? 0) + 1);
    }
    join(one, [...shared].sort(([, a], [, b]) => b - a)[0]?.[0]);
  }
  return [
    ...theirs.map((one) => ({ theirs: one, ours: pairs.get(one) })),
    ...[...free].map((one) => ({ theirs: undefined, ours: one })),
  ];
}
