import { expect, it } from 'vitest';
import { linkTypeOf } from '../../../plugins/sources/live/cap-module.ts';

// Numbers of the link types: IANA's registry and libpcap's dlt.h (Linux).
it.each([
  ['ETHERNET', 1],
  ['NULL', 0],
  ['RAW', 101],
  ['LINKTYPE_LINUX_SLL', 113],
  ['IEEE802_11_RADIO', 127],
  ['Unknown linktype 12', 101],
  ['Unknown linktype 276', 276],
  ['Unknown linktype 105', 105],
  ['something else', undefined],
])('%s', (answer, number) => {
  expect(linkTypeOf(answer)).toBe(number);
});
