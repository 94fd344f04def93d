import type { Span } from './problem.ts';

/** What the text says, before names and types are looked at. */
export type Syntax = Span &
  (
    | { readonly kind: 'number'; readonly value: number; readonly unit: 'none' | 'duration' | 'bytes' }
    | { readonly kind: 'text'; readonly value: string }
    | { readonly kind: 'boolean'; readonly value: boolean }
    /** Bytes of an address as text, one UTF-16 unit a byte; a prefix has its number of bits. */
    | { readonly kind: 'address'; readonly value: string; readonly bits: number | undefined }
    | { readonly kind: 'set'; readonly items: readonly Syntax[] }
    /** `occurrence` is the number behind `#`. */
    | { readonly kind: 'name'; readonly name: string; readonly occurrence: number | undefined }
    | { readonly kind: 'call'; readonly name: string; readonly nameSpan: Span; readonly args: readonly Syntax[] }
    | { readonly kind: 'unary'; readonly operator: 'not' | '-'; readonly operand: Syntax }
    | {
        readonly kind: 'binary';
        readonly operator: BinaryOperator;
        readonly operatorSpan: Span;
        readonly left: Syntax;
        readonly right: Syntax;
      }
  );

export type BinaryOperator = keyof typeof PRECEDENCE;

/** How tightly operators bind; `not` lies between `and` and the comparisons. Bit operators bind tighter than comparisons. */
export const PRECEDENCE = {
  or: 1,
  and: 2,
  '==': 4,
  '!=': 4,
  '<': 4,
  '<=': 4,
  '>': 4,
  '>=': 4,
  in: 4,
  contains: 4,
  matches: 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
} as const;

/** Precedence of `not`, of comparisons (which do not chain) and of the sign. */
export const NOT = 3;
export const COMPARISON = 4;
export const SIGN = 11;
