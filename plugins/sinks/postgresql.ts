import { defineSink } from '../../core/declare/sink.ts';
import { serverProperties } from '../../core/deliver/delivery-options.ts';
import { SECRET } from '../../core/output/secret.ts';

/** A table of PostgreSQL, by binary COPY; a ledger of segments keeps rows from being there twice. */
export const postgresql = defineSink({
  name: 'postgresql',
  description: 'A table of a PostgreSQL server, made where it is not there; a run repeated adds no row twice',
  schemes: ['postgresql', 'postgres'],
  offThread: true,
  options: {
    type: 'object',
    properties: {
      table: { type: 'string', pattern: '.', default: 'flows', description: 'Name of the table' },
      schema: { type: 'string', pattern: '.', default: 'public', description: 'Schema that the table is in' },
      create: { type: 'boolean', default: true, description: 'Make the table where there is none of that name' },
      times: {
        enum: ['timestamp', 'nanoseconds'],
        default: 'timestamp',
        description: 'Times as timestamptz, which has microseconds, or as bigint nanoseconds since 1970',
      },
      password: {
        type: 'string',
        pattern: '.',
        description: `Password: ${SECRET}; else PGPASSWORD or ~/.pgpass`,
      },
      sslmode: {
        enum: ['disable', 'no-verify', 'require', 'verify-ca', 'verify-full'],
        description:
          'TLS: not at all, without looking at the certificate, or else with a certificate that is valid for the host; PGSSLMODE where it is not set',
      },
      sslrootcert: { type: 'string', pattern: '.', description: 'File with the certificates to trust (PEM)' },
      sslcert: { type: 'string', pattern: '.', description: 'File with the own certificate (PEM)' },
      sslkey: { type: 'string', pattern: '.', description: 'File with the key of the own certificate (PEM)' },
      ...serverProperties,
    },
    additionalProperties: false,
  },
  open: async (...given) => (await import('./postgresql/open.ts')).open(...given),
});
