import type { RowBatch } from '../flow/rows.ts';

/** Rows that travel together: a part of a segment, for queues that bound the size of a message. */
export interface Message {
  /** Place of its first row in the segment. */
  readonly first: number;
  readonly rows: number;
  readonly body: Uint8Array;
}

/** What the messages of a segment have in common; it stands with them, since a spool outlives its run. */
export interface MessageKind {
  readonly format: string;
  /** Hash of the configuration that made the rows. */
  readonly configuration: string;
}

/** Turns the rows of a batch into messages, which it hands on one after the other; bodies are reused. */
export type MessageEncoder = (batch: RowBatch, put: (rows: number, body: Uint8Array) => void) => void;

/** Puts the messages of a segment into one payload: their bodies, then what they are as JSON, then the length of that. */
export class MessagePacker {
  #bytes = Buffer.alloc(0);
  #length = 0;
  #parts: [rows: number, bytes: number][] = [];

  add(rows: number, body: Uint8Array): void {
    this.#put(body);
    this.#parts.push([rows, body.length]);
  }

  /** The payload. What is added from now on is of the next. */
  take(kind: MessageKind): Uint8Array {
    const about = Buffer.from(JSON.stringify({ ...kind, parts: this.#parts }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(about.length);
    this.#put(about);
    this.#put(length);
    const payload = this.#bytes.subarray(0, this.#length);
    // The next is about as large.
    this.#bytes = Buffer.allocUnsafeSlow(Math.ceil(1.1 * this.#length));
    this.#length = 0;
    this.#parts = [];
    return payload;
  }

  #put(bytes: Uint8Array): void {
    const end = this.#length + bytes.length;
    if (end > this.#bytes.length) {
      const more = Buffer.allocUnsafeSlow(2 * end);
      more.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = more;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length = end;
  }
}

/** The messages of a payload; their bodies are views of it. */
export function unpackMessages(payload: Uint8Array): MessageKind & { readonly messages: readonly Message[] } {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.length);
  const end = bytes.length - 4;
  const about = bytes.toString('utf8', end - bytes.readUInt32LE(end), end);
  const { parts, ...kind } = JSON.parse(about) as MessageKind & { parts: [rows: number, bytes: number][] };
  let first = 0;
  let at = 0;
  const messages = parts.map(([rows, size]) => {
    const message = { first, rows, body: bytes.subarray(at, at + size) };
    first += rows;
    at += size;
    return message;
  });
  return { ...kind, messages };
}

/**
 * The name of a message, by which a queue or its readers know it again: the segment's id, with the first row and the
 * number of rows where the segment has several.
 */
export function messageKey(segment: { readonly id: string; readonly rows: number }, { first, rows }: Message): string {
  return rows === segment.rows ? segment.id : `${segment.id}-${first}-${rows}`;
}
