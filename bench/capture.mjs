import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const blockSize = 4 << 20;

/** @typedef {{ little: boolean, unitsPerSecond: number, linkType: number, header: Buffer }} Format */

/**
 * The format of a classic capture file, or null for every other kind of file.
 * @param {string} path
 * @returns {Format | null}
 */
export function formatOf(path) {
  const header = Buffer.alloc(24);
  const file = openSync(path, 'r');
  const length = readSync(file, header, 0, 24, 0);
  closeSync(file);
  const magics = { a1b2c3d4: 1e6, a1b23c4d: 1e9 };
  const little = magics[header.readUInt32LE(0).toString(16)];
  const big = magics[header.readUInt32BE(0).toString(16)];
  if (length < 24 || (little ?? big) === undefined) return null;
  const linkType = little === undefined ? header.readUInt32BE(20) : header.readUInt32LE(20);
  return { little: little !== undefined, unitsPerSecond: little ?? big, linkType, header };
}

/**
 * Blocks of whole records, in order; each is valid, and may be changed, until the next is asked for.
 * @param {string} path a classic capture file
 * @param {Format} format
 */
export function* blocks(path, format) {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(blockSize);
  let position = 24;
  try {
    for (;;) {
      const length = readSync(file, bytes, 0, blockSize, position);
      let end = 0;
      for (const [, payload, size] of records(bytes.subarray(0, length), format)) end = payload + size;
      if (end === 0) return;
      position += end;
      yield bytes.subarray(0, end);
    }
  } finally {
    closeSync(file);
  }
}

/**
 * [offset of the record's header, offset of the frame, captured length] of each record that is whole.
 * @param {Buffer} bytes
 * @param {Format} format
 * @returns {Generator<[number, number, number]>}
 */
export function* records(bytes, format) {
  for (let at = 0; at + 16 <= bytes.length; ) {
    const length = format.little ? bytes.readUInt32LE(at + 8) : bytes.readUInt32BE(at + 8);
    if (at + 16 + length > bytes.length) return;
    yield [at, at + 16, length];
    at += 16 + length;
  }
}

/** Whole seconds of a record's time. @param {Buffer} bytes @param {number} at @param {Format} format */
export function secondsAt(bytes, at, format) {
  return format.little ? bytes.readUInt32LE(at) : bytes.readUInt32BE(at);
}

/** @param {Buffer} bytes @param {number} at @param {Format} format @param {number} seconds */
export function setSeconds(bytes, at, format, seconds) {
  if (format.little) bytes.writeUInt32LE(seconds, at);
  else bytes.writeUInt32BE(seconds, at);
}

/** Number of frames in a classic capture file, otherwise null. @param {string} path */
export function frameCount(path) {
  const format = formatOf(path);
  if (format === null) return null;
  let frames = 0;
  for (const block of blocks(path, format)) for (const _ of records(block, format)) frames++;
  return frames;
}

/**
 * Writes the first frames of a classic capture file to another.
 * @param {string} source
 * @param {string} target
 * @param {number} count
 */
export function writeFirst(source, target, count) {
  const format = formatOf(source);
  if (format === null) throw new Error(`${source}: only classic capture files can be cut`);
  const file = openSync(target, 'w');
  writeSync(file, format.header);
  let left = count;
  for (const block of blocks(source, format)) {
    let end = 0;
    for (const [, frame, length] of records(block, format)) {
      if (left === 0) break;
      left--;
      end = frame + length;
    }
    writeSync(file, block, 0, end);
    if (left === 0) break;
  }
  closeSync(file);
}
