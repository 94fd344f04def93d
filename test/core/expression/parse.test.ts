import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAXIMUM_OPERATORS, MAXIMUM_TEXT, parse } from '../../../core/expression/parse.ts';
import { Problems, Source } from '../../../core/expression/problem.ts';
import type { Syntax } from '../../../core/expression/syntax.ts';

function read(text: string): { tree: Syntax | undefined; problems: Problems['list'] } {
  const problems = new Problems();
  return { tree: parse(new Source('here', text, problems)), problems: problems.list };
}

/** A tree with brackets around everything. */
function shown(tree: Syntax | undefined): string {
  switch (tree?.kind) {
    case undefined:
      return 'nothing';
    case 'number':
      return `${tree.value}${tree.unit === 'none' ? '' : ` ${tree.unit}`}`;
    case 'text':
      return JSON.stringify(tree.value);
    case 'boolean':
      return String(tree.value);
    case 'address':
      return `[${Array.from(tree.value, (unit) => unit.charCodeAt(0)).join('.')}]${tree.bits === undefined ? '' : `/${tree.bits}`}`;
    case 'set':
      return `{${tree.items.map(shown).join(' ')}}`;
    case 'name':
      return tree.occurrence === undefined ? tree.name : `${tree.name}#${tree.occurrence}`;
    case 'call':
      return `${tree.name}(${tree.args.map(shown).join(', ')})`;
    case 'unary':
      return `(${tree.operator} ${shown(tree.operand)})`;
    case 'binary':
      return `(${shown(tree.left)} ${tree.operator} ${shown(tree.right)})`;
  }
}

const text = (written: string): string => shown(read(written).tree);

describe('precedence', () => {
  it.each([
    ['a or b and c', '(a or (b and c))'],
    ['not a and b', '((not a) and b)'],
    ['not a == 1', '(not (a == 1))'],
    ['not not a', '(not (not a))'],
    // Bit operators bind tighter than comparison: the example of the language's description.
    ['tcp.flags & 0x12 == 0x12', '((tcp.flags & 18) == 18)'],
    ['a | b ^ c & d << 1 + 2', '(a | (b ^ (c & (d << (1 + 2)))))'],
    ['a + b * c - d', '((a + (b * c)) - d)'],
    ['a / b / c', '((a / b) / c)'],
    ['a % -b', '(a % (- b))'],
    ['-2 * -a', '(-2 * (- a))'],
    ['(a + b) * c', '((a + b) * c)'],
    ['a - 1 < b + 1', '((a - 1) < (b + 1))'],
    ['a in {1, 2} and b', '((a in {1 2}) and b)'],
    ['a not in {1}', '(not (a in {1}))'],
    ['a contains "x" or b matches "y"', '((a contains "x") or (b matches "y"))'],
    ['f(a, not b, c == 1)', 'f(a, (not b), (c == 1))'],
    ['count()', 'count()'],
    ['ip.ttl#1 - ip.ttl#-1', '(ip.ttl#1 - ip.ttl#-1)'],
    ['default(a, true)', 'default(a, true)'],
  ])('%s', (written, tree) => expect(text(written)).toBe(tree));
});

