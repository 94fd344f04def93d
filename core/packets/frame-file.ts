import { realpath, rename, rm } from 'node:fs/promises';
import { openOutput } from '../output/output-file.ts';
import { RowChunk } from '../output/row-chunk.ts';
import { ChunkOutput } from './chunk-output.ts';
import { copyPcap } from './copy-pcap.ts';
import type { Cursor } from './cursor.ts';
import type { PacketTaker } from './rows.ts';
import {
  type FrameInterface,
  type FrameRecord,
  writeInterface,
  writePacket,
  writePcapHeader,
  writePcapRecord,
  writeSection,
} from './write-pcap.ts';

/** Seconds are 32 bits wide in pcap. */
const PCAP_SECONDS = 0x1_0000_0000;

const recordOf = ({ batch, index }: Cursor): FrameRecord => {
  const timed = batch.nanoseconds[index]! >= 0 && batch.seconds[index]! >= 0;
  return {
    bytes: batch.bytes,
    offset: batch.offset[index]!,
    captured: batch.captured[index]!,
    wire: batch.wire[index]!,
    seconds: timed ? batch.seconds[index]! : 0,
    nanoseconds: timed ? batch.nanoseconds[index]! : 0,
  };
};

/** The interface of the cursor's frame. Interfaces of formats that do not number them are told apart by link type only. */
function interfaceOf({ batch, index, surroundings }: Cursor): FrameInterface & { readonly key: number } {
  const id = batch.interfaceId[index]!;
  const { number, name, description } = surroundings.interfaces[id] ?? {};
  const key = number === undefined ? -1 : id;
  return { key, linkType: batch.linkType[index]!, checkLength: batch.checkLength[index]!, name, description };
}

type KeyedInterface = ReturnType<typeof interfaceOf>;

const same = (a: KeyedInterface, b: KeyedInterface): boolean =>
  a.key === b.key && a.linkType === b.linkType && a.checkLength === b.checkLength;

/** Interfaces of a pcapng file, described when they are first used. */
class Interfaces {
  readonly #all: KeyedInterface[] = [];

  /** The number of an interface; describes it in `out` where it is new. */
  numberOf(one: KeyedInterface, out: RowChunk): number {
    const found = this.#all.findIndex((other) => same(one, other));
    if (found >= 0) return found;
    writeInterface(out, one);
    return this.#all.push(one) - 1;
  }
}

/**
 * Frames as a capture file: pcap with nanoseconds as long as all frames fit it (one interface, 32 bits of seconds, no
 * comments), else pcapng. What was written as pcap when the first frame comes that does not fit is written again.
 */
class FrameFile implements PacketTaker {
  readonly #target: string;
  #output: ChunkOutput;
  /** Of the pcap file; undefined before the first frame, and for pcapng. */
  #only: KeyedInterface | undefined;
  #interfaces: Interfaces | undefined;
  /** Frames for a pcapng file that cannot be begun at once. */
  #waiting: RowChunk | undefined;

  constructor(target: string, output: ChunkOutput, pcapng: boolean) {
    this.#target = target;
    this.#output = output;
    if (pcapng) this.#begin(output.chunk);
  }

  #begin(out: RowChunk): Interfaces {
    this.#interfaces = new Interfaces();
    writeSection(out);
    return this.#interfaces;
  }

  take(cursor: Cursor): void {
    const comments = cursor.surroundings.comments?.(cursor.index) ?? [];
    const its = interfaceOf(cursor);
    if (this.#interfaces === undefined && this.#fits(cursor, its, comments)) {
      const { chunk } = this.#output;
      if (this.#only === undefined) writePcapHeader(chunk, its);
      this.#only ??= its;
      writePcapRecord(chunk, recordOf(cursor));
      chunk.endRow(chunk.length);
      return;
    }
    if (this.#interfaces === undefined) {
      this.#waiting = new RowChunk(1 << 16);
      const interfaces = this.#begin(this.#waiting);
      if (this.#only !== undefined) interfaces.numberOf(this.#only, this.#waiting);
    }
    const out = this.#waiting ?? this.#output.chunk;
    const id = this.#interfaces!.numberOf(its, out);
    writePacket(out, id, recordOf(cursor), comments);
    out.endRow(out.length);
  }

  #fits({ batch, index }: Cursor, its: KeyedInterface, comments: readonly string[]): boolean {
    const only = this.#only ?? its;
    return comments.length === 0 && batch.seconds[index]! < PCAP_SECONDS && same(only, its);
  }

  async flush(all: boolean): Promise<boolean> {
    if (this.#waiting !== undefined) await this.#convert(this.#waiting);
    const output = this.#output;
    if (output.gone) return false;
    if (all || output.full) await output.flush();
    return !output.gone;
  }

  /** Writes the pcap file so far again, as pcapng. */
  async #convert(waiting: RowChunk): Promise<void> {
    this.#waiting = undefined;
    const path = await realpath(this.#target).catch(() => this.#target);
    const before = `${path}.pcap.partial`;
    await this.#output.abort();
    await rename(`${path}.partial`, before);
    const output = new ChunkOutput(await openOutput(nameOf(this.#target)));
    this.#output = output;
    // `waiting` begins with the section and the interface of what was written before.
    const head = new RowChunk(256);
    writeSection(head);
    if (this.#only !== undefined) writeInterface(head, this.#only);
    append(output.chunk, head.bytes, 0, head.length);
    await copyPcap(before, output).finally(() => rm(before, { force: true }));
    append(output.chunk, waiting.bytes, head.length, waiting.length);
    output.chunk.endRow(output.chunk.length);
  }

  async close(): Promise<void> {
    await this.flush(false);
    // A capture without frames is one too.
    if (this.#only === undefined && this.#interfaces === undefined) {
      writePcapHeader(this.#output.chunk, { linkType: 1, checkLength: 0 });
    }
    await this.#output.close();
  }

  abort(): Promise<void> {
    return this.#output.abort();
  }
}

function append(out: RowChunk, bytes: Uint8Array, from: number, to: number): void {
  out.reserve(out.length + to - from);
  out.bytes.set(bytes.subarray(from, to), out.length);
  out.length += to - from;
}

const nameOf = (target: string) => ({ sink: 'capture', target, binary: true, stop() {} });

/**
 * Opens a capture file for frames. It is pcapng where its name says so and where it goes to a pipe or device, else what
 * fits the frames.
 * @throws PacketloomError `sink` when it cannot be written
 */
export async function openFrameFile(target: string): Promise<PacketTaker> {
  const output = await openOutput(nameOf(target));
  const pcapng = output.live || target.toLowerCase().endsWith('.pcapng');
  return new FrameFile(target, new ChunkOutput(output), pcapng);
}
