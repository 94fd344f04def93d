import { existsSync } from 'node:fs';
import { defineSource } from '../../core/declare/source.ts';
import { PacketloomError } from '../../core/errors.ts';
import { packageFile } from '../../core/package-root.ts';
import type { CapMessage, CapRequest } from './live/cap-worker.ts';
import { ChildCapture, type ChildCommand } from './live/child-capture.ts';
import { type Capturer, LiveReader } from './live/live-reader.ts';
import { tellingLines } from './live/program.ts';

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

const reasons = new WeakMap<object, string>();

function reasonFrom(message: CapMessage): string | undefined {
  if (message.kind === 'missing') return MISSING;
  return message.kind === 'failed' ? message.reason : undefined;
}

const capturer: Capturer = {
  format: 'pcap',
  command: (name, { filter = '', snapLength = SNAP_LENGTH, bufferSize = RING }) =>
    worker('capture', { name, filter, ringSize: bufferSize, snapLength: Math.min(snapLength, SNAP_LENGTH) }),
  onMessage(message, log) {
    const known = message as CapMessage;
    const reason = reasonFrom(known);
    if (reason !== undefined) reasons.set(log, reason);
    if (known.kind === 'dropped') log.drops.application = known.frames;
  },
  explain(child, log) {
    const reason = reasons.get(log);
    if (reason !== undefined) return reason;
    if (child.failure !== undefined) return child.failure.message;
    if (child.stopped) return undefined;
    if (child.messages.includes('Assertion')) return 'the capture was ended by the system: the interface went down';
    const lines = tellingLines(child.messages, 'cap', ['Warning:']);
    return lines[0] ?? `the capturing process ended with ${child.code}`;
  },
  drops(_child, log) {
    log.drops.application ??= 0;
  },
};

/** Asks a worker for the interfaces. */
async function interfaces() {
  let found: Extract<CapMessage, { kind: 'interfaces' }>['interfaces'] | undefined;
  let reason: string | undefined;
  const child = new ChildCapture(worker('list'), (message) => {
    const known = message as CapMessage;
    reason ??= reasonFrom(known);
    if (known.kind === 'interfaces') found = known.interfaces;
  });
  while (!child.input.ended) await child.input.ready();
  await child.ended;
  if (found !== undefined) return found;
  throw new PacketloomError('device', `cap: ${reason ?? `the process ended with ${child.code}`}`);
}

/** Live capture with the package `cap`, in a process of its own. */
export const cap = defineSource({
  name: 'cap',
  description: 'live capture with the npm package cap: no other program needed',
  live: true,
  limits: [
    'times are stamped in user space, after the frame has passed through the kernel',
    'frames lost in the kernel or the interface are not known',
    'the wire length is not known: it is taken to be the captured length',
    'frames are cut at 65,535 bytes; the interface is put into promiscuous mode',
  ],
  open: (targets, options) => LiveReader.open(capturer, targets, options),
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
