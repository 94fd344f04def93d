import { definePreset, type Preset, type PresetColumn } from '../../../core/declare/feature.ts';

const column = (name: string, value: string): PresetColumn => ({ name, value });

/** Payload of one side without what was sent before, so that it is near to what sequence numbers say. */
const bytes = (way: string): string =>
  `sum(payload.length, ${way}, not default(tcp.analysis.retransmission, false), not default(tcp.analysis.keep_alive, false))`;

/** The connection log of Zeek. */
export const zeekConn: Preset = definePreset({
  name: 'zeek-conn',
  description: "The columns of Zeek's conn.log that do not depend on application analyzers.",
  tool: 'Zeek, conn.log',
  version: '6.0',
  flow: { idleTimeout: '5m', activeTimeout: '1d' },
  columns: [
    column('ts', 'start'),
    column('uid', 'flow_id'),
    column('id.orig_h', 'src_ip'),
    column('id.orig_p', 'default(src_port, default(icmp_type, 0))'),
    column('id.resp_h', 'dst_ip'),
    column('id.resp_p', 'default(dst_port, default(icmp_code, 0))'),
    column('duration', 'duration'),
    column('orig_bytes', bytes('forward')),
    column('resp_bytes', bytes('backward')),
    { name: 'conn_state', feature: 'conn_state' },
    { name: 'local_orig', feature: 'src_home' },
    { name: 'local_resp', feature: 'dst_home' },
    { name: 'history', feature: 'history' },
    column('orig_pkts', 'count(forward)'),
    column('orig_ip_bytes', 'sum(network.length, forward)'),
    column('resp_pkts', 'count(backward)'),
    column('resp_ip_bytes', 'sum(network.length, backward)'),
    column('ip_proto', 'protocol'),
  ],
  differences: [
    'uid is the flow id, which is the same on every run: Zeek draws one.',
    'proto (the name of the protocol) and service are left out: ip_proto is the number, and applications are not recognised by their content.',
    'missed_bytes and tunnel_parents are left out.',
    'local_orig and local_resp are empty without flow.homeNetworks, and 1 or 0 in CSV.',
    'orig_bytes and resp_bytes are the payload without retransmissions and keep-alives: Zeek takes them from TCP sequence numbers, so that data which was not captured counts there.',
    'duration lasts to the last frame: Zeek leaves out TCP packets that come after both sides have closed, and prints nothing for 0.',
    'The source is the sender of the first frame: Zeek turns a connection round when it takes that one for the answer.',
    'One idle timeout of 5 minutes for all protocols: Zeek has 5 minutes for TCP and 1 minute for UDP and ICMP, and timers for the states of TCP.',
    'A connection of more than a day is cut: Zeek has no active timeout.',
    'A TCP connection takes frames for 5 s after its end (tcpLinger), as in Zeek (tcp_close_delay, tcp_reset_delay).',
  ],
});
