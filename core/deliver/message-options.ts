import { parseSize, SIZE_PATTERN } from '../run/size.ts';

/** Messages of a segment: several are on their way at once, and the reader of a long run has few of them to repeat. */
const MESSAGES = 4;

/** Formats of the rows in a message, with their media types. */
export const MESSAGE_TYPES = {
  json: 'application/x-ndjson',
  csv: 'text/csv; header=absent',
  arrow: 'application/vnd.apache.arrow.stream',
} as const;

/** JSON Schema of the options that all sinks with messages have. */
export const messageProperties = {
  format: {
    enum: Object.keys(MESSAGE_TYPES),
    default: 'json',
    description: 'Rows in a message: JSON lines, CSV without a header line, or an Arrow IPC stream',
  },
  rows: { type: 'integer', minimum: 1, maximum: 100_000, default: 1000, description: 'Most rows in a message' },
  messageSize: {
    type: 'string',
    pattern: SIZE_PATTERN,
    default: '900KiB',
    description: 'Most bytes of the rows in a message: fewer rows where they would be more',
  },
} as const;

/** The same, understood. */
export interface MessageSettings {
  readonly format: keyof typeof MESSAGE_TYPES;
  readonly rows: number;
  readonly bytes: number;
  /** Rows of a segment. */
  readonly segment: number;
}

/** Reads the options of {@link messageProperties}, which have been validated and defaulted. */
export function messageSettings(options: Readonly<Record<string, unknown>>): MessageSettings {
  const { format = 'json', rows = 1000, messageSize = '900KiB' } = options;
  return {
    format: format as MessageSettings['format'],
    rows: rows as number,
    bytes: parseSize(messageSize as string)!,
    segment: MESSAGES * (rows as number),
  };
}
