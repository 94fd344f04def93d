import { PacketloomError } from '../errors.ts';
import { loadPeer } from './peer.ts';

/** How a file is compressed. */
export type CompressionKind = 'none' | 'gzip' | 'zstd';

/** JSON Schema of the options of sinks whose files can be compressed; to be spread into their `properties`. */
export const compressionProperties = {
  compression: {
    enum: ['none', 'gzip', 'zstd'],
    description: 'Compression of the file; gzip where its name ends in .gz, zstd where it ends in .zst, else none',
  },
  level: {
    type: 'integer',
    minimum: 1,
    maximum: 19,
    description: 'Compression level: 1 (fast) to 9 for gzip (6), to 19 for zstd (3)',
  },
} as const;

/** Endings of file names, and the same with those of compressed files. */
export function withCompressed(endings: readonly string[]): string[] {
  return [...endings, ...endings.flatMap((ending) => [`${ending}.gz`, `${ending}.zst`])];
}

/** What the options of {@link compressionProperties} and the name of a file mean. */
export function compressionOf(target: string, options: Readonly<Record<string, unknown>>): CompressionKind {
  const byName = /\.gz$/i.test(target) ? 'gzip' : /\.zst$/i.test(target) ? 'zstd' : 'none';
  return (options.compression as CompressionKind | undefined) ?? byName;
}

/** Compresses one stream, piece by piece. */
export interface Compressor {
  /** What the bytes become; all that was given so far can be read back from what has come out. */
  compress(bytes: Uint8Array): Promise<Uint8Array>;
  /** What stands at the end of the stream. */
  end(): Promise<Uint8Array>;
}

/** What Node's streams of zlib and those of zstd-napi have in common. */
interface CompressingStream {
  write(bytes: Uint8Array): boolean;
  end(): unknown;
  read(): Uint8Array | null;
  once(event: 'end' | 'error', listener: (error?: Error) => void): unknown;
  on(event: 'data' | 'error', listener: (part: Uint8Array & Error) => void): unknown;
}

function compressorOf(stream: CompressingStream, flush: (done: () => void) => void): Compressor {
  let parts: Uint8Array[] = [];
  let failed: ((error: Error) => void) | undefined;
  stream.on('data', (part) => parts.push(part));
  stream.on('error', (error) => failed?.(error));
  const take = (): Uint8Array => {
    // What has not been given to the listener yet.
    while (stream.read() !== null);
    const taken = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
    parts = [];
    return taken;
  };
  const after = (act: (done: () => void) => void): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      failed = reject;
      act(() => resolve(take()));
    });
  return {
    compress: (bytes) =>
      after((done) => {
        stream.write(bytes);
        flush(done);
      }),
    end: () =>
      after((done) => {
        stream.once('end', done);
        stream.end();
      }),
  };
}

/** What later versions of `node:zlib` have. */
interface ZstdOfNode {
  createZstdCompress?(options: object): CompressingStream & { flush(kind: number, done: () => void): void };
  readonly constants: { readonly ZSTD_e_flush: number; readonly ZSTD_c_compressionLevel: number };
}

/** The part of the package zstd-napi that is used. */
interface ZstdNapi {
  readonly CompressStream: new (options: {
    compressionLevel: number;
  }) => CompressingStream & {
    flush(done: () => void): void;
  };
}

async function openZstd(sink: string, level: number): Promise<Compressor> {
  const { createZstdCompress, constants } = (await import('node:zlib')) as unknown as ZstdOfNode;
  if (createZstdCompress !== undefined) {
    const stream = createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: level } });
    return compressorOf(stream, (done) => stream.flush(constants.ZSTD_e_flush, done));
  }
  const { CompressStream } = await loadPeer<ZstdNapi>('zstd-napi', `${sink}: zstd before Node 22.15`);
  const stream = new CompressStream({ compressionLevel: level });
  return compressorOf(stream, (done) => stream.flush(done));
}

/**
 * Opens a compressor; its work is done by threads of the runtime.
 * @throws PacketloomError `configuration` for a level that gzip has not, `sink` where zstd is not to be had
 */
export async function openCompressor(
  sink: string,
  kind: Exclude<CompressionKind, 'none'>,
  level: number | undefined,
): Promise<Compressor> {
  if (kind === 'zstd') return openZstd(sink, level ?? 3);
  if (level !== undefined && level > 9) {
    throw new PacketloomError('configuration', `${sink}: level ${level}: gzip has levels from 1 to 9`);
  }
  // Loaded here: every start of the program would pay for it.
  const { createGzip, constants } = await import('node:zlib');
  const stream = createGzip({ level: level ?? 6 });
  return compressorOf(stream, (done) => stream.flush(constants.Z_SYNC_FLUSH, done));
}
