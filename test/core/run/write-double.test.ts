import { expect, test } from 'vitest';
import { formatDouble } from '../../../core/run/write-double.ts';

// What `str(x)` of Python 3 and `Double.toString(x)` of Java 17 print.
test.each([
  [0, '0.0', '0.0'],
  [54, '54.0', '54.0'],
  [-1.5, '-1.5', '-1.5'],
  [42.727272727272734, '42.727272727272734', '42.727272727272734'],
  [12345600, '12345600.0', '1.23456E7'],
  [9999999.5, '9999999.5', '9999999.5'],
  [1e7, '10000000.0', '1.0E7'],
  [0.001, '0.001', '0.001'],
  [0.00099, '0.00099', '9.9E-4'],
  [0.0001, '0.0001', '1.0E-4'],
  [0.00001, '1e-05', '1.0E-5'],
  [1.25e-7, '1.25e-07', '1.25E-7'],
  [1e15, '1000000000000000.0', '1.0E15'],
  [1e16, '1e+16', '1.0E16'],
  [1.5e300, '1.5e+300', '1.5E300'],
])('%f', (value, python, java) => {
  expect([formatDouble(value, 'python'), formatDouble(value, 'java')]).toEqual([python, java]);
});

test('nothing that is no number is written', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY].map((value) => formatDouble(value, 'java'))).toEqual(['', '']);
});
