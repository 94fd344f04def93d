import { intern, internedName } from '../declare/intern.ts';

/**
 * What can be wrong with a frame. Packets never throw: an anomaly is data, with a code, the layer, the offset in the
 * frame where it was seen, and where lengths are concerned how many bytes were needed and available.
 */
export const ANOMALY_CODES = {
  truncated: 'bytes that the headers promise were not captured',
  malformed: 'a header or value contradicts the protocol or the length of what contains it',
  'length.exceeds': 'a length field reaches past what contains it',
  depth: 'more layers than the limit of 32',
  'time.absent': 'the record has no time; the run clock was taken',
  'time.fraction': 'the fraction of a second was a whole second or more; carried over',
  'time.span': 'two times of one flow are more than 104 days apart',
  'record.snapped': 'more bytes captured than the snap length of the file states',
  'record.empty': 'no byte of the frame was captured',
  'record.length': 'the wire length was below the captured length; raised',
  'block.trailer': 'the two lengths of a pcapng block differ',
} as const;

/** Numbers of the codes that the engine itself sets. */
export const TRUNCATED = intern('anomaly', 'truncated');
export const MALFORMED = intern('anomaly', 'malformed');
export const LENGTH_EXCEEDS = intern('anomaly', 'length.exceeds');
export const DEPTH = intern('anomaly', 'depth');

/** The number of an anomaly code; a plugin may have codes of its own. */
export const anomalyCode = (name: string): number => intern('anomaly', name);

/** The text of an anomaly code's number. */
export const anomalyName = (id: number): string => internedName('anomaly', id) ?? `anomaly ${id}`;

/** One anomaly of a frame, for people. */
export interface Anomaly {
  readonly code: string;
  /** Name of the dissector that found it; empty for the record itself. */
  readonly layer: string;
  /** From the first byte of the frame. */
  readonly offset: number;
  readonly needed?: number;
  readonly available?: number;
  readonly message: string;
}
