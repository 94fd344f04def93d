import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { createRegistry } from '../../../core/declare/registry.ts';
import type { FrameReader } from '../../../core/declare/source.ts';
import { defaultFlowSettings } from '../../../core/flow/settings.ts';
import { FrameRun, type FrameRunOptions } from '../../../core/packets/frame-run.ts';
import { Protocols } from '../../../core/packets/protocols.ts';
import { compileRow, type Occurrence } from '../../../core/packets/row.ts';
import { demandedBy, needed, selectColumns } from '../../../core/packets/selection.ts';
import { TextChunk } from '../../../core/packets/text-chunk.ts';
import type { PacketFormat } from '../../../core/packets/text-code.ts';
import { captureFile } from '../../../plugins/sources/capture-file.ts';
import { standard } from '../../../plugins/standard.ts';

export const registry = createRegistry([standard]);

/** A capture that other projects made, kept with the tests. */
export const vendored = (name: string): string => join(import.meta.dirname, '..', '..', 'captures', name);

/** A folder for the tests of one file, removed at their end. */
export function temporaryFolder(): string {
  const path = mkdtempSync(join(tmpdir(), 'packetloom-packets-'));
  afterAll(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Opens captures, runs over them, and closes them. */
export async function over<T>(captures: readonly string[], task: (reader: FrameReader) => Promise<T>): Promise<T> {
  const reader = await captureFile.open(captures, {});
  try {
    return await task(reader);
  } finally {
    await reader.close();
  }
}

export interface TextOptions extends Partial<Pick<FrameRunOptions, 'where' | 'decodeAs' | 'capacity'>> {
  readonly format?: PacketFormat;
  readonly occurrence?: Occurrence;
  readonly aggregator?: string;
  /** Bytes that a chunk holds at first. */
  readonly room?: number;
}

/** Rows of fields as bytes, without a header. */
export function rowBytes(capture: string, fields: readonly string[], options: TextOptions = {}): Promise<Buffer> {
  const { format = 'tsv', occurrence = 'all', aggregator = ',', room = 64, ...run } = options;
  return over([capture], async (reader) => {
    const columns = selectColumns(registry, fields);
    const frames = new FrameRun({
      registry,
      reader,
      demanded: demandedBy(columns),
      all: needed(columns, 'layers'),
      layers: needed(columns, 'walk'),
      times: needed(columns, 'times'),
      flows: needed(columns, 'flows') ? defaultFlowSettings : undefined,
      ...run,
    });
    const protocols = new Protocols(registry.dissectors.values());
    const rows = compileRow(columns, { format, occurrence, aggregator, protocols }, frames.cursor);
    const chunk = new TextChunk(room);
    chunk.slack = rows.slack;
    await frames.read(
      (cursor) => rows.write(cursor, chunk),
      () => true,
    );
    return Buffer.from(chunk.bytes.subarray(0, chunk.length));
  });
}

/** Rows of fields as lines. */
export async function rowLines(capture: string, fields: readonly string[], options?: TextOptions): Promise<string[]> {
  const text = (await rowBytes(capture, fields, options)).toString('utf8');
  return text.split('\n').slice(0, -1);
}

const ETHERNET = '020000000002 020000000001';

/** Bytes from hexadecimal digits; anything else stands between them. */
export const hex = (digits: string): Uint8Array =>
  new Uint8Array(Buffer.from(digits.replace(/[^0-9a-f]/gi, ''), 'hex'));

/** Ethernet around a packet. */
export const ethernet = (packet: Uint8Array, type = 0x0800): Uint8Array =>
  Buffer.concat([hex(ETHERNET), hex(type.toString(16).padStart(4, '0')), packet]);

/** IPv4 from 10.0.0.1 to 10.0.0.2 without a right checksum. */
export function ip(payload: Uint8Array, protocol: number, length = 20 + payload.length): Uint8Array {
  const header = Buffer.from(hex('45 00 0000 0001 0000 40 00 0000 0a000001 0a000002'));
  header.writeUInt16BE(length, 2);
  header.writeUInt8(protocol, 9);
  return Buffer.concat([header, payload]);
}

/** TCP from port 1234. */
export function tcp(payload: Uint8Array, port = 80): Uint8Array {
  const header = Buffer.from(hex('04d2 0000 00000001 00000001 50 18 2000 0000 0000'));
  header.writeUInt16BE(port, 2);
  return Buffer.concat([header, payload]);
}

/** Text as bytes, a character each. */
export const latin = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
