import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson, placeInDocument } from '../../../core/run/json-document.ts';
import { SyntaxProblem } from '../../../core/run/text-position.ts';

function problemOf(text: string): SyntaxProblem {
  try {
    parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxProblem) return error;
    throw error;
  }
  throw new Error(`${text} was read`);
}

describe('a JSON text', () => {
  test('has the value that JSON.parse gives, whatever it is', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(undefined, 2, '\t'), (text, space) => {
        const pretty = JSON.stringify(JSON.parse(text), null, space);
        expect(parseJson(pretty).value).toEqual(JSON.parse(pretty));
      }),
    );
  });

  test('is refused exactly where JSON.parse refuses it', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"a"',
      '1',
      '-',
      '0',
      '1e5',
      '.5',
      'true',
      'nul',
      ' ',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join('');
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) expect(parseJson(text).value).toEqual(JSON.parse(text));
        else expect(problemOf(text)).toBeInstanceOf(SyntaxProblem);
      }),
      { numRuns: 2000 },
    );
  });

  test('may begin with a byte order mark', () => {
    expect(parseJson('\ufeff{"a":1}').value).toEqual({ a: 1 });
  });

  test.each([
    ['{\n  "a": 1,\n  b: 2\n}', 3, 3, 'a key in double quotes'],
    ['{"a": [1, 2', 1, 12, '"," or "]"'],
    ['{"a" 1}', 1, 6, '":"'],
    ['{"a": 1} x', 1, 10, 'nothing more behind the value'],
    ['["a\\q"]', 1, 4, 'an escape such as \\n or \\u00e9'],
    ['["a\n"]', 1, 4, 'the closing double quote of a text'],
    ['{"a": 1,}', 1, 9, 'a key in double quotes'],
    ['', 1, 1, 'a value'],
    ['[01]', 1, 2, 'a value'],
  ])('%j is refused at line %i, column %i', (text, line, column, expected) => {
    const problem = problemOf(text);
    expect(problem.position).toEqual({ line, column });
    expect(problem.expected).toBe(expected);
  });

  test('deep nesting is refused and does not overflow', () => {
    expect(problemOf('['.repeat(100_000)).expected).toBe('at most 100 levels');
  });

  test('"__proto__" is a key like any other', () => {
    const { value } = parseJson('{"__proto__": {"polluted": true}}');
    expect(Object.keys(value as object)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('places', () => {
  const text = '{\n  "flow": { "idleTimeout": "120s" },\r\n  "list": [1, "a\\"b\\u0041c"]\n}';
  const document = parseJson(text);

  test('of values count lines and columns from 1', () => {
    expect(placeInDocument(document, '/flow/idleTimeout')).toEqual({ line: 2, column: 28 });
    expect(placeInDocument(document, '/list/0')).toEqual({ line: 3, column: 12 });
  });

  test('of what is not there are those of what should hold it', () => {
    expect(placeInDocument(document, '/flow/nothing/deeper')).toEqual({ line: 2, column: 11 });
  });

  test('inside a text value count its characters and not their escapes', () => {
    // The text is a"bAc; its third character, b, stands behind "a\" in the file.
    expect(placeInDocument(document, '/list/1', 0)).toEqual({ line: 3, column: 16 });
    expect(placeInDocument(document, '/list/1', 2)).toEqual({ line: 3, column: 19 });
    expect(placeInDocument(document, '/list/1', 4)).toEqual({ line: 3, column: 26 });
  });

  test('of keys that stand twice are known', () => {
    expect(parseJson('{"a": {"b": 1, "b": 2}}').duplicates).toEqual([{ pointer: '/a/b', offset: 15 }]);
  });
});
