import { column } from '../../../core/flow/rows.ts';
import type { Value } from './rows.ts';

/** Columns of every kind, for sinks that are typed. */
export const typedColumns = [
  column('flow_id', 'hash'),
  column('src_ip', 'address'),
  column('start', 'time', { unit: 's', description: 'Time of the first frame' }),
  column('duration', 'number', { decimals: 9, unit: 's' }),
  column('syn', 'number', { boolean: true }),
  column('end_reason', 'number', { labels: { 1: 'idle', 2: 'active' } }),
  column('sni', 'text'),
  column('mean', 'number'),
  column('bytes', 'number', { integer: true, unit: 'bytes' }),
];

export const typedRows: readonly (readonly Value[])[] = [
  [0xdeadbeefn, [10, 0, 0, 1], [1_622_110_650, 591_424_001], 2000, 1, 1, 'a,b', 1 / 3, 2 ** 53],
  [2n ** 64n - 1n, [0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], [4_323_283_200, 0], 1.8e12, 0, 7, 'ü\ud83d 日本', 1500, -1],
  [0n, null, null, null, null, null, null, null, null],
  [2n ** 32n + 2n, [0, 0, 0, 0], [-1, 999_999_999], 1, 1, 2, '', -1e300, 2 ** 32],
];

/** The same as any reader must find them; times as text of nanoseconds. */
export const typedExpected = [
  {
    flow_id: '00000000deadbeef',
    src_ip: '10.0.0.1',
    start: '1622110650591424001',
    duration: 0.000002,
    syn: true,
    end_reason: 'idle',
    sni: 'a,b',
    mean: 1 / 3,
    bytes: 9007199254740992,
  },
  {
    flow_id: 'ffffffffffffffff',
    src_ip: '2001:db8::1',
    start: '4323283200000000000',
    duration: 1800,
    syn: false,
    end_reason: '7',
    sni: 'ü\ufffd 日本',
    mean: 1500,
    bytes: -1,
  },
  {
    flow_id: '0000000000000000',
    src_ip: null,
    start: null,
    duration: null,
    syn: null,
    end_reason: null,
    sni: null,
    mean: null,
    bytes: null,
  },
  {
    flow_id: '0000000100000002',
    src_ip: '0.0.0.0',
    start: '-1',
    duration: 1e-9,
    syn: true,
    end_reason: 'active',
    sni: '',
    mean: -1e300,
    bytes: 4294967296,
  },
];
