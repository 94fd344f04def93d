import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import type { Capturer } from './live/capturer.ts';
import { faultOf } from './live/fault.ts';
import { LiveReader } from './live/live-reader.ts';
import { closedText, isThere, outputOf, pathOf, setcap, tellingLines } from './live/program.ts';

const MISSING = 'dumpcap is not installed: install wireshark-common (Debian, Ubuntu) or wireshark-cli (Fedora)';
const MEBIBYTE = 1024 * 1024;
/** Kernel buffer in MiB, where not told otherwise; dumpcap's own 2 loses frames in bursts. */
const BUFFER = 64;

const NOISE = [
  'Capturing on',
  'File:',
  'Packets captured:',
  'Packets received/dropped',
  'Please report',
  "See the User's",
];

async function list() {
  const output = await outputOf('dumpcap', '-D', '-M');
  if (output === undefined) throw new PacketloomError('device', MISSING);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      // number and name, vendor's description, friendly name, type, addresses, loopback or network
      const [first = '', vendor = '', friendly = '', , addresses = ''] = line.split('\t');
      return {
        name: first.replace(/^\d+\. /, ''),
        description: friendly || vendor,
        addresses: addresses === '' ? [] : addresses.split(','),
      };
    });
}

const capturer: Capturer = {
  name: 'dumpcap',
  format: 'pcapng',
  wait: 250,
  command: (name, { filter, snapLength, bufferSize, promiscuous }) => ({
    program: 'dumpcap',
    arguments: [
      ...['-q', '-n', '-w', '-', '-i', name],
      ...['-B', String(bufferSize === undefined ? BUFFER : Math.max(1, Math.ceil(bufferSize / MEBIBYTE)))],
      ...(promiscuous === false ? ['-p'] : []),
      ...(snapLength === undefined ? [] : ['-s', String(snapLength)]),
      ...(filter === undefined ? [] : ['-f', filter]),
    ],
  }),
  explain(child) {
    const { failure, messages, code } = child;
    if (failure?.code === 'ENOENT') return { kind: 'missing', reason: MISSING };
    if (failure?.code === 'EACCES') return { kind: 'missing', reason: closedText('dumpcap') };
    if (failure !== undefined) return { kind: 'other', reason: failure.message };
    if (child.stopped) return undefined;
    const filter = /valid capture filter \(([\s\S]*?)\)\.?\s*$/m.exec(messages)?.[1];
    if (filter !== undefined) return { kind: 'filter', reason: filter };
    const text = tellingLines(messages, 'dumpcap', NOISE).join(' ');
    const fault = faultOf(text);
    // Pages of advice follow the system's own words.
    if (fault.kind === 'rights') return { kind: 'rights', reason: /\(([^()]*)\)/.exec(text)?.[1] ?? 'not permitted' };
    if (text !== '') return fault;
    return code === 0 || code === 'SIGINT' ? undefined : { kind: 'other', reason: `dumpcap ended with ${code}` };
  },
  drops(child, log, ended) {
    const counts = /\(pcap:(\d+)\/dumpcap:(\d+)\/flushed:(\d+)\/ps_ifdrop:(\d+)\)/.exec(child.messages);
    if (counts === null) return;
    const written = /^Packets captured: (\d+)/m.exec(child.messages)?.[1];
    const unread = ended && written !== undefined ? Math.max(0, Number(written) - log.frames) : 0;
    log.drops.kernel = Number(counts[1]);
    log.drops.application = Number(counts[2]) + Number(counts[3]) + unread;
    log.drops.interface = Number(counts[4]);
  },
  grant() {
    const path = pathOf('dumpcap');
    const debian = isThere('/usr/sbin/dpkg-reconfigure')
      ? 'sudo dpkg-reconfigure wireshark-common (answer Yes) and sudo usermod -aG wireshark $USER, then log in again; or '
      : '';
    return `${debian}${setcap(path)}`;
  },
  list,
};

/**
 * Live capture by Wireshark's dumpcap in a process of its own, so that only dumpcap needs the right to capture: times
 * from the kernel in nanoseconds, wire lengths, frames lost.
 */
export const dumpcap = defineSource({
  name: 'dumpcap',
  description: "live capture by Wireshark's dumpcap: times of the kernel in nanoseconds, wire lengths, losses",
  live: true,
  limits: ['frames lost in the kernel and in dumpcap are unknown until the capture has ended'],
  open: (targets, options) => LiveReader.open(capturer, targets, options),
  async unavailable() {
    try {
      return (await outputOf('dumpcap', '-v')) === undefined ? MISSING : undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
  list,
});
