import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

// The columns of the bench have no information elements: all are exported under the enterprise number for documentation
// (RFC 5612). Rows with other empty columns have other templates: 12 columns at random make more of them than traffic.
const options = { enterprise: 32_473 };

/** @type {import('../sinks.mjs').Case[]} */
export const cases = [
  { name: 'IPFIX, file', transport: 'file', options },
  { name: 'IPFIX, TCP', transport: 'tcp', options },
  { name: 'IPFIX, UDP, not paced', transport: 'udp', options: { ...options, rate: 1_000_000 } },
];

// Reads and forgets, in a process of its own: this one waits for the bench.
const COLLECTOR = `
const say = (one) => console.log(one.address().port);
if (process.argv[1] === 'tcp') {
  const server = require('node:net').createServer((socket) => socket.on('error', () => {}).resume());
  server.listen(0, '127.0.0.1', () => say(server));
} else {
  const socket = require('node:dgram').createSocket('udp4');
  socket.bind(0, '127.0.0.1', () => say(socket));
}
`;

/** @param {string} folder @param {import('../sinks.mjs').Case} one */
export async function start(folder, { transport }) {
  if (transport === 'file') return { target: join(folder, 'flows.ipfix') };
  const child = spawn(process.execPath, ['-e', COLLECTOR, transport], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout.setEncoding('utf8'), 'data');
  const stop = async () => {
    const ended = once(child, 'exit');
    child.kill();
    await ended;
  };
  return { target: `ipfix+${transport}://127.0.0.1:${port.trim()}`, stop };
}
