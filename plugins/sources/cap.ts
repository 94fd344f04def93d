import { existsSync, realpathSync } from 'node:fs';
import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import { packageFile } from '../../core/package-root.ts';
import type { CapMessage, CapRequest } from './live/cap-worker.ts';
import type { Capturer } from './live/capturer.ts';
import { ChildCapture, type ChildCommand } from './live/child-capture.ts';
import { type Fault, faultOf } from './live/fault.ts';
import { LiveReader } from './live/live-reader.ts';
import { setcap, tellingLines } from './live/program.ts';

/** Kernel ring in bytes, where not told otherwise. In immediate mode every frame takes 64 KiB of it, whatever its size. */
const RING = 256 * 1024 * 1024;
/** The binding's own, which cannot be changed. */
const SNAP_LENGTH = 65_535;

const MISSING =
  'the package cap is not there or was not built: install libpcap-dev (Debian, Ubuntu) or libpcap-devel (Fedora), ' +
  'then npm install cap, or npm rebuild cap';

/** A compiled file of the package; sources alone cannot start it. */
function worker(argument: string, request?: CapRequest): ChildCommand {
  const module = packageFile('dist/plugins/sources/live/cap-worker.js');
  if (!existsSync(module)) throw new PacketloomError('device', 'cap: works from compiled files only (npm run build)');
  return { module, arguments: [argument, ...(request === undefined ? [] : [JSON.stringify(request)])] };
}

const faults = new WeakMap<object, Fault>();

function faultFrom(message: CapMessage): Fault | undefined {
  if (message.kind === 'missing') return { kind: 'missing', reason: MISSING };
  if (message.kind === 'filter') return { kind: 'filter', reason: message.reason };
  return message.kind === 'failed' ? faultOf(message.reason) : undefined;
}

const capturer: Capturer = {
  name: 'cap',
  format: 'pcap',
  wait: 1000,
  command: (name, { filter = '', snapLength = SNAP_LENGTH, bufferSize = RING }) =>
    worker('capture', { name, filter, ringSize: bufferSize, snapLength: Math.min(snapLength, SNAP_LENGTH) }),
  onMessage(message, log) {
    const known = message as CapMessage;
    const fault = faultFrom(known);
    if (fault !== undefined) faults.set(log, fault);
    if (known.kind === 'dropped') log.drops.application = known.frames;
  },
  explain(child, log) {
    const fault = faults.get(log);
    if (fault !== undefined) return fault;
    if (child.failure !== undefined) return { kind: 'other', reason: child.failure.message };
    if (child.stopped) return undefined;
    // The binding's assertion that its socket has no error: ENETDOWN is one.
    if (child.messages.includes("`status == 0' failed")) return { kind: 'away', reason: 'the interface went down' };
    const lines = tellingLines(child.messages, 'cap', ['Warning:']);
    return { kind: 'other', reason: lines[0] ?? `the capturing process of cap ended with ${child.code}` };
  },
  drops(child, log, ended) {
    // What a process held that ended by itself is not known.
    if (ended && child.stopped) log.drops.application ??= 0;
    else if (ended) log.drops.application = null;
  },
  grant: () =>
    `${setcap(realpathSync(process.execPath))}, which lets every program that Node.js runs capture, whoever starts it: ` +
    'rather give that right to dumpcap or tcpdump, or run as root',
  list: () => interfaces(),
};

/** Asks a worker for the interfaces. */
async function interfaces() {
  let found: Extract<CapMessage, { kind: 'interfaces' }>['interfaces'] | undefined;
  let fault: Fault | undefined;
  const onMessage = (message: unknown) => {
    const known = message as CapMessage;
    fault ??= faultFrom(known);
    if (known.kind === 'interfaces') found = known.interfaces;
  };
  const child = new ChildCapture(worker('list'), { onMessage });
  while (!child.input.ended) await child.input.ready();
  await child.ended;
  if (found !== undefined) return found;
  throw new PacketloomError('device', `cap: ${fault?.reason ?? `the process ended with ${child.code}`}`);
}

/** Live capture with the package `cap`, in a process of its own. */
export const cap = defineSource({
  name: 'cap',
  description: 'live capture with the npm package cap: no other program needed',
  live: true,
  limits: [
    'times are stamped in user space, after the frame has passed through the kernel',
    'frames lost in the kernel are unknown',
    'the wire length is unknown: it is taken to be the captured length',
    'frames are cut at 65,535 bytes, and the interface is always put into promiscuous mode',
  ],
  async open(targets, options) {
    if (options.promiscuous === false) {
      const why = 'the package always puts the interface into promiscuous mode; use --source dumpcap or tcpdump';
      throw new PacketloomError('usage', `--no-promiscuous: cap: ${why}`);
    }
    return LiveReader.open(capturer, targets, options);
  },
  async unavailable() {
    try {
      await interfaces();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  },
  list: interfaces,
});
