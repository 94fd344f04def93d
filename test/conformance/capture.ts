import { fileSource, standardRegistry } from '../../cli/library.ts';
import type { Anomaly } from '../../core/frame/anomaly.ts';
import { FrameBatch } from '../../core/frame/batch.ts';
import { Dispatch } from '../../core/frame/dispatch.ts';
import { anomaliesOfFrame, byId, type LayerNode, layersOfFrame } from '../../core/frame/tree.ts';
import { walk } from '../../core/frame/walk.ts';
import { Cursor } from '../../core/packets/cursor.ts';
import { Protocols } from '../../core/packets/protocols.ts';
import { compileRow } from '../../core/packets/row.ts';
import { selectColumns } from '../../core/packets/selection.ts';
import { TextChunk } from '../../core/packets/text-chunk.ts';
import { AGGREGATOR } from './tshark.ts';

/** Everything that is registered. */
export const registry = standardRegistry();
const dissectors = [...registry.dissectors.values()];
const dispatch = new Dispatch(dissectors, () => true);
const find = byId(dissectors);
const protocols = new Protocols(dissectors);
const decoder = new TextDecoder();

/** One frame of a capture, walked through all dissectors. Valid until the next. */
export interface WalkedFrame {
  /** From 1. */
  readonly number: number;
  readonly fileOffset: number;
  readonly linkType: number;
  readonly stack: string;
  readonly layers: readonly LayerNode[];
  readonly anomalies: readonly Anomaly[];
  readonly ports: readonly [number, number] | undefined;
  /** A copy of its bytes. */
  record(): RecordedFrame;
}

/** The bytes of a frame, for another capture. */
export interface RecordedFrame {
  readonly bytes: Uint8Array;
  readonly wire: number;
  readonly linkType: number;
  /** Addresses and ports, the same both ways; of its own where there are none. */
  readonly conversation: string;
}

/** A capture in memory: its frames can be met several times. */
export class Capture {
  readonly path: string;
  /** Why reading ended early. */
  readonly damage: string | undefined;
  readonly #batches: readonly FrameBatch[];
  readonly #cursor: Cursor;

  private constructor(path: string, batches: readonly FrameBatch[], cursor: Cursor, damage: string | undefined) {
    this.path = path;
    this.damage = damage;
    this.#batches = batches;
    this.#cursor = cursor;
  }

  static async open(path: string): Promise<Capture> {
    const reader = await fileSource(registry).open([path], {});
    const batches: FrameBatch[] = [];
    const comments: (readonly string[])[][] = [];
    for (;;) {
      const batch = new FrameBatch();
      const count = await reader.read(batch);
      if (count === 0) break;
      batch.count = count;
      batches.push(batch);
      comments.push(Array.from({ length: count }, (_, i) => reader.comments?.(i) ?? []));
    }
    const interfaces = [...reader.interfaces];
    const damage = reader.statistics()[0]?.damaged?.reason;
    await reader.close();
    const surroundings = {
      interfaces,
      comments: (place: number) => comments[batches.indexOf(cursor.batch)]?.[place] ?? [],
    };
    const cursor = new Cursor(dispatch.dissectorIds, surroundings);
    return new Capture(path, batches, cursor, damage);
  }

  *#walk(): Generator<Cursor> {
    const cursor = this.#cursor;
    cursor.number = 0;
    for (const moment of [cursor.firstTime, cursor.previous, cursor.displayed]) moment.known = false;
    for (const batch of this.#batches) {
      cursor.enter(batch);
      for (let i = 0; i < batch.count; i += 1) {
        cursor.index = i;
        cursor.number += 1;
        walk(cursor.frame, dispatch, batch, i);
        yield cursor;
        cursor.leave(true);
      }
    }
  }

  /** The frames one after the other. */
  *frames(): Generator<WalkedFrame> {
    for (const cursor of this.#walk()) yield walked(cursor);
  }

  /** The same with the cells that `packets --format tsv` has for the named fields. */
  *rows(names: readonly string[]): Generator<readonly [frame: WalkedFrame, cells: readonly string[]]> {
    const columns = selectColumns(registry, names);
    const layout = { format: 'tsv', occurrence: 'all', aggregator: AGGREGATOR, protocols } as const;
    const { slack, write } = compileRow(columns, layout, this.#cursor);
    const chunk = new TextChunk(1 << 16);
    chunk.slack = slack;
    for (const cursor of this.#walk()) {
      cursor.link();
      chunk.clear();
      write(cursor, chunk);
      cursor.unlink();
      yield [walked(cursor), decoder.decode(chunk.bytes.subarray(0, chunk.length - 1)).split('\t')];
    }
  }
}

function walked({ number, batch, index, frame }: Cursor): WalkedFrame {
  let layers: readonly LayerNode[] | undefined;
  let stack: string | undefined;
  return {
    number,
    fileOffset: batch.fileOffset[index]!,
    linkType: batch.linkType[index]!,
    get stack() {
      stack ??= protocols.text(frame);
      return stack;
    },
    get layers() {
      layers ??= layersOfFrame(frame, find);
      return layers;
    },
    get anomalies() {
      return anomaliesOfFrame(frame, find);
    },
    record() {
      const at = batch.offset[index]!;
      const { addressAt, addressLength, networkLayer } = frame;
      const address = (from: number) => frame.bytes.subarray(from, from + addressLength).join('.');
      const ends = [
        `${address(addressAt)} ${frame.transportLayer < 0 ? '' : frame.sourcePort}`,
        `${address(addressAt + addressLength)} ${frame.transportLayer < 0 ? '' : frame.destinationPort}`,
      ];
      return {
        bytes: batch.bytes.slice(at, at + batch.captured[index]!),
        wire: batch.wire[index]!,
        linkType: batch.linkType[index]!,
        conversation: networkLayer < 0 ? `frame ${number}` : ends.toSorted().join(' '),
      };
    },
    get ports() {
      return frame.transportLayer < 0 ? undefined : ([frame.sourcePort, frame.destinationPort] as const);
    },
  };
}
