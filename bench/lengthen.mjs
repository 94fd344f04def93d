import { closeSync, openSync, writeSync } from 'node:fs';
import { moveAddresses } from './addresses.mjs';
import { blocks, formatOf, records, secondsAt, setSeconds } from './capture.mjs';

/**
 * Writes a capture several times as long: each repetition begins within a second of the end of the one before it and
 * has addresses of its own, so that its flows are distinct and as many live at a time as in the original.
 * @param {string} source a classic capture file
 * @param {string} target
 * @param {number} times
 */
export function writeLengthened(source, target, times) {
  const format = formatOf(source);
  if (format === null) throw new Error(`${source}: only classic capture files can be lengthened`);
  const seconds = spanOf(source, format);
  const file = openSync(target, 'w');
  writeSync(file, format.header);
  for (let repetition = 0; repetition < times; repetition++) {
    for (const block of blocks(source, format)) {
      for (const [record, frame, length] of records(block, format)) {
        setSeconds(block, record, format, secondsAt(block, record, format) + repetition * seconds);
        if (format.linkType === 1) moveAddresses(block, frame, frame + length, repetition);
      }
      writeSync(file, block);
    }
  }
  closeSync(file);
}

/** Whole seconds from the earliest frame to the latest, so that shifted times never go backwards. */
function spanOf(source, format) {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const block of blocks(source, format)) {
    for (const [record] of records(block, format)) {
      const seconds = secondsAt(block, record, format);
      first = Math.min(first, seconds);
      last = Math.max(last, seconds);
    }
  }
  return last - first + 1;
}
