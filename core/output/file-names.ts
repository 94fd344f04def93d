import { constants } from 'node:fs';
import { lstat, open, readdir, unlink } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PacketloomError } from '../errors.ts';
import { PARTIAL } from './output-file.ts';

/** Digits of each time part, UTC; `n` is the number of the file. */
const WIDTHS: Readonly<Record<string, number>> = { Y: 4, m: 2, d: 2, H: 2, M: 2, S: 2 };
const NUMBER_WIDTH = 6;
/** The last second of year 9999: times beyond it, which only damaged captures have, are written as this one. */
const LAST_SECOND = 253_402_300_799;

/** A part of a name: text as it stands, or the letter of a substitution; `-n` is a number with a hyphen, or nothing. */
type Piece = { readonly text: string } | { readonly of: string };

const hasPattern = (name: string): boolean => /%[YmdHMSn]/.test(name.replaceAll('%%', ''));

/** True for a target whose file name has substitutions, such as `flows-%Y%m%d.csv`. */
export function isPattern(target: string): boolean {
  return hasPattern(basename(target));
}

function piecesOf(name: string, target: string): Piece[] {
  const pieces: Piece[] = [];
  for (const [part] of name.matchAll(/%.?|[^%]+/gs)) {
    if (part === '%%') pieces.push({ text: '%' });
    else if (!part.startsWith('%')) pieces.push({ text: part });
    else if (/^%[YmdHMSn]$/.test(part)) pieces.push({ of: part[1]! });
    else {
      const known = '%Y %m %d %H %M %S, %n (number of the file) and %% may stand there';
      throw new PacketloomError('configuration', `${target}: no such part of a file name: "${part}"; ${known}`);
    }
  }
  return pieces;
}

/** Where a number goes that the pattern does not have: before the ending, and that of the compression. */
function withNumber(name: string): [before: string, ending: string] {
  const [ending] = /(?:\.[A-Za-z][A-Za-z0-9]*)?(?:\.(?:gz|zst))?$/.exec(name)!;
  return ending.length === name.length ? [name, ''] : [name.slice(0, name.length - ending.length), ending];
}

const isTime = (piece: Piece): boolean => 'of' in piece && piece.of in WIDTHS;

function timeText(letter: string, seconds: number): string {
  const time = new Date(1000 * Math.floor(Math.min(Math.max(seconds, 0), LAST_SECOND))).toISOString();
  return (
    { Y: time.slice(0, 4), m: time.slice(5, 7), d: time.slice(8, 10), H: time.slice(11, 13), M: time.slice(14, 16) }[
      letter
    ] ?? time.slice(17, 19)
  );
}

/**
 * The names of the files of one output, all in one folder: nothing but digits is put into the pattern. A name that has no
 * number gets one before its ending; where times tell files apart, only from the second one of a time on.
 */
export class FileNames {
  readonly folder: string;
  readonly #pieces: readonly Piece[];
  /** The last name given. */
  #last = { time: '', number: 0 };

  /** @throws PacketloomError `configuration` for a `%` that stands for nothing */
  constructor(target: string) {
    const name = basename(target);
    this.folder = target.slice(0, target.length - name.length) || '.';
    const pieces = piecesOf(name, target);
    const numbers = pieces.filter((piece) => 'of' in piece && piece.of === 'n').length;
    if (numbers > 1) throw new PacketloomError('configuration', `${target}: %n can stand there once only`);
    if (numbers === 0) {
      const [before, ending] = withNumber(name);
      const number = { of: pieces.some(isTime) ? '-n' : 'N' };
      this.#pieces = [...piecesOf(before, target), number, ...piecesOf(ending, target)];
    } else this.#pieces = pieces;
  }

  /** The next name that no file has, complete or not; its `.partial` has been made, so nobody else takes it. */
  async claim(seconds: number): Promise<string> {
    const optional = this.#pieces.some((piece) => 'of' in piece && piece.of === '-n');
    const time = this.#text(seconds, 0);
    const taken = this.#numbersTaken(await readdir(this.folder), seconds);
    if (this.#last.time === time) taken.push(this.#last.number);
    for (let number = taken.length === 0 ? (optional ? 0 : 1) : Math.max(...taken) + 1; ; number += 1) {
      const path = join(this.folder, this.#text(seconds, number));
      if (!(await reserve(path))) continue;
      this.#last = { time, number };
      return path;
    }
  }

  /** Files of these names that are not complete: of runs that were cut off, or that go on. */
  async incomplete(): Promise<string[]> {
    const own = new RegExp(`^${this.#expression((letter) => `\\d{${WIDTHS[letter]}}`)}\\${PARTIAL}$`);
    return (await readdir(this.folder)).filter((name) => own.test(name)).sort();
  }

  #numbersTaken(names: readonly string[], seconds: number): number[] {
    const own = new RegExp(`^${this.#expression((letter) => timeText(letter, seconds))}(?:\\${PARTIAL})?$`);
    return names.flatMap((name) => {
      const found = own.exec(name);
      return found === null ? [] : [Number(found[1] ?? 0)];
    });
  }

  #expression(ofTime: (letter: string) => string): string {
    const number = `\\d{${NUMBER_WIDTH},}`;
    return this.#pieces
      .map((piece) => {
        if ('text' in piece) return piece.text.replaceAll(/[^A-Za-z0-9_]/g, '\\$&');
        if (piece.of === 'n') return `(${number})`;
        if (piece.of === 'N') return `-(${number})`;
        return piece.of === '-n' ? `(?:-(${number}))?` : ofTime(piece.of);
      })
      .join('');
  }

  #text(seconds: number, number: number): string {
    const digits = String(number).padStart(NUMBER_WIDTH, '0');
    return this.#pieces
      .map((piece) => {
        if ('text' in piece) return piece.text;
        if (piece.of === 'n') return digits;
        if (piece.of === 'N' || piece.of === '-n') return piece.of === '-n' && number === 0 ? '' : `-${digits}`;
        return timeText(piece.of, seconds);
      })
      .join('');
  }
}

/** Makes the `.partial` of a name that is free; false for one that is not. */
async function reserve(path: string): Promise<boolean> {
  const partial = path + PARTIAL;
  try {
    await (await open(partial, constants.O_CREAT | constants.O_EXCL | constants.O_WRONLY)).close();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  // In this order: whoever has completed it meanwhile had the `.partial` before.
  const complete = await lstat(path).catch(() => undefined);
  if (complete === undefined) return true;
  await unlink(partial);
  return false;
}
