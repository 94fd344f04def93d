import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import { type Capturer, LiveReader } from './live/live-reader.ts';
import { outputOf, tellingLines } from './live/program.ts';

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

const capturer: Capturer = {
  format: 'pcapng',
  command: (name, { filter, snapLength, bufferSize }) => ({
    program: 'dumpcap',
    arguments: [
      ...['-q', '-n', '-w', '-', '-i', name],
      ...['-B', String(bufferSize === undefined ? BUFFER : Math.max(1, Math.ceil(bufferSize / MEBIBYTE)))],
      ...(snapLength === undefined ? [] : ['-s', String(snapLength)]),
      ...(filter === undefined ? [] : ['-f', filter]),
    ],
  }),
  explain(child) {
    if (child.failure !== undefined) return child.failure.code === 'ENOENT' ? MISSING : child.failure.message;
    if (child.stopped) return undefined;
    const lines = tellingLines(child.messages, 'dumpcap', NOISE);
    if (lines.length > 0) return lines.join(' ');
    return child.code === 0 || child.code === 'SIGINT' ? undefined : `dumpcap ended with ${child.code}`;
  },
  drops(child, log) {
    const counts = /\(pcap:(\d+)\/dumpcap:(\d+)\/flushed:(\d+)\/ps_ifdrop:(\d+)\)/.exec(child.messages);
    if (counts === null) return;
    log.drops.kernel = Number(counts[1]);
    log.drops.application = Number(counts[2]) + Number(counts[3]);
    log.drops.interface = Number(counts[4]);
  },
};

/**
 * Live capture by Wireshark's dumpcap in a process of its own, so that only dumpcap needs the right to capture: times
 * from the kernel in nanoseconds, wire lengths, frames lost.
 */
export const dumpcap = defineSource({
  name: 'dumpcap',
  description: "live capture by Wireshark's dumpcap: kernel times, wire lengths, losses",
  live: true,
  limits: ['losses are known when the capture has ended'],
  open: (targets, options) => LiveReader.open(capturer, targets, options),
  async unavailable() {
    return (await outputOf('dumpcap', '-v')) === undefined ? MISSING : undefined;
  },
  async list() {
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
  },
});
