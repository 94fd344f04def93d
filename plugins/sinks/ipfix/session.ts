import { MESSAGE_HEAD, SET_HEAD } from './message-encoder.ts';
import { OPTIONS_TEMPLATE, OPTIONS_TEMPLATE_SET, TEMPLATE_SET } from './templates.ts';

const VERSION = 10;

interface MessageSet {
  readonly id: number;
  readonly from: number;
  readonly to: number;
}

/** A template of a session, as it was sent. */
interface Sent {
  readonly record: string;
  at: number;
}

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');

function* messagesOf(payload: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  for (let at = 0; at < payload.length; ) {
    const length = view.getUint16(at + 2);
    yield payload.subarray(at, at + length);
    at += length;
  }
}

function* setsOf(message: Uint8Array): Generator<MessageSet> {
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  for (let at = MESSAGE_HEAD; at < message.length; ) {
    const length = view.getUint16(at + 2);
    yield { id: view.getUint16(at), from: at, to: at + length };
    at += length;
  }
}

/** The id of the one template in a set of them, with its record. */
function templateIn(message: Uint8Array, { from, to }: MessageSet): [id: number, record: string] {
  const at = from + SET_HEAD;
  return [(message[at]! << 8) | message[at + 1]!, textOf(message.subarray(at, to))];
}

const isAnnouncement = ({ id }: MessageSet): boolean => id === OPTIONS_TEMPLATE_SET || id === OPTIONS_TEMPLATE;

/**
 * What the other side has been told in one transport session (RFC 7011, section 2): it knows its templates and counts its
 * data records. Messages leave with sequence number and export time, and without templates that are known.
 */
export class Session {
  readonly #refresh: number;
  readonly #templates = new Map<number, Sent>();
  readonly #announced = new Map<string, number>();
  #sequence = 0;

  /** @param refresh milliseconds after which templates are sent again; Infinity for never */
  constructor(refresh: number) {
    this.#refresh = refresh;
  }

  /** False where a template of the payload has the id of another one: it needs a session of its own. */
  takes(payload: Uint8Array): boolean {
    for (const message of messagesOf(payload)) {
      for (const set of setsOf(message)) {
        if (set.id !== TEMPLATE_SET) continue;
        const [id, record] = templateIn(message, set);
        const sent = this.#templates.get(id);
        if (sent !== undefined && sent.record !== record) return false;
      }
    }
    return true;
  }

  /**
   * The messages to send. Asking for the next one says that the one before is out.
   * @param now milliseconds since 1970
   */
  *messages(payload: Uint8Array, now: () => number): Generator<Uint8Array> {
    for (const message of messagesOf(payload)) {
      const time = now();
      const sets = [...setsOf(message)];
      if (sets.length === 0) continue;
      if (isAnnouncement(sets[0]!)) {
        const body = textOf(message.subarray(MESSAGE_HEAD));
        if (time - (this.#announced.get(body) ?? Number.NEGATIVE_INFINITY) < this.#refresh) continue;
        yield* this.#send(message, sets, time);
        this.#announced.set(body, time);
        continue;
      }
      const wanted = sets.filter((set) => set.id !== TEMPLATE_SET || !this.#knows(message, set, time));
      if (wanted.length === 0) continue;
      yield* this.#send(message, wanted, time);
      for (const set of wanted) {
        if (set.id !== TEMPLATE_SET) continue;
        const [id, record] = templateIn(message, set);
        this.#templates.set(id, { record, at: time });
      }
    }
  }

  #knows(message: Uint8Array, set: MessageSet, time: number): boolean {
    const sent = this.#templates.get(templateIn(message, set)[0]);
    return sent !== undefined && time - sent.at < this.#refresh;
  }

  *#send(message: Uint8Array, sets: readonly MessageSet[], time: number): Generator<Uint8Array> {
    const length = sets.reduce((sum, { from, to }) => sum + to - from, MESSAGE_HEAD);
    const bytes = new Uint8Array(length);
    bytes.set(message.subarray(0, MESSAGE_HEAD));
    let at = MESSAGE_HEAD;
    for (const { from, to } of sets) {
      bytes.set(message.subarray(from, to), at);
      at += to - from;
    }
    const view = new DataView(bytes.buffer);
    const records = view.getUint32(8);
    view.setUint16(0, VERSION);
    view.setUint16(2, length);
    view.setUint32(4, Math.floor(time / 1000));
    view.setUint32(8, this.#sequence);
    yield bytes;
    this.#sequence = (this.#sequence + records) >>> 0;
  }
}
