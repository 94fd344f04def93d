import type { ColumnData, RowBatch } from '../../../core/flow/rows.ts';
import { TEMPLATE_SET, type Template, type Templates } from './templates.ts';
import type { Bytes } from './values.ts';

/** Bytes of the head of a message (RFC 7011, section 3.1), and of that of a set. */
export const MESSAGE_HEAD = 16;
export const SET_HEAD = 4;
/** Most bytes that the length of a message can say. */
export const LONGEST_MESSAGE = 65_535;

/** A row that cannot be written: in words, as the end of a message. */
export type Refusal = (why: string) => Error;

/** What decides how messages are made. */
export interface MessageOptions {
  /** Most bytes of a message. */
  readonly longest: number;
  /** Observation domain id. */
  readonly domain: number;
  readonly refuse: Refusal;
  /** Messages that come before the rows. */
  readonly prologue: Uint8Array;
}

/**
 * Makes messages of rows. The messages of one `encode` stand for themselves: every template that they need comes before
 * its records. The head of each has the number of its data records in place of the sequence number, and no export time:
 * `Session` fills them in.
 */
export class MessageEncoder {
  readonly #templates: Templates;
  readonly #options: MessageOptions;
  #bytes: Bytes = bytesOf(1 << 16);
  #at = 0;
  #message = 0;
  #records = 0;
  /** Where the open set begins, and its id; -1 for none. */
  #set = -1;
  #setId = -1;
  #known = new Set<Template>();
  #scratch: Bytes | undefined;

  constructor(templates: Templates, options: MessageOptions) {
    this.#templates = templates;
    this.#options = options;
  }

  /** Texts that were cut, as they did not fit into a message. */
  get cuts(): number {
    return this.#bytes.cuts;
  }

  /** The messages, in new memory. @throws what `refuse` makes */
  encode({ data, count }: RowBatch): Uint8Array {
    const { prologue } = this.#options;
    this.#at = 0;
    this.#reserve(prologue.length);
    this.#bytes.array.set(prologue);
    this.#at = prologue.length;
    this.#known = new Set();
    this.#begin();
    for (let row = 0; row < count; row += 1) this.#put(data, row);
    this.#end();
    return this.#bytes.array.slice(0, this.#at);
  }

  #begin(): void {
    this.#reserve(MESSAGE_HEAD);
    this.#message = this.#at;
    this.#records = 0;
    this.#at += MESSAGE_HEAD;
    this.#set = -1;
    this.#setId = -1;
  }

  #end(): void {
    this.#endSet();
    writeHead(this.#bytes.view, this.#message, this.#at - this.#message, this.#records, this.#options.domain);
  }

  #endSet(): void {
    if (this.#set >= 0) this.#bytes.view.setUint16(this.#set + 2, this.#at - this.#set);
    this.#set = -1;
    this.#setId = -1;
  }

  #openSet(id: number): void {
    this.#endSet();
    this.#set = this.#at;
    this.#setId = id;
    this.#bytes.view.setUint16(this.#at, id);
    this.#at += SET_HEAD;
  }

  #put(data: readonly ColumnData[], row: number): void {
    const { longest, refuse } = this.#options;
    const template = this.#templates.of(data, row);
    if (template === undefined) throw refuse('columns are empty in too many ways: there are no template ids left');
    const { id, fixed, texts, fields, record } = template;
    if (fields.length === 0) throw refuse('a row has no value that an information element could hold');
    const body = longest - MESSAGE_HEAD - SET_HEAD;
    // Texts share what the rest leaves of a message.
    const text = texts === 0 ? 0 : Math.floor((body - fixed) / texts);
    if (record.length > body || fixed + 3 * texts > body) {
      throw refuse(`${fields.length} fields need more than the ${longest} bytes of a message: take fewer columns`);
    }
    this.#reserve(2 * longest);
    if (!this.#known.has(template)) {
      this.#makeRoom(SET_HEAD + record.length);
      this.#announce(template);
    }
    const size = texts === 0 ? fixed : this.#measure(template, data, row, text);
    this.#makeRoom((this.#setId === id ? 0 : SET_HEAD) + size);
    if (this.#setId !== id) this.#openSet(id);
    this.#at = this.#write(template, this.#bytes, this.#at, data, row, text);
    this.#records += 1;
  }

  /** Begins another message where so many bytes more do not fit into this one. */
  #makeRoom(size: number): void {
    const { longest } = this.#options;
    if (this.#at + size <= this.#message + longest) return;
    this.#end();
    this.#begin();
    this.#reserve(2 * longest);
  }

  #announce(template: Template): void {
    this.#known.add(template);
    this.#openSet(TEMPLATE_SET);
    this.#bytes.array.set(template.record, this.#at);
    this.#at += template.record.length;
  }

  #write({ fields }: Template, bytes: Bytes, from: number, data: readonly ColumnData[], row: number, text: number) {
    let at = from;
    for (const field of fields) at = field.write(bytes, at, data, row, text);
    return at;
  }

  /** Bytes of a record with texts. */
  #measure(template: Template, data: readonly ColumnData[], row: number, text: number): number {
    this.#scratch ??= bytesOf(this.#options.longest);
    return this.#write(template, this.#scratch, 0, data, row, text);
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.array.length) return;
    const grown = bytesOf(2 * (this.#at + more));
    grown.array.set(this.#bytes.array.subarray(0, this.#at));
    grown.cuts = this.#bytes.cuts;
    this.#bytes = grown;
  }
}

function bytesOf(length: number): Bytes {
  const array = new Uint8Array(length);
  return { array, view: new DataView(array.buffer), cuts: 0 };
}

/** The head of a message, with zero for the export time. */
export function writeHead(view: DataView, at: number, length: number, records: number, domain: number): void {
  view.setUint16(at, 10);
  view.setUint16(at + 2, length);
  view.setUint32(at + 4, 0);
  view.setUint32(at + 8, records);
  view.setUint32(at + 12, domain);
}
