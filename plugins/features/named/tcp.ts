import { DIRECTIONS } from '../../../core/declare/direction.ts';
import { defineFeature, type Feature } from '../../../core/declare/feature.ts';

/** Beginning of the features' names, field, and the flag's name (RFC 9293, RFC 3168). */
const FLAGS = [
  ['fin', 'tcp.flags.fin', 'FIN'],
  ['syn', 'tcp.flags.syn', 'SYN'],
  ['rst', 'tcp.flags.reset', 'RST'],
  ['psh', 'tcp.flags.push', 'PSH'],
  ['ack', 'tcp.flags.ack', 'ACK'],
  ['urg', 'tcp.flags.urg', 'URG'],
  ['ece', 'tcp.flags.ece', 'ECE'],
  ['cwr', 'tcp.flags.cwr', 'CWR'],
] as const;

const WINDOWS = [
  ['first', 'first', 'in the first segment'],
  ['min', 'min', 'smallest'],
  ['max', 'max', 'largest'],
  ['mean', 'mean', 'mean'],
] as const;

/** TCP flags and windows, in total and by direction. Zero and empty in other flows. */
export const tcpFeatures: readonly Feature[] = [
  ...FLAGS.flatMap(([name, field, flag]) =>
    DIRECTIONS.map(({ prefix, words, and }) =>
      defineFeature({
        name: `${prefix}${name}_count`,
        description: `TCP segments with ${flag} ${words}.`,
        value: `count(${field}${and})`,
      }),
    ),
  ),
  ...DIRECTIONS.flatMap(({ prefix, words, and }) =>
    WINDOWS.map(([suffix, aggregate, which]) =>
      defineFeature({
        name: `${prefix}win_${suffix}`,
        description: `TCP window as sent, without scaling, ${words}: ${which}.`,
        value: `${aggregate}(tcp.window_size_value${and})`,
      }),
    ),
  ),
  ...DIRECTIONS.map(({ prefix, words, and }) =>
    defineFeature({
      name: `${prefix}tcp_flags`,
      description: `All TCP flags that are set in one segment at least ${words}, as one number (IPFIX tcpControlBits).`,
      value: `bit_or(tcp.flags${and})`,
    }),
  ),
  defineFeature({
    name: 'syn_without_ack',
    description: 'TCP segments with SYN and without ACK.',
    value: 'count(tcp.flags.syn, not tcp.flags.ack)',
  }),
];
