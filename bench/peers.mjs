import { join } from 'node:path';
import { countCsv, countFlows, countLines } from './count.mjs';
import { versionOf } from './machine.mjs';
import { which } from './measure.mjs';
import { softflowd } from './softflowd.mjs';

/**
 * @typedef {object} Context
 * @property {string} capture
 * @property {string} program script of the packetloom command
 * @property {string} folder empty before each run
 */

/**
 * What is measured beside packetloom, or packetloom itself.
 * @typedef {object} Peer
 * @property {string} name as given to --only
 * @property {string} title
 * @property {readonly string[]} needs programs without which it is skipped
 * @property {boolean} [slow] runs only in the first rounds
 * @property {() => string} [version]
 * @property {(context: Context) => import('./measure.mjs').Command} command
 * @property {(context: Context, conditions: import('./measure.mjs').Conditions) => Promise<import('./measure.mjs').Cost>} [measure]
 *   for what is more than one command
 * @property {(context: Context) => Promise<Rows> | Rows} [rows] what the last run reported
 * @property {string} [note]
 */

/** @typedef {{ flows: number | null, packets: number | null }} Rows */

/** @param {string} preset @returns {Peer} */
function packetloom(preset) {
  const output = ({ folder }) => join(folder, 'flows.csv');
  return {
    name: `packetloom-${preset}`,
    title: `packetloom flows -p ${preset}, CSV`,
    needs: [],
    command: (context) => ({
      stages: [
        [process.execPath, context.program, 'flows', context.capture, '-p', preset, '-o', output(context), '--quiet'],
      ],
    }),
    rows: (context) => countCsv(output(context), { packets: [['fwd_frames', 'bwd_frames'], ['frames']] }),
  };
}

/** @param {string} name @param {string} title @param {string[]} timeouts @returns {Peer} */
function nfpcapd(name, title, ...timeouts) {
  return {
    name,
    title,
    needs: ['nfpcapd', 'nfdump'],
    version: () => versionOf('nfpcapd', '-V'),
    command: ({ capture, folder }) => ({ stages: [['nfpcapd', ...timeouts, '-r', capture, '-w', folder]] }),
    rows: ({ folder }) => countFlows(folder),
    note: 'one-way flows',
  };
}

/** @type {Peer} */
const argus = {
  name: 'argus',
  title: 'argus and ra, CSV',
  needs: ['argus', 'ra'],
  version: () => versionOf(which('argus') ?? 'argus', '-h'),
  command: ({ capture, folder }) => ({
    stages: [
      [which('argus') ?? 'argus', '-X', '-r', capture, '-w', '-'],
      ['ra', '-X', '-n', '-u', '-c', ',', '-r', '-', '-s', argusColumns],
    ],
    output: join(folder, 'flows.csv'),
  }),
  rows: ({ folder }) =>
    countCsv(join(folder, 'flows.csv'), { packets: [['SrcPkts', 'DstPkts']], skip: { column: 'Proto', value: 'man' } }),
  note: 'waits in whole seconds before it ends, so see its CPU time too; status records of long flows and rows of ARP and LLC included, management records (`proto=man`) not',
};
const argusColumns = 'stime,ltime,dur,proto,saddr,sport,daddr,dport,spkts,dpkts,sbytes,dbytes,state';

/** @type {Peer} */
const tshark = {
  name: 'tshark',
  title: 'tshark -T fields, five fields',
  needs: ['tshark'],
  slow: true,
  version: () => versionOf('tshark', '--version'),
  command: ({ capture, folder }) => ({
    stages: [['tshark', '-n', '-r', capture, '-T', 'fields', ...tsharkFields.flatMap((field) => ['-e', field])]],
    output: join(folder, 'frames.tsv'),
  }),
  rows: async ({ folder }) => ({ flows: null, packets: await countLines(join(folder, 'frames.tsv')) }),
  note: 'rows are frames',
};
const tsharkFields = ['frame.time_epoch', 'ip.src', 'ip.dst', 'ip.proto', 'frame.len'];

/** @type {Peer} */
const tcpdump = {
  name: 'tcpdump',
  title: 'tcpdump to /dev/null',
  needs: ['tcpdump'],
  version: () => versionOf('tcpdump', '--version'),
  command: ({ capture }) => ({ stages: [['tcpdump', '-n', '-r', capture, '-w', '/dev/null']] }),
  note: 'the floor: libpcap reads and copies every frame',
};

/** @type {Peer} */
const bareNode = {
  name: 'node',
  title: 'node that does nothing',
  needs: [],
  version: () => process.version,
  command: () => ({ stages: [[process.execPath, '-e', '0']] }),
};

/** In the order in which they take turns. @type {readonly Peer[]} */
export const peers = [
  packetloom('basic'),
  nfpcapd('nfpcapd', 'nfpcapd as it comes (300 s, 60 s), binary file'),
  packetloom('statistical'),
  nfpcapd('nfpcapd-1800-120', 'nfpcapd with our timeouts, binary file', '-e', '1800,120'),
  softflowd,
  argus,
  tcpdump,
  bareNode,
  tshark,
];
