import type { Progress } from '../core/run/flow-run.ts';
import { grouped } from '../core/run/summary.ts';

/** Milliseconds between two states of the line. */
const INTERVAL = 200;

/** How far a run is, as one line. `seconds` is how long it has run. */
export function progressText({ frames, openFlows, rows, inputs }: Progress, seconds: number, files: number): string {
  const parts = [`${grouped(frames)} frames`, `${grouped(Math.round(frames / Math.max(seconds, 1e-3)))} frames/s`];
  parts.push(`${grouped(openFlows + rows)} flows`);
  const last = inputs.at(-1);
  const known = inputs.every(({ bytesTotal }) => bytesTotal !== undefined && bytesTotal > 0);
  if (last !== undefined && known && files > 0) {
    const [done, all] = inputs.reduce(([a, b], one) => [a + one.bytesRead, b + one.bytesTotal!], [0, 0]);
    // Merged files are all open at once. Files that were not opened yet count like the ones that were: their sizes are not known.
    const merged = inputs.filter((one) => one.bytesRead < one.bytesTotal!).length > 1;
    const share = merged
      ? done / all
      : (inputs.length - 1 + Math.min(1, last.bytesRead / last.bytesTotal!)) / Math.max(files, inputs.length);
    parts.unshift(`${Math.floor(share * 100)} %`);
    if (share > 0.01 && seconds > 0.5) parts.push(`${Math.ceil((seconds / share) * (1 - share))} s left`);
  }
  return parts.join(', ');
}

/** The line on stderr that says how far a run is; drawn over itself, and gone at the end. */
export class ProgressLine {
  readonly #files: number;
  readonly #started = performance.now();
  #next = this.#started + INTERVAL;
  #drawn = false;

  /** @param files inputs in all; 0 for live */
  constructor(files: number) {
    this.#files = files;
  }

  update(progress: Progress): void {
    const now = performance.now();
    if (now < this.#next) return;
    this.#next = now + INTERVAL;
    const text = progressText(progress, (now - this.#started) / 1000, this.#files);
    process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
    this.#drawn = true;
  }

  clear(): void {
    if (this.#drawn) process.stderr.write('\r\u001b[K');
    this.#drawn = false;
  }
}
