import type { Sink } from '../../../core/declare/sink.ts';
import { deliverySettings, timeoutOf } from '../../../core/deliver/delivery-options.ts';
import { SegmentWriter } from '../../../core/deliver/segment-writer.ts';
import { openOutput } from '../../../core/output/output-file.ts';
import { openRotating } from '../../../core/output/rotation.ts';
import { parseDuration } from '../../../core/run/duration.ts';
import { destinationOf } from './destination.ts';
import { MessageFile } from './file.ts';
import { type PrepareOptions, prepareEncoder } from './prepare.ts';
import { TcpExporter } from './tcp.ts';
import { UdpExporter } from './udp.ts';

/** Most bytes of a message over TCP and in files: far below what the length can say, and well above what heads cost. */
const LONG_MESSAGE = 16_384;

/** Options as they arrive, also without defaults. */
interface Options extends Omit<PrepareOptions, 'longest'> {
  readonly mtu?: number;
  readonly rate?: number;
  readonly templateRefresh?: string;
  readonly segmentRows?: number;
}

/** Opens a connection to a collector, or a file of IPFIX messages. */
export const open: Sink['open'] = async (target, columns, options, context) => {
  const { mtu = 1400, rate = 5000, templateRefresh = '10m', segmentRows = 512 } = options as Options;
  const destination = destinationOf(target);
  const isUdp = destination?.transport === 'udp';
  const encoder = prepareEncoder(target, columns, { longest: isUdp ? mtu : LONG_MESSAGE, ...options }, context);
  if (destination === undefined) {
    return openRotating({ sink: 'ipfix', target, columns, options, context }, async (path) => {
      const output = await openOutput({ sink: 'ipfix', target: path, binary: true, stop: () => context.stop() });
      return new MessageFile(encoder, output, columns);
    });
  }
  const exporter = isUdp
    ? new UdpExporter(destination, parseDuration(templateRefresh)! / 1e6, rate)
    : new TcpExporter(destination, timeoutOf({ timeout: '10s', ...options }), (line) => context.report(line));
  const { domain, times, enterprise } = options as Options;
  const encoding = JSON.stringify([domain, times, enterprise, isUdp ? mtu : 0]);
  return new SegmentWriter(
    {
      encode: (rows) => encoder.encode(rows),
      deliver: (payload) => exporter.send(payload),
      close: () => exporter.close(),
    },
    columns,
    { sink: 'ipfix', target, rows: segmentRows, encoding, ...deliverySettings(options) },
    context,
  );
};
