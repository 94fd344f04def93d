import { networkInterfaces } from 'node:os';
import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import { type Capturer, LiveReader } from './live/live-reader.ts';
import { outputOf, tellingLines } from './live/program.ts';

const MISSING = 'tcpdump is not installed: install tcpdump';
/** Kernel buffer in KiB, where not told otherwise. */
const BUFFER = 64 * 1024;

const NOISE = ['listening on', 'data link type'];
const COUNTS = /^(\d+ )?packets? (captured|received|dropped)/;

const capturer: Capturer = {
  format: 'pcap',
  command: (name, { filter, snapLength, bufferSize }) => ({
    program: 'tcpdump',
    arguments: [
      // Each packet is handed on at once: otherwise quiet traffic would wait for a full buffer.
      ...['-n', '-U', '--time-stamp-precision=nano', '-w', '-', '-i', name],
      ...['-B', String(bufferSize === undefined ? BUFFER : Math.max(1, Math.ceil(bufferSize / 1024)))],
      ...(snapLength === undefined ? [] : ['-s', String(snapLength)]),
      ...(filter === undefined ? [] : ['--', filter]),
    ],
  }),
  explain(child) {
    if (child.failure !== undefined) return child.failure.code === 'ENOENT' ? MISSING : child.failure.message;
    if (child.stopped) return undefined;
    const lines = tellingLines(child.messages, 'tcpdump', NOISE).filter((line) => !COUNTS.test(line));
    if (child.code === 0 || child.code === 'SIGINT') return undefined;
    return lines.length > 0 ? lines.join(' ') : `tcpdump ended with ${child.code}`;
  },
  drops(child, log) {
    const kernel = /^(\d+) packets? dropped by kernel/m.exec(child.messages);
    if (kernel === null) return;
    log.drops.kernel = Number(kernel[1]);
    // Said only when there were any.
    log.drops.interface = Number(/^(\d+) packets? dropped by interface/m.exec(child.messages)?.[1] ?? 0);
  },
};

/** Live capture by tcpdump in a process of its own: times from the kernel in nanoseconds, wire lengths, frames lost. */
export const tcpdump = defineSource({
  name: 'tcpdump',
  description: 'live capture by tcpdump: kernel times, wire lengths, losses',
  live: true,
  limits: [
    'losses are known when the capture has ended, and not those between tcpdump and packetloom',
    'frames of a quiet interface arrive up to a second late',
  ],
  open: (targets, options) => LiveReader.open(capturer, targets, options),
  async unavailable() {
    return (await outputOf('tcpdump', '--version')) === undefined ? MISSING : undefined;
  },
  async list() {
    const output = await outputOf('tcpdump', '-D');
    if (output === undefined) throw new PacketloomError('device', MISSING);
    const known = networkInterfaces();
    return [...output.matchAll(/^\d+\.(\S+)(?: \((.*?)\))?/gm)].map(([, name = '', description = '']) => ({
      name,
      description,
      addresses: (known[name] ?? []).map(({ address }) => address),
    }));
  },
});
