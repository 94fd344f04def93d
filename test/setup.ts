import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Tests with a process, worker or package in them run on dist/, so it is built anew before all tests. */
export default function setup(): void {
  if (process.env.PACKETLOOM_SKIP_BUILD) return;
  execFileSync(process.execPath, [join(import.meta.dirname, '..', 'build.mjs')], { stdio: 'inherit' });
}
