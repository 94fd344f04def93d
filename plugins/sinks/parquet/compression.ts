import * as zlib from 'node:zlib';
import type { CompressionCodec } from 'hyparquet';
import type { Compressors } from 'hyparquet-writer/src/types.js';
import { PacketloomError } from '../../../core/errors.ts';

/** How pages are compressed, as an option says it. */
export type Compression = 'snappy' | 'gzip' | 'zstd' | 'none';

/** The same for hyparquet-writer. */
export interface Codec {
  readonly codec: CompressionCodec;
  readonly compressors: Compressors;
}

/** @throws PacketloomError `sink` for zstd where Node has none */
export function codecOf(compression: Compression): Codec {
  switch (compression) {
    case 'none':
      return { codec: 'UNCOMPRESSED', compressors: {} };
    case 'snappy':
      return { codec: 'SNAPPY', compressors: {} };
    case 'gzip':
      return { codec: 'GZIP', compressors: { GZIP: (bytes) => zlib.gzipSync(bytes) } };
    case 'zstd': {
      const { zstdCompressSync } = zlib as { zstdCompressSync?: (bytes: Uint8Array) => Uint8Array };
      if (zstdCompressSync !== undefined) return { codec: 'ZSTD', compressors: { ZSTD: zstdCompressSync } };
      const text = `parquet: compression zstd needs Node 22.15 or later, this is ${process.version}: use snappy or gzip`;
      throw new PacketloomError('sink', text);
    }
  }
}
