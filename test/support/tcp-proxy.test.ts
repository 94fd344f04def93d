import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

// A server that answers with what it gets, in brackets.
let received = '';
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (bytes) => {
    received += bytes;
    socket.write(`[${bytes}]`);
  });
});
let proxy: TcpProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  received = '';
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  proxy = await startTcpProxy((server.address() as AddressInfo).port);
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  await new Promise((resolve) => server.close(resolve));
});

/** A connection through the proxy; what came back, and the code of its end. */
async function client() {
  const socket = connect(proxy.port, '127.0.0.1');
  clients.push(socket);
  const seen = { socket, text: '', ended: undefined as string | undefined };
  socket.on('data', (bytes) => {
    seen.text += bytes;
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    seen.ended = error.code;
  });
  // Bytes and a reset at once are an end for the reader.
  socket.on('close', () => {
    seen.ended ??= 'closed';
  });
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return seen;
}

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 5000; !holds(); ) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

test('passes bytes on in both directions, and the end', async () => {
  const one = await client();
  one.socket.write('a');
  await until(() => one.text === '[a]');
  expect([proxy.sent, proxy.answered, proxy.connections]).toEqual([1, 3, 1]);
  one.socket.end();
  await until(() => proxy.connections === 0);
});

test('cuts after bytes to the server, which has got them', async () => {
  const one = await client();
  proxy.cutAfter(3);
  one.socket.write('abcdef');
  await until(() => one.ended === 'ECONNRESET');
  await until(() => received === 'abc');
  expect(proxy.cuts).toBe(1);
  const other = await client();
  other.socket.write('g');
  await until(() => other.text === '[g]');
});

test('drops answers: the server has got the bytes, the client hears no more than it should', async () => {
  const one = await client();
  proxy.dropAnswers(2);
  one.socket.write('abc');
  await until(() => one.ended !== undefined);
  expect([one.text, received, proxy.cuts]).toEqual(['[a', 'abc', 1]);
  const other = await client();
  proxy.dropAnswers();
  other.socket.write('d');
  await until(() => other.ended === 'ECONNRESET');
  expect([other.text, received]).toEqual(['', 'abcd']);
});

test('refuses, and takes connections again at the same port', async () => {
  const one = await client();
  await proxy.refuse();
  await until(() => one.ended === 'ECONNRESET');
  expect((await client()).ended).toBe('ECONNREFUSED');
  await proxy.restore();
  const other = await client();
  other.socket.write('x');
  await until(() => other.text === '[x]');
});

test('stalls without an end, and goes on', async () => {
  const one = await client();
  one.socket.write('a');
  await until(() => one.text === '[a]');
  proxy.stall();
  one.socket.write('b');
  const other = await client();
  other.socket.write('c');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([received, one.text, other.text, one.ended]).toEqual(['a', '[a]', '', undefined]);
  await proxy.restore();
  await until(() => one.text === '[a][b]' && other.text === '[c]');
});
