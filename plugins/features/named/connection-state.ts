import { defineObjectFeature, type Feature, type FeatureState } from '../../../core/declare/feature.ts';
import { ZeekConnection } from '../states/zeek-connection.ts';

const inputs = [
  'protocol',
  'tcp.flags',
  'tcp.seq_raw',
  'tcp.ack_raw',
  'payload.length',
  'tcp.window_size_value',
  'default(ip.flags.mf#1, ipv6.fraghdr.more#1)',
] as const;

/** About 800 bytes per flow. A flow that the active timeout cuts goes on: each row sums up the connection so far. */
const state: FeatureState<ZeekConnection> = {
  create: () => new ZeekConnection(),
  update: (connection, values, forward) => connection.take(values, forward),
  carry: (connection) => connection.clone(),
};

/** Connections as Zeek's conn.log (versions 5 to 7) sums them up, with the flow's source as the originator. */
export const connectionFeatures: readonly Feature[] = [
  defineObjectFeature({
    name: 'conn_state',
    description:
      "Summary of the connection up to the row's end, as conn_state of Zeek's conn.log: S0, S1, SF, REJ, S2, S3, RSTO, RSTR, RSTOS0, RSTRH, SH, SHR, OTH.",
    estimator: 'exact',
    empty: 'OTH for what is neither TCP nor UDP',
    type: 'text',
    inputs,
    state,
    finish: (connection) => connection.summary,
  }),
  defineObjectFeature({
    name: 'history',
    description:
      "Events of the connection up to the row's end as letters, as history of Zeek's conn.log (upper case: source): s SYN, h SYN+ACK, a ACK, d data, f FIN, r RST, g gap, t repeated data, w zero window, i FIN+RST, q SYN+FIN or SYN+RST, ^ direction repaired; at most 128.",
    estimator: 'exact',
    empty: 'empty for what is neither TCP nor UDP',
    type: 'text',
    inputs,
    state,
    finish: (connection) => connection.history,
  }),
];
