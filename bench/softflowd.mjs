import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { countFlows } from './count.mjs';
import { versionOf } from './machine.mjs';
import { ended, environment, measure, pinning, readUsage, total, which, withUsage } from './measure.mjs';

/**
 * softflowd only sends NetFlow, so nfcapd on the loopback interface writes its file. The clock runs from the start of
 * softflowd to the end of nfcapd, which is told to end when its socket is empty; its start is not counted.
 * @type {import('./peers.mjs').Peer}
 */
export const softflowd = {
  name: 'softflowd',
  title: 'softflowd and nfcapd, binary file',
  needs: ['softflowd', 'nfcapd', 'nfdump'],
  version: () => `${versionOf(which('softflowd') ?? 'softflowd', '-h')}, nfcapd ${versionOf('nfcapd', '-V')}`,
  command: (context) => softflowdCommand(context, '9995'),
  measure: async (context, conditions) => {
    const port = await freePort();
    const collector = await startCollector(context.folder, port, conditions);
    const begin = process.hrtime.bigint();
    try {
      const own = await measure(softflowdCommand(context, String(port)), conditions);
      await drained(port);
      const usage = await collector.stop();
      return { seconds: Number(process.hrtime.bigint() - begin) / 1e9, ...total([own, usage]) };
    } finally {
      await collector.stop();
    }
  },
  rows: ({ folder }) => countFlows(folder),
  note: 'one-way flows; without expiry: in a file it only evicts (`-m`) and flushes at the end',
};

// Without `-c none` it waits for the control socket of another instance; `-d` keeps it in the foreground.
function softflowdCommand({ capture, folder }, port) {
  const target = ['-n', `127.0.0.1:${port}`, '-v', '9', '-m', '1000000'];
  return {
    stages: [[which('softflowd') ?? 'softflowd', '-r', capture, ...target, '-c', 'none', '-p', `${folder}.pid`, '-d']],
  };
}

async function startCollector(folder, port, conditions) {
  const usage = join(conditions.folder, 'usage-collector');
  const words = ['nfcapd', '-b', '127.0.0.1', '-p', String(port), '-w', folder, '-B', '64000000', '-t', '3600'];
  const [program, ...rest] = [...pinning(conditions.pinned), ...withUsage(words, usage)];
  const child = spawn(program, rest, { stdio: 'ignore', env: environment(), detached: true });
  const end = ended(child);
  for (let tries = 0; queued(port) === null; tries++) {
    if (tries > 500 || child.exitCode !== null) throw new Error('nfcapd does not listen');
    await pause(10);
  }
  const stop = async () => {
    // To the group: GNU time ignores this signal while it waits, nfcapd completes its file.
    if (child.pid && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, 'SIGINT');
    await end;
    return readUsage(usage);
  };
  return { stop };
}

async function drained(port) {
  for (let empty = 0; empty < 3; ) {
    empty = queued(port) === 0 ? empty + 1 : 0;
    await pause(1);
  }
}

/** Bytes waiting in the socket that listens at the port, null when there is none. */
function queued(port) {
  const local = `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const sockets = readFileSync('/proc/net/udp', 'utf8').split('\n');
  const columns = sockets.map((line) => line.trim().split(/\s+/)).find((words) => words[1] === local);
  return columns === undefined ? null : Number.parseInt(columns[4].split(':')[1], 16);
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1', () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
    });
  });
}
