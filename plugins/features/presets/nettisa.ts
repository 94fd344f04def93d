import { definePreset, type Preset, type PresetColumn } from '../../../core/declare/feature.ts';

const column = (name: string, value: string, unit?: string): PresetColumn =>
  unit === undefined ? { name, value } : { name, value, unit };

/** The thirteen features that NetTiSA adds to a flow; x is the length of the payload, t the time. */
const NETTISA: readonly PresetColumn[] = [
  column('NTS_MEAN', 'mean(payload.length)'),
  column('NTS_MIN', 'min(payload.length)'),
  column('NTS_MAX', 'max(payload.length)'),
  column('NTS_STDEV', 'stddev_pop(payload.length)'),
  column('NTS_KURTOSIS', 'kurtosis(payload.length) + 3'),
  column('NTS_ROOT_MEAN_SQUARE', 'rms(payload.length)'),
  column('NTS_AVERAGE_DISPERSION', 'mean_deviation(payload.length)'),
  column('NTS_MEAN_SCALED_TIME', 'mean(time - start)', 'us'),
  column('NTS_MEAN_DIFFTIMES', 'mean(gap(time))', 'us'),
  column('NTS_MIN_DIFFTIMES', 'min(gap(time))', 'us'),
  column('NTS_MAX_DIFFTIMES', 'max(gap(time))', 'us'),
  column('NTS_TIME_DISTRIBUTION', 'mean_deviation(gap(time)) / (max(gap(time)) - min(gap(time)))'),
  column('NTS_SWITCHING_RATIO', 'count(changed(payload.length)) / (count(payload.length) - 1)'),
];

/**
 * NetTiSA: extended IP flow with time-series features (Koumar, Hynek, Pešek, Čejka 2023), as the plugin nettisa of
 * ipfixprobe names them.
 */
export const nettisa: Preset = definePreset({
  name: 'nettisa',
  description: 'Basic columns and the thirteen time-series features of NetTiSA, in the names of ipfixprobe.',
  tool: 'ipfixprobe, plugins basic and nettisa',
  version: 'nettisa 1.0.0 (2025)',
  flow: { idleTimeout: '30s', activeTimeout: '300s' },
  columns: [
    column('SRC_IP', 'src_ip'),
    column('DST_IP', 'dst_ip'),
    column('SRC_PORT', 'default(src_port, 0)'),
    column('DST_PORT', 'default(dst_port, 0)'),
    column('PROTOCOL', 'protocol'),
    column('TIME_FIRST', 'start'),
    column('TIME_LAST', 'end'),
    column('BYTES', 'sum(network.length, forward)'),
    column('BYTES_REV', 'sum(network.length, backward)'),
    column('PACKETS', 'count(forward)'),
    column('PACKETS_REV', 'count(backward)'),
    column('TCP_FLAGS', 'default(bit_or(tcp.flags & 0xff, forward), 0)'),
    column('TCP_FLAGS_REV', 'default(bit_or(tcp.flags & 0xff, backward), 0)'),
    ...NETTISA,
  ],
  differences: [
    'NTS_AVERAGE_DISPERSION and NTS_KURTOSIS are taken around the mean of all values: ipfixprobe takes each value around the mean of those before it, which is 0 for the first.',
    'NTS_MEAN_DIFFTIMES, NTS_MIN_DIFFTIMES: the first frame has no difference. ipfixprobe counts one of 0 for it, so its minimum is always 0 and its mean is too small.',
    'NTS_TIME_DISTRIBUTION is the mean deviation of the differences by their range: ipfixprobe subtracts the smallest payload length in the place of the smallest difference.',
    'NTS_SWITCHING_RATIO counts changes of the payload length by the number of frames less one: ipfixprobe compares lengths of packets, counts the first one as a change and divides by the number of frames.',
    'NTS_STDEV is exact: ipfixprobe divides the sum of payloads in whole numbers and keeps moments in 32-bit floats.',
    'A flow of one frame has the features where they are defined: ipfixprobe writes none of the thirteen.',
  ],
});
