import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getSystemErrorMap } from 'node:util';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { PacketloomError } from '../../core/errors.ts';
import { HealthWatch } from './health.ts';
import type { MetricsAddress } from './metrics-address.ts';
import { runMetrics } from './run-metrics.ts';
import type { RunView } from './run-view.ts';

const LOOK_MILLISECONDS = 1000;
/** Nobody needs more of them, and each costs memory. */
const CONNECTIONS = 32;

/** A server of metrics and health. */
export interface MetricsServer {
  /** `http://127.0.0.1:9477` */
  readonly url: string;
  close(): void;
}

/** Of prom-client's: gauges with names of counters; each is the sum of another one. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is in use: another program, or another run, listens there',
  EACCES: 'not permitted: ports below 1024 need root or CAP_NET_BIND_SERVICE',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
};

function reasonOf({ code = '', errno, message }: NodeJS.ErrnoException): string {
  return REASONS[code] ?? (errno === undefined ? undefined : getSystemErrorMap().get(errno)?.[1]) ?? message;
}

/** What answers requests: `/metrics`, `/health` and nothing else. */
function answering(view: RunView, watch: HealthWatch) {
  const own = new Registry();
  collectDefaultMetrics({ register: own });
  for (const name of MISNAMED) own.removeSingleMetric(name);
  const routes: Readonly<Record<string, (response: ServerResponse) => Promise<void>>> = {
    async '/metrics'(response) {
      const all = Registry.merge([own, runMetrics(view)]);
      const text = await all.metrics();
      response.writeHead(200, { 'content-type': all.contentType }).end(text);
    },
    async '/health'(response) {
      const health = watch.health();
      response.writeHead(health.status === 'ok' ? 200 : 503, { 'content-type': 'application/json' });
      response.end(`${JSON.stringify(health)}\n`);
    },
  };
  return async ({ method, url = '' }: IncomingMessage, response: ServerResponse) => {
    const path = url.replace(/\?.*/s, '');
    const route = Object.hasOwn(routes, path) ? routes[path] : undefined;
    response.setHeader('cache-control', 'no-store');
    response.setHeader('x-content-type-options', 'nosniff');
    if (route === undefined) response.writeHead(404).end('not found: there are /metrics and /health\n');
    else if (method !== 'GET') response.writeHead(405, { allow: 'GET' }).end('only GET\n');
    else {
      await route(response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500);
        response.end(`${error instanceof Error ? error.message : String(error)}\n`);
      });
    }
  };
}

/**
 * Serves the metrics and the health of a run until it is closed. It keeps no run going.
 * @throws PacketloomError `device` when the address cannot be had
 */
export async function serveMetrics({ host, port }: MetricsAddress, view: RunView): Promise<MetricsServer> {
  const watch = new HealthWatch(view);
  const server = createServer({ requestTimeout: 10_000, headersTimeout: 5000 }, answering(view, watch));
  server.maxConnections = CONNECTIONS;
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (cause) {
    const shown = `${host.includes(':') ? `[${host}]` : host}:${port}`;
    throw new PacketloomError('device', `metrics: ${shown}: ${reasonOf(cause as NodeJS.ErrnoException)}`, { cause });
  }
  server.unref();
  const timer = setInterval(() => watch.look(), LOOK_MILLISECONDS);
  timer.unref();
  const bound = server.address() as AddressInfo;
  return {
    url: `http://${bound.family === 'IPv6' ? `[${bound.address}]` : bound.address}:${bound.port}`,
    close() {
      clearInterval(timer);
      server.close();
      server.closeAllConnections();
    },
  };
}
