import { networkInterfaces } from 'node:os';
import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import type { Capturer } from './live/capturer.ts';
import { faultOf } from './live/fault.ts';
import { LiveReader } from './live/live-reader.ts';
import { closedText, outputOf, pathOf, setcap, tellingLines } from './live/program.ts';

const MISSING = 'tcpdump is not installed: install tcpdump';
/** Kernel buffer in KiB, where not told otherwise. */
const BUFFER = 64 * 1024;

/** At this signal it tells its counts and goes on: SIGINFO, where there is one. */
const INFORM = process.platform === 'linux' ? 'SIGUSR1' : 'SIGINFO';

const NOISE = ['listening on', 'data link type'];
const COUNTS = /^(\d+ )?packets? (captured|received|dropped)|packets captured,/;

async function list() {
  const output = await outputOf('tcpdump', '-D');
  if (output === undefined) throw new PacketloomError('device', MISSING);
  const known = networkInterfaces();
  return [...output.matchAll(/^\d+\.(\S+)(?: \((.*?)\))?/gm)].map(([, name = '', description = '']) => ({
    name,
    description,
    addresses: (known[name] ?? []).map(({ address }) => address),
  }));
}

/** The last number of its kind: told at the end, and whenever it is asked. */
function lastCount(messages: string, what: string): number | undefined {
  const counts = [...messages.matchAll(new RegExp(`(\\d+) packets? ${what}`, 'g'))];
  const last = counts.at(-1)?.[1];
  return last === undefined ? undefined : Number(last);
}

const capturer: Capturer = {
  name: 'tcpdump',
  format: 'pcap',
  wait: 1000,
  command: (name, { filter, snapLength, bufferSize, promiscuous }) => ({
    program: 'tcpdump',
    arguments: [
      // Each packet is handed on at once: otherwise quiet traffic would wait for a full buffer.
      ...['-n', '-U', '--time-stamp-precision=nano', '-w', '-', '-i', name],
      ...['-B', String(bufferSize === undefined ? BUFFER : Math.max(1, Math.ceil(bufferSize / 1024)))],
      ...(promiscuous === false ? ['-p'] : []),
      ...(snapLength === undefined ? [] : ['-s', String(snapLength)]),
      ...(filter === undefined ? [] : ['--', filter]),
    ],
  }),
  explain(child, log, { filter }) {
    const { failure, messages, code } = child;
    if (failure?.code === 'ENOENT') return { kind: 'missing', reason: MISSING };
    if (failure?.code === 'EACCES') return { kind: 'missing', reason: closedText('tcpdump') };
    if (failure !== undefined) return { kind: 'other', reason: failure.message };
    if (child.stopped || code === 0 || code === 'SIGINT') return undefined;
    const lines = tellingLines(messages, 'tcpdump', NOISE).filter((line) => !COUNTS.test(line));
    if (lines.length === 0) return { kind: 'other', reason: `tcpdump ended with ${code}` };
    const own = lines.filter((line) => !/^\(.*\)$/.test(line)).map((line) => line.replace(`${log.name}: `, ''));
    const fault = faultOf(lines.join(' '));
    if (fault.kind === 'rights') {
      return { kind: 'rights', reason: /\(([^()]*)\)/.exec(fault.reason)?.[1] ?? own.join(' ') };
    }
    // What it says of the interface begins with the interface's name; then it compiles the filter, then it listens.
    const isOfFilter = filter !== undefined && !messages.includes('listening on') && own[0] === lines[0];
    if (fault.kind === 'other' && isOfFilter) return { kind: 'filter', reason: own.join(' ') };
    return { kind: fault.kind, reason: own.join(' ') };
  },
  drops(child, log, ended) {
    const { messages } = child;
    const kernel = lastCount(messages, 'dropped by kernel');
    if (kernel === undefined) return;
    log.drops.kernel = kernel;
    // Said only when there were any.
    log.drops.interface = lastCount(messages, 'dropped by interface') ?? 0;
    if (!ended) return;
    const written = lastCount(messages, 'captured');
    if (written !== undefined) log.drops.application = Math.max(0, written - log.frames);
  },
  ask: (child) => child.signal(INFORM),
  grant: () => setcap(pathOf('tcpdump')),
  list,
};

/** Live capture by tcpdump in a process of its own: times from the kernel in nanoseconds, wire lengths, frames lost. */
export const tcpdump = defineSource({
  name: 'tcpdump',
  description: 'live capture by tcpdump: times of the kernel in nanoseconds, wire lengths, losses',
  live: true,
  limits: [
    'frames lost in the kernel are told every few seconds, those lost after that are unknown until the capture has ended',
    'frames of a quiet interface arrive up to a second late',
  ],
  open: (targets, options) => LiveReader.open(capturer, targets, options),
  async unavailable() {
    try {
      return (await outputOf('tcpdump', '--version')) === undefined ? MISSING : undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  list,
});
