/** Repeatable chance. */
export interface Random {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** One of the items, which must not be empty. */
  pick<T>(items: readonly T[]): T;
}

/** Chance from a seed: xorshift32. */
export function randomFrom(seed: number): Random {
  let state = seed | 0 || 1;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  return { below, pick: (items) => items[below(items.length)]! };
}
