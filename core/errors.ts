/** Every kind of fault that a caller can meet. Packets never cause one: what is wrong with a frame is an anomaly. */
export const ERROR_CODES = {
  usage: 'the command line or a library call is wrong',
  configuration: 'the configuration is wrong',
  expression: 'an expression is wrong',
  plugin: 'a plugin is wrong, clashes with another or cannot be loaded',
  format: 'a capture has a format that is not read',
  input: 'a capture cannot be opened or read',
  device: 'a live source cannot be opened or failed',
  sink: 'an output cannot be written',
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

/** The one error class. The message names the thing, the place and both values, on one line. */
export class PacketloomError extends Error {
  readonly code: ErrorCode;
  override readonly name = 'PacketloomError';

  constructor(code: ErrorCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/** Exit code of the command for an error: 2 for what the user wrote, 1 for what failed. */
export function exitCodeOf(error: unknown): 1 | 2 {
  if (!(error instanceof Error) || error.name !== 'PacketloomError') return 1;
  const { code } = error as PacketloomError;
  return code === 'device' || code === 'sink' ? 1 : 2;
}
