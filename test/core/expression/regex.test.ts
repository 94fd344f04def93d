import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileRegex, MAXIMUM_INSTRUCTIONS, RegexProblem } from '../../../core/expression/regex.ts';

describe('agrees with RegExp', () => {
  it.each([
    ['', ['', 'a']],
    ['abc', ['abc', 'xabcx', 'ab', 'acb']],
    ['a|bc|', ['', 'a', 'x']],
    ['^a', ['a', 'ba', '']],
    ['a$', ['a', 'ab', '']],
    ['^$', ['', 'a']],
    ['^(ab)*$', ['', 'ab', 'abab', 'aba']],
    ['^(?:a|b)+c?$', ['abc', 'ab', 'c', 'abcc']],
    ['^a{2,3}$', ['a', 'aa', 'aaa', 'aaaa']],
    ['^a{2}$', ['aa', 'aaa']],
    ['^a{2,}b', ['ab', 'aab', 'aaaaab']],
    ['^[a-c\\d_-]+$', ['abc_-9', 'd', '']],
    ['^[^a-c]$', ['d', 'a', '\n']],
    ['^[\\]\\\\]$', [']', '\\', 'a']],
    ['\\bfoo\\b', ['foo', 'a foo b', 'foobar', 'foo_', 'foo-bar']],
    ['o\\B', ['foo', 'o', 'ob']],
    ['^\\w+\\s\\W$', ['ab !', 'ab c', 'ab\t-']],
    ['^.$', ['a', '\n', '\r', 'é', '😀', '']],
    ['^\\x41\\u00e9\\t$', ['Aé\t', 'Aet']],
    ['a\\.b', ['a.b', 'axb']],
    ['(a*)*b', ['b', 'aaab', 'aaa']],
    ['(|a)+$', ['', 'a', 'b']],
    ['^a+?$', ['aaa', 'b']],
    ['a{x', ['a{x', 'ax']],
    ['^[-a]$', ['-', 'a', 'b']],
    ['\\/path', ['/path']],
  ])('%s', (pattern, texts) => {
    const own = compileRegex(pattern);
    for (const text of texts)
      expect([text, own.test(text)]).toEqual([text, new RegExp(pattern, pattern === 'a{x' ? '' : 'u').test(text)]);
  });

  it('(?i) means any case', () => {
    expect(compileRegex('(?i)^[a-c]X\\d$').test('Bx1')).toBe(true);
    expect(compileRegex('^[a-c]X\\d$').test('Bx1')).toBe(false);
    expect(compileRegex('(?i)[^a]').test('A')).toBe(false);
  });

  it('on random patterns and texts', () => {
    const { pattern } = fc.letrec<{ pattern: string }>((tie) => ({
      pattern: fc.oneof(
        { maxDepth: 4, withCrossShrink: true },
        fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\d', '^', '$', '\\b', ''),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => a + b),
        fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
        fc
          .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '{2}', '{0,2}', '{1,}', '*?'))
          .map(([a, repeat]) => `(?:${a})${repeat}`),
      ),
    }));
    const text = fc
      .array(fc.constantFrom('a', 'b', '1', ' ', '\n'), { maxLength: 8 })
      .map((letters) => letters.join(''));
    fc.assert(
      fc.property(
        pattern,
        text,
        (one, letters) => compileRegex(one).test(letters) === new RegExp(one, 'u').test(letters),
      ),
      { numRuns: 3000 },
    );
  });
});

describe('what is not possible', () => {
  it.each([
    '(',
    ')',
    'a)',
    '[a',
    '[b-a]',
    '*a',
    'a**',
    '(?=a)',
    '(?<n>a)',
    '(?<!a)',
    '\\1',
    '(a)\\1',
    '\\p{L}',
    '\\',
    '\\xg1',
    'a{3,2}',
    '^*',
    '\\b+',
  ])('%s', (pattern) => {
    expect(() => compileRegex(pattern)).toThrow(RegexProblem);
  });

  it('a pattern that grows too large', () => {
    for (const pattern of [
      'a{9999}',
      '((a{100}){100}){100}',
      '(((){9999}){9999}){9999}',
      `${'('.repeat(200)}a${')'.repeat(200)}`,
    ]) {
      expect(() => compileRegex(pattern)).toThrow(RegexProblem);
    }
    expect(() => compileRegex(`a{${MAXIMUM_INSTRUCTIONS - 1}}`)).not.toThrow();
  });
});

describe('hostile patterns stay linear', () => {
  /** Fastest of several runs, in milliseconds. */
  function time(pattern: string, text: string): number {
    const regex = compileRegex(pattern);
    let best = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 5; i += 1) {
      const from = performance.now();
      regex.test(text);
      best = Math.min(best, performance.now() - from);
    }
    return best;
  }

  // Each takes a backtracking engine time that doubles with every letter.
  it.each(['^(a+)+$', '^(a|aa)+$', '^(a*)*b', '^(a|a?)+$', '(x+x+)+y', '^([a-z]+)*!'])('%s', (pattern) => {
    const short = time(pattern, `${'a'.repeat(2_000)}X`);
    const long = time(pattern, `${'a'.repeat(20_000)}X`);
    // Ten times the text in at most forty times the time (or in nothing at all), never 2^18000 times.
    expect(long).toBeLessThan(Math.max(40 * short, 100));
  });
});
