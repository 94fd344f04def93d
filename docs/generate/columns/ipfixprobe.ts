import { nettisa } from '../../../plugins/features/presets/nettisa.ts';
import { is, not, presetColumnsOf, type Tool, type ToolColumn } from './tool.ts';

const DATA = 'payload.length > 0';
const IN_NETTISA = new Map(presetColumnsOf(nettisa).map((column) => [column.name, column]));

/** Each of both sides: the end of its names, and ours. */
const SIDES = [
  ['', 'forward', 'fwd', 'S', 'SBI'],
  ['_REV', 'backward', 'bwd', 'D', 'DBI'],
] as const;

const BURST_LISTS = 'a list of the single bursts: kept are their number, frames, bytes and time';

const plus: readonly ToolColumn[] = SIDES.flatMap(([end, way]) => [
  is(`IP_TTL${end}`, `first(default(ip.ttl, ipv6.hlim), ${way})`),
  is(`IP_FLG${end}`, `first(ip.flags, ${way})`),
  is(`TCP_WIN${end}`, `first(tcp.window_size_value, ${way})`),
  not(`TCP_OPT${end}`, 'a bit for each kind of option: `count(any(tcp.option_kind == 2))` and the like'),
  is(`TCP_MSS${end}`, `first(tcp.options.mss_val, ${way})`),
]);

/** ipfixprobe of CESNET: the plugins that describe flows by numbers. */
export const ipfixprobe: Tool = {
  name: 'ipfixprobe',
  version: 'CESNET/ipfixprobe, 2025: basic, basicplus, pstats, phists, bstats, nettisa, idpcontent',
  about:
    'Lengths are those of the payload as on the wire. pstats has the first 30 packets with payload, phists eight bins, bstats the first 15 bursts of a side.',
  columns: [
    is('DST_MAC', 'dst_mac'),
    is('SRC_MAC', 'src_mac'),
    ...['DST_IP', 'SRC_IP', 'BYTES', 'BYTES_REV', 'TIME_FIRST', 'TIME_LAST', 'PACKETS', 'PACKETS_REV'].map(
      (name) => IN_NETTISA.get(name)!,
    ),
    not('LINK_BIT_FIELD, ODID', 'number of the exporter'),
    not('DIR_BIT_FIELD', 'the side of the link a frame came from cannot be known from a capture'),
    ...['DST_PORT', 'SRC_PORT', 'PROTOCOL', 'TCP_FLAGS', 'TCP_FLAGS_REV'].map((name) => IN_NETTISA.get(name)!),
    ...plus,
    is('TCP_SYN_SIZE', 'first(network.length, tcp.flags.syn)'),
    is('PPI_PKT_LENGTHS', `head(payload.length, 30, ${DATA})`),
    is('PPI_PKT_TIMES', `head(time, 30, ${DATA})`),
    is('PPI_PKT_DIRECTIONS', `head(forward, 30, ${DATA})`, { note: 'true and false for 1 and -1' }),
    is('PPI_PKT_FLAGS', `head(tcp.flags & 0xff, 30, ${DATA})`),
    ...SIDES.flatMap(([, , side, letter]) => [
      is(`${letter}_PHISTS_SIZES`, `${side}_payload_len_histogram`),
      is(`${letter}_PHISTS_IPT`, `${side}_iat_histogram`, {
        note: 'exact times: its own are cut to milliseconds first',
      }),
    ]),
    ...SIDES.flatMap(([, , side, , letters]) => [
      is(`${letters}_BRST_PACKETS`, `${side}_burst_frames`, { note: `sum; the column is ${BURST_LISTS}` }),
      is(`${letters}_BRST_BYTES`, `${side}_burst_bytes`, { note: 'the same' }),
      is(`${letters}_BRST_TIME_START`, `${side}_bursts`, { note: 'their number in the place of the times' }),
      is(`${letters}_BRST_TIME_STOP`, `${side}_burst_time`, { note: 'the time they took in the place of the times' }),
    ]),
    ...presetColumnsOf(nettisa).filter(({ name }) => name.startsWith('NTS_')),
    is('IDP_CONTENT', 'head_bytes(payload, 100, forward)', {
      note: 'goes on with the next frames when the first is shorter',
    }),
    is('IDP_CONTENT_REV', 'head_bytes(payload, 100, backward)', { note: 'the same' }),
  ],
};
