import { describe, expect, test } from 'vitest';
import { joinedText, utcText } from '../../../core/expression/made-text.ts';

describe('utc', () => {
  // Checked with date -u -d @SECONDS.
  test.each<[string, number, number, string]>([
    ['whole seconds have no fraction', 0, 1_237_440_095, '2009-03-19 05:21:35'],
    ['whole milliseconds have three digits', 120e6, 1_237_440_095, '2009-03-19 05:21:35.120'],
    ['whole microseconds have six', 585_864_000, 1_237_440_095, '2009-03-19 05:21:35.585864'],
    ['nanoseconds have nine', 585_864_001, 1_237_440_095, '2009-03-19 05:21:35.585864001'],
    ['zeros at the end of a group stay', 100_000_000, 0, '1970-01-01 00:00:00.100'],
    ['before the base', -1, 1_237_440_095, '2009-03-19 05:21:34.999999999'],
    ['before 1970', 0, -1, '1969-12-31 23:59:59'],
    ['a leap day', 0, 951_782_400, '2000-02-29 00:00:00'],
  ])('%s', (_, time, base, text) => {
    expect(utcText(time, base)).toBe(text);
  });

  test('nothing of an empty time, nor of one that no date has', () => {
    expect(utcText(Number.NaN, 0)).toBeNull();
    expect(utcText(0, 1e300)).toBeNull();
  });
});

describe('text', () => {
  test('addresses in their usual form, numbers as rows print them', () => {
    const address = String.fromCharCode(192, 168, 0, 1);
    expect(joinedText(['address', 'text', 'number'], address, '-', 80)).toBe('192.168.0.1-80');
    expect(joinedText(['number'], 1 / 3)).toBe('0.333333333333');
    expect(joinedText(['bytes'], String.fromCharCode(0, 255))).toBe('00ff');
  });

  test('empty when one of its parts is', () => {
    expect(joinedText(['text', 'number'], 'a', Number.NaN)).toBeNull();
    expect(joinedText(['text', 'text'], 'a', null)).toBeNull();
  });
});
