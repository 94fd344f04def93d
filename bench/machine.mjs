import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem, type } from 'node:os';
import { basename } from 'node:path';
import { frameCount } from './capture.mjs';
import { count, withoutFolders } from './report.mjs';

const atStart = loadavg()[0];

/** The lines every section begins with: when, on what, and the command that repeats it. @param {string} command */
export function taken(command) {
  const date = new Date().toISOString().slice(0, 10);
  const processor = `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`;
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`;
  const system = `${type()} ${release()}, Node ${process.version}, ${revision()}`;
  return `Taken ${date} on ${processor}, ${memory}, ${system}; load average at the start ${atStart.toFixed(2)}.
Repeat with \`${command}\`.`;
}

/** The script's own call, as typed after npm or node, folders left out. @param {string} script */
export function ownCall(script) {
  const words = process.argv.slice(2).map((word) => (/\s/.test(word) ? `'${word}'` : word));
  return withoutFolders([script, ...words].join(' '));
}

/** What a capture is, so that the reader knows whether it is the same. @param {string} path */
export async function captureText(path) {
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
  const frames = frameCount(path);
  const size = `${count(statSync(path).size)} bytes${frames === null ? '' : `, ${count(frames)} frames`}`;
  return `Capture: ${basename(path)}, ${size}, sha256 \`${hash.digest('hex').slice(0, 16)}…\`.`;
}

/**
 * The first text in a program's output that looks like a version.
 * @param {string} program
 * @param {string[]} words
 */
export function versionOf(program, ...words) {
  const { stdout, stderr } = spawnSync(program, words, { encoding: 'utf8' });
  return /\d+(\.\d+)+/.exec(`${stdout}${stderr}`)?.[0] ?? 'unknown version';
}

function revision() {
  const folder = new URL('.', import.meta.url);
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  try {
    const words = ['--no-optional-locks', 'describe', '--always', '--dirty', '--exclude', '*'];
    const commit = execFileSync('git', words, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    return `packetloom ${version} at ${commit.trim()}`;
  } catch {
    return `packetloom ${version}`;
  }
}
