import { spawnSync } from 'node:child_process';

/** Preferences that make tshark say what stands in each frame, without reassembly or state. */
const PREFERENCES = [
  'ip.defragment:FALSE',
  'ipv6.defragment:FALSE',
  'tcp.desegment_tcp_streams:FALSE',
  'tcp.relative_sequence_numbers:FALSE',
  'tcp.analyze_sequence_numbers:FALSE',
  'ip.check_checksum:TRUE',
  'eth.fcs:Never',
].flatMap((preference) => ['-o', preference]);

/** Tunnels whose dissectors are not there yet: what they carry would repeat the fields of outer layers. */
const DISABLED = ['gre', 'vxlan', 'geneve', 'gtp', 'teredo', 'mpls', 'pppoes', 'l2tp', 'mpls-echo'].flatMap(
  (protocol) => ['--disable-protocol', protocol],
);

/** The version of the tshark that is installed, undefined where there is none. */
export const tsharkVersion: string | undefined = (() => {
  const { status, stdout } = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
})();

const SEPARATOR = '\t';
/** Between several values of one field. */
const AGGREGATOR = '\x1f';

/** All values of the named fields, frame by frame: `rows[frame][field]` is a list. Fields that tshark lacks throw. */
export function tsharkFields(capture: string, names: readonly string[]): string[][][] {
  const fields = names.flatMap((name) => ['-e', name]);
  const options = ['-T', 'fields', ...fields, '-E', 'occurrence=a', '-E', `aggregator=${AGGREGATOR}`];
  const { stdout, stderr } = spawnSync('tshark', ['-n', '-r', capture, ...PREFERENCES, ...DISABLED, ...options], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  // A damaged end of the file is no matter here, an unknown field is.
  if (/aren't valid/.test(stderr)) throw new TypeError(stderr);
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => line.split(SEPARATOR).map((cell) => (cell === '' ? [] : cell.split(AGGREGATOR))));
}