describe('literals', () => {
  it.each([
    ['250ms', '250000000 duration'],
    ['10s', '10000000000 duration'],
    ['2m', '120000000000 duration'],
    ['1.5h', '5400000000000 duration'],
    ['0.1ms', '100000 duration'],
    ['7us', '7000 duration'],
    ['3ns', '3 duration'],
    ['1d', '86400000000000 duration'],
    ['64KiB', '65536 bytes'],
    ['1.5kB', '1500 bytes'],
    ['2MiB', '2097152 bytes'],
    ['0xff', '255'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['10.0.0.0/8', '[10.0.0.0]/8'],
    ['192.168.1.200', '[192.168.1.200]'],
    ['::1', '[0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1]'],
    ['2001:db8::/32', '[32.1.13.184.0.0.0.0.0.0.0.0.0.0.0.0]/32'],
    ['fe80::1:2', '[254.128.0.0.0.0.0.0.0.0.0.0.0.1.0.2]'],
    ['1:2:3:4:5:6:7:8', '[0.1.0.2.0.3.0.4.0.5.0.6.0.7.0.8]'],
    ['::ffff:10.1.2.3', '[0.0.0.0.0.0.0.0.0.0.255.255.10.1.2.3]'],
    ['00:1b:2c:3d:4e:5f', '[0.27.44.61.78.95]'],
    ['"a\\"b\\n\\x41\\u00e9"', JSON.stringify('a"b\nAé')],
    ['\'single "double"\'', JSON.stringify('single "double"')],
    ['"\\d+\\.\\\\"', JSON.stringify('\\d+\\.\\')],
    ['{80, 443, 1}', '{80 443 1}'],
    ['{10.0.0.1, 10.1.0.0/16}', '{[10.0.0.1] [10.1.0.0]/16}'],
  ])('%s', (written, tree) => expect(text(written)).toBe(tree));
});

describe('what is wrong', () => {
  it.each([
    ['', 0, 1, 'the expression ends here', 'a value'],
    ['1 +', 3, 1, 'the expression ends here', 'a value'],
    ['mean(a', 6, 1, 'the expression ends here', '"," or ")"'],
    ['a b', 2, 1, 'not possible here', 'an operator or the end'],
    ['(a', 2, 1, 'the expression ends here', ')'],
    ['1 < 2 < 3', 6, 1, 'comparisons do not chain', 'and, or or brackets between them'],
    ['a == b in {1}', 7, 2, 'comparisons do not chain', 'and, or or brackets between them'],
    ['a $ b', 2, 1, 'no such character here', 'a name, a number, a text in quotes or an operator'],
    ['"open', 0, 5, 'the text does not end', 'a closing "'],
    ['5parsecs', 0, 8, 'no such unit "parsecs"', 'ns us ms s m h d, or B kB MB GB KiB MiB GiB'],
    ['10.0.0.256', 0, 10, 'no such address', 'an IPv4, IPv6 or MAC address or a prefix'],
    ['10.0.0.0/33', 0, 11, 'no such address', 'an IPv4, IPv6 or MAC address or a prefix'],
    ['1:2::3::4', 0, 9, 'no such address', 'an IPv4, IPv6 or MAC address or a prefix'],
    ['a#0', 2, 1, 'not possible here', 'the number of an occurrence: 1 is the first, -1 the last'],
    ['a#x', 2, 1, 'not possible here', 'the number of an occurrence: 1 is the first, -1 the last'],
    ['1e999', 0, 5, 'too large a number', 'at most 1.8e308'],
  ])('%s', (written, offset, length, message, expected) => {
    expect(read(written).problems[0]).toMatchObject({ at: 'here', text: written, offset, length, message, expected });
  });

  it.each([
    ['a && b', 'and'],
    ['a || b', 'or'],
    ['!a', 'not'],
    ['a = 1', '=='],
    ['a ~ "x"', 'matches'],
  ])('%s has another name here', (written, suggestion) => {
    expect(read(written).problems[0]).toMatchObject({ suggestion });
  });

  it('very long and very deep texts are refused, without a crash', () => {
    expect(read(`1${' '.repeat(MAXIMUM_TEXT)}`).problems[0]!.message).toBe(`longer than ${MAXIMUM_TEXT} characters`);
    expect(read(`1${'+1'.repeat(MAXIMUM_OPERATORS)}`).problems).toEqual([]);
    for (const deep of [
      `1${'+1'.repeat(9000)}`,
      `a${' and a'.repeat(3000)}`,
      `${'('.repeat(5000)}1${')'.repeat(5000)}`,
      'not '.repeat(4000),
      '-'.repeat(9000),
      `${'f('.repeat(5000)}`,
    ]) {
      expect(read(deep).problems).toHaveLength(1);
    }
  });
});

it('any text is read or refused, never a throw', () => {
  const word = fc.constantFrom(
    'a',
    'and',
    'not',
    '(',
    ')',
    '{',
    '}',
    ',',
    '#',
    '-',
    '1',
    '10.0.0.1',
    '::',
    '"',
    "'",
    '\\',
    '<',
    ' in ',
    '0x',
    '5s',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(word).map((words) => words.join(' ')),
      ),
      (written) => {
        const { tree, problems } = read(written);
        expect(tree === undefined ? problems.length : 1).toBeGreaterThan(0);
        for (const { offset, length } of problems) expect(offset + length).toBeLessThanOrEqual(written.length + 1);
      },
    ),
  );
});
