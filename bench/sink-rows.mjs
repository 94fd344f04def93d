// Rows as a flow meter makes them, in memory: 80 columns, 12 of them empty in some rows.
import { randomNumbers } from './random.mjs';

const NAMES = [
  'www.example.com',
  'api.example.net',
  'cdn-17.static.example.org',
  'mail.example.com',
  'time.example.net',
];
const APPLICATIONS = ['tls', 'dns', 'http', 'quic', 'ssh'];

/**
 * Makes batches of rows that differ from one another.
 * @param {{ column: Function, RowBatch: any }} rows module `core/flow/rows.js`
 * @param {number} count batches
 * @param {number} size rows in each
 */
export function makeRows({ column, RowBatch }, count, size) {
  const columns = [
    ...['client', 'server', 'application', 'name', 'agent', 'history'].map((name) => column(name, 'text')),
    ...['bytes', 'first_nanoseconds'].map((name) => column(name, 'number', { integer: true })),
    ...Array.from({ length: 24 }, (_, i) => column(`count_${i}`, 'number', { integer: true })),
    ...Array.from({ length: 48 }, (_, i) => column(`value_${i}`, 'number')),
  ];
  const next = randomNumbers(6);
  const batches = Array.from({ length: count }, () => {
    const batch = new RowBatch(columns, size);
    batch.count = size;
    for (let row = 0; row < size; row += 1) fill(batch.data, row, next);
    return batch;
  });
  return { columns, batches };
}

/** @param {() => number} next from 0 to 1 */
function fill(data, row, next) {
  const whole = (most) => Math.floor(next() * most);
  const maybe = (value) => (next() < 0.4 ? null : value);
  const texts = [
    `10.${whole(256)}.${whole(256)}.${whole(256)}`,
    `192.0.2.${whole(256)}`,
    APPLICATIONS[whole(5)],
    maybe(NAMES[whole(5)]),
    maybe(`agent/${whole(100)}.${whole(10)}`),
    'ShAdDaFf',
  ];
  texts.forEach((text, i) => {
    data[i].texts[row] = text;
  });
  // Most flows are short: means and deviations are over few frames.
  const frames = 1 + Math.floor(1 / (next() + 0.02));
  data[6].numbers[row] = frames * whole(1e9) + 2 ** 32;
  data[7].numbers[row] = 1_700_000_000_000_000 + whole(1e9);
  for (let i = 8; i < 32; i += 1) {
    const value = i % 3 === 0 ? whole(10) : frames * whole(1500);
    data[i].numbers[row] = i < 12 && next() < 0.4 ? Number.NaN : value;
  }
  for (let i = 32; i < 80; i += 1) {
    const mean = (frames * whole(1500)) / (frames + (i % 2));
    const value = i % 4 === 3 ? Math.sqrt(mean * next()) : mean;
    data[i].numbers[row] = i < 38 && next() < 0.4 ? Number.NaN : value;
  }
}
