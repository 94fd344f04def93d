/** What an error says, on one line; of several attempts at once (addresses of a host) what each says. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { errors } = error as Partial<AggregateError>;
  const parts = error.message === '' && Array.isArray(errors) ? errors.map(reasonOf) : [error.message || error.name];
  return [...new Set(parts)].join('; ').replace(/\s+/g, ' ').trim();
}
