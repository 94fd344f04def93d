import { describe, expect, it } from 'vitest';
import { hex } from '../../core/testing.ts';
import { shownText } from '../../dissectors/parts/shown-text.ts';

// What tshark 4.0.17 prints for dns.qry.name of a query whose only label has these bytes.
const RECORDED: Readonly<Record<string, string>> = {
  '01070b1b5c7fc28522410942': '\\001\\a\\v\\033\\\\177\\u0085"A\\tB',
  '004200': '\\000B\\000',
  c2a041: '\u00a0A',
  c2ad41: '\\u00ADA',
  e2808b41: '\\u200BA',
  e280a841: '\u2028A',
  d88041: '\\u0600A',
  cdb841: '\\u0378A',
  cc8041: '\u0300A',
  ee808041: '\ue000A',
  efbfbf41: '\\uFFFFA',
  ed9fbf41: '\\uD7FFA',
  f48fbfbf41: '\\U0010FFFFA',
  c18141: 'AA',
  c08041: '\\u0000A',
  e0818141: 'AA',
  f08fbfbf41: '\\uFFFFA',
  f88080808141: '\\u0001A',
  eda041: '\ufffdA',
  eda08041: '\ufffdA',
  edb080ed41: '\ufffd\ufffdA',
  f490808041: '\ufffdA',
  f7bfbfbf41: '\ufffdA',
  f8808041: '\ufffdA',
  fe8041: '\ufffd\ufffdA',
  ff8041: '\ufffd\ufffdA',
  '808041': '\ufffd\ufffdA',
  f0f0808080: '\ufffd\\u0000',
  c2: '\ufffd',
};

describe('text of names that may hold any bytes', () => {
  for (const [bytes, text] of Object.entries(RECORDED)) it(bytes, () => expect(shownText(hex(bytes))).toBe(text));
});
